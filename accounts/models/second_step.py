"""The second step of logging in: codes for who lost the phone. The app's secret is django-otp's own row."""

from django.db import models

from accounts.models.users import User


class RecoveryCode(models.Model):
    """One of ten codes that each log in once in place of the app's. Only a keyed hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="one_recovery_code")]

    def __str__(self) -> str:
        return f"recovery code {self.pk}"

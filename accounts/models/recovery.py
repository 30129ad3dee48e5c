"""Forgotten passwords and usernames that a code sent to a phone may answer."""

from django.db import models
from django.utils import timezone

from accounts.models.users import User


class PhoneRecovery(models.Model):
    """One request for a code by text. The page writes the same row for a name or number that nobody has.

    A task finds out whom it is about, and only then is there a code; `digest` is its keyed hash. Once used, it goes.
    """

    class Kind(models.TextChoices):
        PASSWORD = "password"  # noqa: S105  a kind of request
        USERNAME = "username"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    typed = models.CharField(max_length=254, help_text="a normal username, or a phone number as E.164")
    created_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    phone = models.CharField(max_length=20, blank=True, help_text="where the code went")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name_plural = "phone recoveries"
        indexes = [
            models.Index(fields=["created_at"], name="phone_recovery_unanswered", condition=models.Q(answered_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.kind} recovery {self.pk}"

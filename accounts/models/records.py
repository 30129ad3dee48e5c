"""What log-ins leave behind: each try, and what was asked on an open page."""

from django.db import models
from django.utils import timezone

from accounts.models.users import User


class LoginRecord(models.Model):
    """One try to log in, for support and for the owner; without a user when no account has the name typed."""

    class Step(models.TextChoices):
        PASSWORD = "password"  # noqa: S105  what was typed, not one
        CODE = "code"
        RECOVERY_CODE = "recovery_code"

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="login_records")
    at = models.DateTimeField(default=timezone.now)
    succeeded = models.BooleanField()
    step = models.CharField(
        max_length=15, choices=Step.choices, default=Step.PASSWORD, db_default=Step.PASSWORD, help_text="typed last"
    )
    address = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["user", "-at"], name="login_record_user")]

    def __str__(self) -> str:
        return f"{'in' if self.succeeded else 'refused'} {self.at:%Y-%m-%d %H:%M}"


class Inquiry(models.Model):
    """Something asked on an open page and answered by email alone, soon after, so that the page tells nothing.

    The request writes the same row whether an account exists or not; a task finds out, posts, and deletes the row.
    """

    class Kind(models.TextChoices):
        PASSWORD = "password"  # noqa: S105  a kind of inquiry
        USERNAME = "username"
        CONFIRMATION = "confirmation"
        REGISTRATION = "registration"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    typed = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "inquiries"

    def __str__(self) -> str:
        return f"{self.kind} inquiry {self.pk}"

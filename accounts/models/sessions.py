"""Where someone is logged in, as the owner sees it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.users import User


class SessionRecord(models.Model):
    """One log-in on one device. The session's key itself is not kept here, only its hash."""

    user = models.ForeignKey(User, models.CASCADE, related_name="session_records")
    key_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the session's key")
    browser = models.CharField(max_length=20, blank=True, help_text="family; empty when it is none that we name")
    system = models.CharField(max_length=20, blank=True, help_text="family; empty when it is none that we name")
    address = models.GenericIPAddressField(null=True, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(default=timezone.now, help_text="minutes late at most")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-last_used_at"], name="session_open", condition=Q(ended_at=None))]

    def __str__(self) -> str:
        return f"session {self.pk}"

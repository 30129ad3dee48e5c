"""Notices about rules that staff write to members, and who could not be reached."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.users import User, UserManager


class PolicyNotice(models.Model):
    """One notice to all members, or to the households with a person of one coverage type. Sent once to each."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        SENDING = "sending"
        SENT = "sent"

    title = models.CharField(max_length=120, help_text="for staff; members do not see it")
    coverage_type = models.CharField(max_length=60, blank=True, help_text="as in the roster; empty for all members")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    started_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    reached = models.BigIntegerField(default=0, editable=False, help_text="the last log-in that it was queued for")
    members_count = models.PositiveIntegerField(default=0, editable=False, help_text="log-ins that it was queued for")

    class Meta:
        ordering = ["-written_at", "-pk"]
        permissions = [("send_policynotice", "Can send a policy notice")]

    def __str__(self) -> str:
        return self.title


class PolicyText(models.Model):
    """What a notice says in one language. English is needed; whoever reads another gets English, and that is said."""

    notice = models.ForeignKey(PolicyNotice, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10, default="en")
    subject = models.CharField(max_length=120, help_text="no amount and nothing of health: others may see it")
    body = models.TextField(help_text="plain text; an empty line begins a new paragraph")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["notice", "language"], name="one_text_a_language")]

    def __str__(self) -> str:
        return f"{self.language}: {self.subject}"

    def clean(self) -> None:
        """Refuse a subject that says what it may not. Raises ValidationError."""
        if "$" in self.subject or "\n" in self.subject:
            raise ValidationError({"subject": "A subject is one line and names no amount."})


class UnreachableManager(UserManager):
    """Log-ins at whose email or phone nothing arrives, since it was last confirmed."""

    def get_queryset(self) -> models.QuerySet[User]:
        mail = Q(email_failed_at__gt=F("email_confirmed_at")) | Q(
            email_confirmed_at=None, email_failed_at__isnull=False
        )
        text = Q(phone_failed_at__gt=F("phone_confirmed_at")) | Q(
            phone_confirmed_at=None, phone_failed_at__isnull=False
        )
        return super().get_queryset().filter(mail | text)


class Unreachable(User):
    """Someone whom staff must reach another way. Leaves the list when the address is changed or confirmed."""

    objects = UnreachableManager()  # type: ignore[misc]  # as Django documents for a proxy

    class Meta:
        proxy = True
        verbose_name = "member to reach another way"
        verbose_name_plural = "members to reach another way"

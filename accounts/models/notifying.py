"""What a member wants to hear, how, and what was agreed to for texts."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User


class Kind(models.TextChoices):
    """What we write about, as the page of notifications names it."""

    REMINDER = "reminder", _("Reminders before and after the due date")
    NEW_BILL = "new_bill", _("A new bill")
    PAYMENT_CONFIRMED = "payment_confirmed", _("A payment went through")
    PAYMENT_FAILED = "payment_failed", _("A payment did not go through")
    PAYMENT_RETURNED = "payment_returned", _("A payment came back")
    ACCOUNT_LOCKED = "account_locked", _("Your account was locked or unlocked")
    CONTACT_CHANGED = "contact_changed", _("Your email, phone or address was changed")
    PASSWORD_CHANGED = "password_changed", _("Your password was changed")
    POLICY = "policy", _("News about the rules for your premium")


BY_CHOICE = (Kind.REMINDER, Kind.NEW_BILL, Kind.PAYMENT_FAILED, Kind.POLICY)  # by email; all others always
AT_FIRST = (Kind.NEW_BILL, Kind.PAYMENT_FAILED, Kind.POLICY)  # by email, until the member chooses; no texts
DAYS_BEFORE = (14, 7, 3, 1)  # a member may be reminded so many days before the due date
DAYS_AT_FIRST = (7, 1)


def emails_at_first() -> list[str]:
    """Return what a member who never chose hears by email."""
    return [kind.value for kind in AT_FIRST]


def days_at_first() -> list[int]:
    """Return on how many days before the due date a member who never chose is reminded."""
    return list(DAYS_AT_FIRST)


class Preferences(models.Model):
    """What one log-in chose to hear. Without a row, what is so at first."""

    user = models.OneToOneField(User, models.CASCADE, related_name="preferences")
    emails = models.JSONField(default=emails_at_first, help_text="kinds by email, of those left to choice")
    texts = models.JSONField(default=list, blank=True, help_text="kinds by text message")
    days_before = models.JSONField(default=days_at_first, help_text="days before the due date to be reminded")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        return f"preferences {self.pk}"


class TextConsent(models.Model):
    """A member's word that we may text one number, as it was shown. Ended by the page, by STOP, by another number."""

    class By(models.TextChoices):
        PAGE = "page"
        TEXT = "text"

    user = models.ForeignKey(User, models.CASCADE, related_name="text_consents")
    number = models.CharField(max_length=16, help_text="E.164")
    words = models.TextField(help_text="what was agreed to, as shown")
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    given_by = models.CharField(max_length=4, choices=By.choices)
    given_at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=4, choices=By.choices, blank=True)

    class Meta:
        ordering = ["-given_at", "-pk"]
        indexes = [models.Index(fields=["number"], name="consent_number")]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at=None), name="one_consent_in_force")
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"

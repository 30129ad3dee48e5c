"""Cards and accounts that a member saved for later. The gateway keeps the numbers; we keep what tells them apart."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from portal.shared.references import new_reference


class GatewayCustomer(models.Model):
    """Under which name the gateway keeps one log-in's cards and accounts. It learns nothing else of the person."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="in the gateway's key")
    customer_id = models.CharField(max_length=100, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"customer {self.pk}"


class SavedMethod(models.Model):
    """A card or account of one log-in, shown to no one else. Flagged ones stay on the list, with the reason."""

    class Status(models.TextChoices):
        USABLE = "usable"
        FLAGGED = "flagged"
        REMOVING = "removing"  # the gateway has not yet said that it let go of it
        REMOVED = "removed"

    class Problem(models.TextChoices):
        RETURNED = "returned"
        DETACHED = "detached"
        BLOCKED = "blocked"
        MANDATE = "mandate"
        DISPUTED = "disputed"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reference = models.CharField(max_length=16, unique=True, default=new_reference, help_text="its number in addresses")
    gateway_id = models.CharField(max_length=100, unique=True)
    method = models.CharField(max_length=10, help_text="card or bank")
    brand = models.CharField(max_length=30, blank=True)
    funding = models.CharField(max_length=20, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    bank_name = models.CharField(max_length=100, blank=True)
    account_type = models.CharField(max_length=20, blank=True)
    holder_name = models.CharField(max_length=100, blank=True, help_text="whose card or account it is, as typed")
    expires_on = models.DateField(null=True, blank=True, help_text="a card's last good day")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.USABLE)
    problem = models.CharField(max_length=10, choices=Problem.choices, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now, help_text="flagged or removed")

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "status"], name="method_user"),
            models.Index(fields=["changed_at"], name="method_removing", condition=models.Q(status="removing")),
        ]

    def __str__(self) -> str:
        return f"{self.method} ending in {self.last4}"

    @property
    def is_expired(self) -> bool:
        """Whether the card's last good day is past."""
        return self.expires_on is not None and self.expires_on < timezone.localdate()

    @property
    def is_usable(self) -> bool:
        """Whether it can be charged as far as we know."""
        return self.status == self.Status.USABLE and not self.is_expired

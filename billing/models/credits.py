"""The credits placed on bills, or kept for the next one."""

from typing import Any

from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone

from accounts.models import Household
from billing.models.bills import Bill


class CreditQuerySet(models.QuerySet["Credit"]):
    """Credits by what they do to a bill."""

    def live(self) -> "CreditQuerySet":
        """Those that count: held, settled or disputed."""
        return self.filter(status__in=[Credit.Status.HELD, Credit.Status.SETTLED, Credit.Status.DISPUTED])

    def cents(self) -> int:
        """Return the sum of their amounts in cents."""
        return self.aggregate(sum=Sum("amount_cents"))["sum"] or 0


class Credit(models.Model):
    """Money placed on a bill or, without a bill, kept for the household until the next bill takes it up.

    Held while on its way, settled when paid; a held one may be released, a settled one reversed. Disputed while a
    card's bank looks into it: neither paid nor to be paid again. One that was split or moved is superseded by its
    children, whose amounts add up to its own.
    """

    class Status(models.TextChoices):
        HELD = "held"
        SETTLED = "settled"
        DISPUTED = "disputed"
        RELEASED = "released"
        REVERSED = "reversed"
        SUPERSEDED = "superseded"

    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    bill = models.ForeignKey(Bill, models.PROTECT, null=True, blank=True, related_name="credits")
    source = models.CharField(max_length=60, help_text="what the money came with: the payment's reference")
    amount_cents = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices)
    waits_for_member = models.BooleanField(
        default=False, db_default=False, help_text="held, and nothing is sent before the member does one thing more"
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = CreditQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["bill", "status"], name="credit_bill_status"),
            models.Index(fields=["household", "status"], name="credit_unplaced", condition=Q(bill=None)),
            models.Index(fields=["source"], name="credit_source"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="credit_above_zero"),
            models.UniqueConstraint(fields=["bill"], condition=Q(status="held"), name="one_live_attempt_a_bill"),
            models.UniqueConstraint(  # excess moved off a lowered bill is a child, and may lie beside it
                fields=["household"],
                condition=Q(status="held", bill=None, parent=None),
                name="one_live_attempt_ahead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} credit {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.changed_at = timezone.now()
        super().save(*args, **kwargs)

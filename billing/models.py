"""Bills as the agency set them, every revision kept, and the credits placed on them."""

from typing import Any

from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone

from accounts.models import Household, Member
from portal.shared.references import new_reference


class Bill(models.Model):
    """One month's premium bill of a household. Amounts and dates are those of its newest revision."""

    number = models.CharField(max_length=40, unique=True, help_text="the agency's bill_number")
    reference = models.CharField(max_length=16, unique=True, default=new_reference, help_text="its number in addresses")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    period = models.DateField(help_text="first day of the month that the bill is for")
    issued_on = models.DateField()
    due_on = models.DateField()
    total_cents = models.BigIntegerField()
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["household", "due_on"], name="bill_household_due")]
        constraints = [
            models.CheckConstraint(condition=Q(total_cents__gte=0), name="bill_total_not_negative"),
            models.CheckConstraint(condition=Q(due_on__gte=models.F("issued_on")), name="bill_due_after_issued"),
        ]

    def __str__(self) -> str:
        return f"bill {self.number}"


class BillRevision(models.Model):
    """A bill as one import brought it. Rows are added, never changed."""

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    period = models.DateField()
    issued_on = models.DateField()
    due_on = models.DateField()
    total_cents = models.BigIntegerField()
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["bill", "number"], name="one_revision_a_number")]

    def __str__(self) -> str:
        return f"{self.bill_id} revision {self.number}"


class Adjustment(models.Model):
    """What the agency changed on a bill after it was sent, with its reason: a line in every later revision of the bill.

    Rows are added, never changed. Below zero it lowers the bill; only a correction may raise it.
    """

    class Kind(models.TextChoices):
        WAIVER = "waiver"
        CREDIT = "credit"
        CORRECTION = "correction"
        WRITE_OFF = "write_off"

    number = models.CharField(max_length=40, unique=True, help_text="the agency's adjustment_id")
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="adjustments")
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(max_length=200)
    amount_cents = models.BigIntegerField()
    effective_on = models.DateField()
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_cents=0), name="adjustment_not_zero"),
            models.CheckConstraint(
                condition=Q(kind="correction") | Q(amount_cents__lt=0), name="only_a_correction_raises"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class BillLine(models.Model):
    """One charge (above zero) or credit (below) of one covered person, in one revision of a bill."""

    revision = models.ForeignKey(BillRevision, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    description = models.CharField(max_length=200)
    amount_cents = models.BigIntegerField()
    adjustment = models.ForeignKey(Adjustment, models.PROTECT, null=True, blank=True, related_name="lines")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "position"], name="one_line_a_position"),
            models.CheckConstraint(condition=~Q(amount_cents=0), name="line_amount_not_zero"),
        ]

    def __str__(self) -> str:
        return f"line {self.position}"


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

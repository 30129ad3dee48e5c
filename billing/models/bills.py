"""Bills as the agency set them, every revision kept."""

from django.db import models
from django.db.models import Q
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
    notice_due = models.BooleanField(default=False, db_default=False, help_text="nobody was told yet that it is there")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["household", "due_on"], name="bill_household_due"),
            models.Index(fields=["id"], name="bill_untold", condition=Q(notice_due=True)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(total_cents__gte=0), name="bill_total_not_negative"),
            models.CheckConstraint(condition=Q(due_on__gte=models.F("issued_on")), name="bill_due_after_issued"),
        ]

    def __str__(self) -> str:
        return f"bill {self.number}"


class BillRevision(models.Model):
    """A bill as one import brought it. Rows are added; the database refuses to change or delete one."""

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

    Rows are added; the database refuses to change or delete one. Below zero it lowers the bill; only a correction may
    raise it.
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
    """One charge (above zero) or credit (below) of one covered person, in one revision of a bill. It stays."""

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

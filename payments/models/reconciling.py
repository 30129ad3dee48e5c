"""What came of comparing our books with the gateway's: the runs, what they found, and the lines of its payouts."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from payments.models.payment import Payment


class ReconciliationRun(models.Model):
    """One run over one part of the books. One that was killed or stopped goes on from `reached_at`."""

    class Part(models.TextChoices):
        EVENTS = "events"
        SWEEP = "sweep"
        INTENTS = "intents"
        PAYOUTS = "payouts"

    part = models.CharField(max_length=10, choices=Part.choices)
    asked_since = models.DateTimeField(null=True, blank=True)
    asked_until = models.DateTimeField(null=True, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    reached_at = models.DateTimeField(help_text="everything before this moment has been compared")
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True, help_text="why it stopped before its end")
    looked = models.PositiveIntegerField(default=0, help_text="things that were compared")
    mended = models.PositiveIntegerField(default=0, help_text="differences that were put right at once")
    canceled = models.PositiveIntegerField(default=0, help_text="charges never confirmed, canceled at the gateway")
    standing = models.PositiveIntegerField(default=0, help_text="differences that a person must look at")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["part", "-id"], name="run_part")]

    def __str__(self) -> str:
        return f"{self.part} {timezone.localtime(self.started_at):%Y-%m-%d %H:%M}"


class ReconciliationFinding(models.Model):
    """One difference between our books and the gateway's. The same one is one row until it is gone."""

    class Kind(models.TextChoices):
        EVENT_MISSED = "event missed", "event missed"
        BEHIND = "behind the gateway", "behind the gateway"
        NO_PAYMENT = "no payment here", "no payment here"
        NO_INTENT = "not at the gateway", "not at the gateway"
        SECOND_CHARGE = "second charge", "second charge"
        AMOUNT = "other amount", "other amount"
        FACTS = "other facts", "other facts"
        NOT_PAID_THERE = "paid here, not there", "paid here, not there"
        NOT_PAID_HERE = "paid there, not here", "paid there, not here"
        STATUS = "other status", "other status"
        REFUND_UNKNOWN = "refunded there, not here", "refunded there, not here"
        REFUND_MISSING = "refunded here, not there", "refunded here, not there"
        TAKEN_BACK = "taken back there, not here", "taken back there, not here"
        LINE_OF_NOBODY = "payout line of nobody", "payout line of nobody"
        LINE_AMOUNT = "payout line of another amount", "payout line of another amount"
        PAYOUT_SUM = "payout does not add up", "payout does not add up"
        NOT_PAID_OUT = "in no payout", "in no payout"

    class Outcome(models.TextChoices):
        MENDED = "mended"
        GONE = "gone"

    part = models.CharField(max_length=10, choices=ReconciliationRun.Part.choices)
    kind = models.CharField(max_length=40, choices=Kind.choices)
    key = models.CharField(max_length=200, help_text="the same difference has the same key")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="findings")
    gateway_id = models.CharField(max_length=100, blank=True)
    expected = models.CharField(max_length=100)
    found = models.CharField(max_length=100)
    dated_at = models.DateTimeField(help_text="when the gateway or we made what it is about")
    first_run = models.ForeignKey(ReconciliationRun, models.PROTECT, related_name="+")
    last_run = models.ForeignKey(ReconciliationRun, models.PROTECT, related_name="findings")
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["part", "dated_at"], name="finding_open", condition=Q(closed_at=None))]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(closed_at=None), name="one_open_finding_a_key"),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="finding_closed_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class PayoutEntry(models.Model):
    """One line of a payout that is about a payment of ours, as the gateway listed it. Amounts in cents."""

    entry_id = models.CharField(max_length=100, unique=True)
    payout_id = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, help_text="payment, refund or dispute")
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="payout_entries")
    amount_cents = models.BigIntegerField()
    fee_cents = models.BigIntegerField()
    booked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["payout_id"], name="entry_payout")]

    def __str__(self) -> str:
        return self.entry_id

"""Payments and every step they took."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Household
from payments.models.methods import SavedMethod
from payments.states import FINAL, LIVE, MOVES, Status
from portal.shared.references import new_reference

_LIVE, _FINAL = (sorted(status.value for status in some) for some in (LIVE, FINAL))


class Payment(models.Model):
    """One try of a member to pay an amount, by one method. Its status changes in payments.services.move alone."""

    class Method(models.TextChoices):
        CARD = "card"
        BANK = "bank"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="in the gateway's keys")
    reference = models.CharField(max_length=16, unique=True, default=new_reference, help_text="confirmation number")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    payer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField()
    method = models.CharField(max_length=10, choices=Method.choices)
    status = models.CharField(max_length=20, choices=[(s.value, s.value) for s in Status], default=Status.STARTED)
    language = models.CharField(max_length=10, default="en")
    reviewed_split = models.JSONField(
        default=list, help_text="[[bill number or null, cents], ...] as the member saw it"
    )

    token = models.CharField(max_length=100, blank=True, help_text="the gateway's single-use confirmation token")
    token_expires_at = models.DateTimeField(null=True, blank=True)
    saves_method = models.BooleanField(default=False, help_text="keep the card or account for later, once paid")
    saved_method = models.ForeignKey(
        SavedMethod, models.PROTECT, null=True, blank=True, related_name="payments", help_text="paid with, or kept from"
    )
    off_session = models.BooleanField(default=False, help_text="drawn by autopay, without the member")
    holder_name = models.CharField(max_length=100, blank=True, help_text="whose card or account it is, as typed")
    brand = models.CharField(max_length=30, blank=True)
    funding = models.CharField(max_length=20, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    bank_name = models.CharField(max_length=100, blank=True)
    account_type = models.CharField(max_length=20, blank=True)

    intent_id = models.CharField(max_length=100, null=True, blank=True, unique=True)
    charge_id = models.CharField(max_length=100, null=True, blank=True, unique=True)
    submissions = models.PositiveSmallIntegerField(default=0, help_text="in the gateway's confirm key")
    action_kind = models.CharField(max_length=20, blank=True)
    action_url = models.URLField(max_length=500, blank=True)
    deposit_type = models.CharField(max_length=10, blank=True, help_text="what is asked: amounts or code")
    deposits_arrive_on = models.DateField(null=True, blank=True, help_text="when the small deposits are expected")
    deposit_tries = models.PositiveSmallIntegerField(default=0, help_text="that were wrong, or whose answer was lost")
    failure_code = models.CharField(max_length=80, blank=True)
    expected_on = models.DateField(null=True, blank=True, help_text="when the bank is expected to post it")

    created_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="failed, canceled or returned")
    cancel_asked_at = models.DateTimeField(
        null=True, blank=True, help_text="when the payer or staff asked to cancel it"
    )
    checked_at = models.DateTimeField(null=True, blank=True, help_text="when the gateway was last asked")

    class Meta:
        ordering = ["-created_at", "-pk"]
        permissions = [
            ("send_receipt_again", "Can send a receipt again"),
            ("refund_payment", "Can ask for a refund"),
            ("cancel_payment", "Can cancel a payment that is not sent"),
        ]
        indexes = [
            models.Index(fields=["household", "-created_at", "-id"], name="payment_household"),
            models.Index(
                fields=["status", "checked_at"],
                name="payment_unsettled",
                condition=Q(status__in=["submitting", "awaiting_member", "processing"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="payment_above_zero"),
            models.CheckConstraint(
                condition=~Q(status__in=["paid", "returned"]) | Q(paid_at__isnull=False),
                name="payment_paid_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(paid_at=None) | Q(status__in=["paid", "returned"]), name="payment_moment_only_when_paid"
            ),
            models.CheckConstraint(condition=Q(status__in=[s.value for s in Status]), name="payment_status_known"),
            models.CheckConstraint(condition=Q(method__in=["card", "bank"]), name="payment_method_known"),
            models.CheckConstraint(
                condition=Q(status__in=["started", "submitting", "failed", "canceled"]) | Q(intent_id__isnull=False),
                name="payment_known_at_gateway",
            ),
            models.CheckConstraint(condition=~Q(intent_id="") & ~Q(charge_id=""), name="payment_gateway_ids_not_empty"),
            models.CheckConstraint(
                condition=~Q(status__in=_LIVE) | Q(submitted_at__isnull=False), name="payment_sent_has_moment"
            ),
            models.CheckConstraint(
                condition=Q(status__in=_FINAL, ended_at__isnull=False) | (~Q(status__in=_FINAL) & Q(ended_at=None)),
                name="payment_end_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"payment {self.reference}"

    @property
    def instrument(self) -> str:
        """What is charged, by the gateway's id: the token, or what is saved."""
        return self.token or (self.saved_method.gateway_id if self.saved_method else "")

    @property
    def source(self) -> str:
        """What billing knows this payment's money by."""
        return self.reference


def _legal_moves() -> Q:
    """Return the table of moves as a condition on an event; the first event comes from nowhere."""
    legal = Q(from_status="", to_status=Status.STARTED.value)
    for today, following in sorted(MOVES.items()):
        if following:
            legal |= Q(from_status=today.value, to_status__in=sorted(status.value for status in following))
    return legal


class PaymentEvent(models.Model):
    """One step of a payment's life. Rows are added, never changed.

    The database counts and chains them: `hash` is the SHA-256 of this row and of the hash before it. It refuses a
    step that does not begin where the last one ended, and every change of a step.
    """

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20)
    via = models.CharField(max_length=20, help_text="submit, return page, webhook, sweep or staff")
    code = models.CharField(max_length=80, blank=True)
    position = models.PositiveIntegerField(default=0, editable=False, help_text="from 1; set by the database")
    hash = models.CharField(max_length=44, default="", editable=False, help_text="set by the database")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=_legal_moves(), name="event_is_a_legal_move"),
            models.UniqueConstraint(fields=["payment", "position"], name="one_event_a_position"),
        ]

    def __str__(self) -> str:
        return f"{self.from_status} to {self.to_status}"


class PaymentChain(models.Model):
    """How long a payment's history is and how it ends, so that missing last steps show. Kept by the database alone."""

    payment = models.OneToOneField(Payment, models.PROTECT, primary_key=True, related_name="chain")
    events = models.PositiveIntegerField()
    status = models.CharField(max_length=20)
    hash = models.CharField(max_length=44)

    def __str__(self) -> str:
        return f"{self.events} events of {self.payment_id}"

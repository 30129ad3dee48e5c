"""Payments, every step they took, what the gateway told, the proof, and what waits for a person."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Household
from payments.states import Status
from portal.shared.references import new_reference


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
    failure_code = models.CharField(max_length=80, blank=True)
    expected_on = models.DateField(null=True, blank=True, help_text="when the bank is expected to post it")

    created_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="failed, canceled or returned")
    checked_at = models.DateTimeField(null=True, blank=True, help_text="when the gateway was last asked")

    class Meta:
        ordering = ["-created_at", "-pk"]
        permissions = [("send_receipt_again", "Can send a receipt again")]
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
        ]

    def __str__(self) -> str:
        return f"payment {self.reference}"

    @property
    def source(self) -> str:
        """What billing knows this payment's money by."""
        return self.reference


class PaymentEvent(models.Model):
    """One step of a payment's life. Rows are added, never changed."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20)
    via = models.CharField(max_length=20, help_text="submit, return page, webhook, sweep or staff")
    code = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.from_status} to {self.to_status}"


class GatewayEvent(models.Model):
    """A hint from the gateway, filed once. Only ids are kept; the object is asked for when it is worked off."""

    class Status(models.TextChoices):
        RECEIVED = "received"
        DONE = "done"
        IGNORED = "ignored"
        DEAD = "dead"

    event_id = models.CharField(max_length=100, unique=True)
    type = models.CharField(max_length=100)
    object_id = models.CharField(max_length=100)
    livemode = models.BooleanField()
    api_version = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RECEIVED)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["next_try_at"], name="event_waiting", condition=Q(status="received"))]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"


class Receipt(models.Model):
    """The proof that a payment was received. One a payment, made when it is paid; its facts never change."""

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="receipt")
    issued_at = models.DateTimeField(default=timezone.now)
    amount_cents = models.BigIntegerField()
    split = models.JSONField(help_text="[[bill number or null, cents], ...] as it was placed")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_cents__gt=0), name="receipt_above_zero")]

    def __str__(self) -> str:
        return f"receipt of {self.payment_id}"


class Authorization(models.Model):
    """What the member agreed to before a bank account was debited (Nacha, WEB debit): kept as it was shown."""

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="authorization")
    text = models.TextField()
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    accepted_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"authorization of {self.payment_id}"


class AttentionItem(models.Model):
    """Something that only a person may decide, in the staff's queue until one has."""

    key = models.CharField(max_length=150, unique=True, help_text="the same matter is queued once")
    kind = models.CharField(max_length=40)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="attention_items")
    detail = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    resolution = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-created_at"]
        permissions = [("resolve_attention", "Can resolve what waits for a person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

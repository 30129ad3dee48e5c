"""Money on its way back: refunds that staff asked for, and what banks took or look into."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from payments.models.payment import Payment
from payments.states import POSTED_REFUNDS, RefundStatus


class Refund(models.Model):
    """Money sent back to the payer. Its status changes in services.refunding alone.

    A requested one waits for a second person and moves nothing. From sending on it is posted: its cents are taken
    off the bills, until it is known to have failed.
    """

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="in the gateway's key")
    amount_cents = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=[(s.value, s.value) for s in RefundStatus])
    reason = models.CharField(max_length=300, help_text="why, for staff; never shown to the member")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True, help_text="approved or declined")
    sent_at = models.DateTimeField(null=True, blank=True, help_text="when it was posted and the gateway first asked")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="succeeded, failed or declined")
    gateway_id = models.CharField(max_length=100, null=True, blank=True, unique=True)
    failure_code = models.CharField(max_length=80, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True, help_text="when the gateway was last asked")

    class Meta:
        ordering = ["pk"]
        permissions = [("approve_refund", "Can approve or decline refunds that others asked for")]
        indexes = [
            models.Index(
                fields=["status", "checked_at"], name="refund_unsettled", condition=Q(status__in=["sending", "pending"])
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="refund_above_zero"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("requested_by")), name="refund_approved_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[*POSTED_REFUNDS, "failed"]) | Q(sent_at__isnull=False),
                name="refund_sent_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["pending", "succeeded"]) | Q(gateway_id__isnull=False),
                name="refund_known_at_gateway",
            ),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(status__in=["requested", "sending"]), name="one_open_refund_a_payment"
            ),
        ]

    def __str__(self) -> str:
        return f"refund {self.pk}"


class Dispute(models.Model):
    """Money that a bank took back, looks into, or asks about. Its status changes in services.disputes alone."""

    class Kind(models.TextChoices):
        RETURN = "return"  # a bank debit came back: final
        CARD = "card"
        INQUIRY = "inquiry"  # a question; no money moves

    class Status(models.TextChoices):
        OPEN = "open"
        WON = "won"  # by us: the payment counts
        LOST = "lost"

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="disputes")
    gateway_id = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount_cents = models.BigIntegerField()
    reason = models.CharField(max_length=80, help_text="the gateway's word")
    status = models.CharField(max_length=10, choices=Status.choices)
    is_withdrawn = models.BooleanField(help_text="the gateway took the money from us")
    fee_cents = models.BigIntegerField(
        default=0, db_default=0, help_text="what the gateway took for it; borne by the agency"
    )
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(default=timezone.now, help_text="when the gateway was last asked")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["checked_at"], name="dispute_open", condition=Q(status="open"))]
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="dispute_above_zero"),
            models.CheckConstraint(
                condition=Q(status="open", closed_at=None) | (~Q(status="open") & Q(closed_at__isnull=False)),
                name="dispute_closed_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.gateway_id}"

"""What staff do: send money back, decide on each other's requests, and give up a payment."""

from typing import Any
from uuid import UUID

from payments import services
from payments.models import Payment, Refund
from payments.states import RefundStatus, Status

__all__ = ["cancel", "decide", "refund"]


def refund(world: Any, *, nth: int, share: int, by: int, fate: dict[str, Any]) -> None:
    """Ask for so many hundredths of what is left of a payment, from a page that was opened just now."""
    payments = list(
        Payment.objects.filter(status__in=[Status.PAID, Status.PROCESSING, Status.RETURNED]).order_by("-pk")
    )
    if not payments:
        return
    payment = payments[nth % len(payments)]
    seen = services.refunded_cents(payment)
    world.refunds += 1
    uuid = UUID(int=world.refunds)
    world.gateway.fates[str(uuid)] = fate
    try:
        services.request_refund(
            payment=payment,
            amount_cents=max(1, (payment.amount_cents - seen) * share // 100),
            reason="asked for",
            actor=world.staff[by],
            seen_cents=seen,
            uuid=uuid,
        )
    except services.RefundRefused:
        return


def decide(world: Any, *, by: int, approves: bool) -> None:
    """Approve or decline the oldest request."""
    asked = Refund.objects.filter(status=RefundStatus.REQUESTED).select_related("payment").order_by("pk").first()
    if not asked:
        return
    try:
        if approves:
            services.approve_refund(refund=asked, actor=world.staff[by])
        else:
            services.decline_refund(refund=asked, actor=world.staff[by], reason="not so")
    except services.RefundRefused:
        return


def cancel(world: Any, *, nth: int) -> None:
    """Give up a payment that was not sent, as its payer or staff can."""
    payments = list(Payment.objects.order_by("-pk"))
    if payments:
        try:
            services.cancel(payments[nth % len(payments)], via="member")
        except (services.TooLate, services.CancelUnknown):
            return

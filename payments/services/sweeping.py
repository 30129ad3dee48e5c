"""Finishing what nobody came back for: unknown outcomes, abandoned bank checks, payments never sent."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from django.utils import timezone

from payments import selectors
from payments.gateway import gateway, port
from payments.gateway.port import ActionKind, Intent, IntentStatus
from payments.models import Dispute, Payment, Refund
from payments.services.applying import apply_intent
from payments.services.attention import raise_attention
from payments.services.canceling import CancelUnknown, TooLate, ask_to_cancel
from payments.services.deposits import deposits_are_over
from payments.services.disputes import apply_dispute
from payments.services.moving import move
from payments.services.refunding import resolve_refund
from payments.states import RefundStatus, Status

ABANDONED_AFTER = timedelta(hours=1)  # a bank's check that the member left
ALERT_AFTER = timedelta(minutes=15)  # an outcome that is still unknown
STALLED_AFTER = timedelta(minutes=2)  # sent, and nobody came back with the outcome
BANK_ASKED_EVERY = timedelta(minutes=50)  # for debits on their way
UNFINISHED_AFTER = timedelta(days=1)  # started and never confirmed
Swept = tuple[str, Payment]  # the status before, the payment after


def sweep_stalled(*, dry_run: bool = False) -> Iterator[Swept]:
    """Resolve payments whose outcome is unknown or whose member left the bank's check; close what was never sent.

    A dry run changes nothing and yields each payment as it is.
    """
    for payment in selectors.stalled_payments(older_than=STALLED_AFTER):
        yield payment.status, payment if dry_run else resolve(payment)
    for payment in selectors.unfinished_payments(before=timezone.now() - UNFINISHED_AFTER):
        yield payment.status, payment if dry_run else drop_unfinished(payment)


def sweep_processing(*, dry_run: bool = False) -> Iterator[Swept]:
    """Ask how bank debits and accounts that wait for small deposits stand, in case their event never came."""
    for payment in selectors.processing_payments(older_than=BANK_ASKED_EVERY):
        yield payment.status, payment if dry_run else resolve(payment)


def sweep_refunds(*, dry_run: bool = False) -> Iterator[tuple[str, Refund]]:
    """Ask how refunds stand whose answer was lost or whose event never came."""
    for refund in selectors.unsettled_refunds(sending=STALLED_AFTER, pending=BANK_ASKED_EVERY):
        yield refund.status, refund if dry_run else follow_refund(refund)


def sweep_disputes(*, dry_run: bool = False) -> Iterator[Dispute]:
    """Ask how disputes that are open stand."""
    for dispute in selectors.open_disputes(older_than=BANK_ASKED_EVERY):
        if not dry_run:
            follow_dispute(dispute)
        yield dispute


def resolve(payment: Payment) -> Payment:
    """Ask the gateway how a live payment stands and finish what can be finished.

    An unknown outcome that turns out unconfirmed is canceled at the gateway first, so that nothing can charge it
    later. When the gateway cannot be asked, nothing changes but the clock; staff are told after 15 minutes.
    """
    Payment.objects.filter(pk=payment.pk).update(checked_at=timezone.now())
    if not payment.intent_id:
        is_stuck = payment.status == Status.SUBMITTING
        return move(payment.pk, Status.STARTED, via="sweep", seen=payment) if is_stuck else payment
    try:
        intent = gateway().intent(payment.intent_id)
        if _is_given_up(payment, intent):
            intent = gateway().cancel(payment.intent_id)
        elif payment.cancel_asked_at and intent.status in (IntentStatus.AWAITING_MEMBER, IntentStatus.PROCESSING):
            return ask_to_cancel(payment, via="sweep")
    except (TooLate, CancelUnknown):
        return Payment.objects.get(pk=payment.pk)
    except port.GatewayError:
        _alert_when_old(payment)
        return payment
    return apply_intent(payment, intent, via="sweep")


def drop_unfinished(payment: Payment) -> Payment:
    """Close a payment that was begun and never sent."""
    return move(payment.pk, Status.CANCELED, via="sweep", seen=payment)


def follow_refund(refund: Refund) -> Refund:
    """Ask how a refund stands, for a sweep: when the gateway cannot be asked, staff are told after 15 minutes."""
    with suppress(port.GatewayError):
        refund = resolve_refund(refund)
    if refund.status == RefundStatus.SENDING and refund.sent_at and refund.sent_at < timezone.now() - ALERT_AFTER:
        raise_attention(
            key=f"{refund.payment.reference}:refund unknown:{refund.pk}",
            kind="refund unknown",
            detail=f"The gateway has not said for 15 minutes whether refund {refund.pk} was sent.",
            payment=refund.payment,
        )
    return refund


def follow_dispute(dispute: Dispute) -> None:
    """Ask how an open dispute stands, in case its event never came."""
    Dispute.objects.filter(pk=dispute.pk).update(checked_at=timezone.now())
    with suppress(port.GatewayError):
        apply_dispute(dispute.payment, gateway().dispute(dispute.gateway_id), via="sweep")


def _is_given_up(payment: Payment, intent: Intent) -> bool:
    if intent.status is IntentStatus.UNCONFIRMED:
        return payment.status == Status.SUBMITTING
    if intent.status is not IntentStatus.AWAITING_MEMBER or payment.submitted_at is None:
        return False
    if intent.action is not None and intent.action.kind is ActionKind.MICRODEPOSITS:
        return deposits_are_over(payment)
    return payment.submitted_at < timezone.now() - ABANDONED_AFTER


def _alert_when_old(payment: Payment) -> None:
    sent_at = payment.submitted_at
    if payment.status == Status.SUBMITTING and sent_at and sent_at < timezone.now() - ALERT_AFTER:
        raise_attention(
            key=f"{payment.reference}:unknown:{payment.submissions}",
            kind="outcome unknown",
            detail="The gateway has not said for 15 minutes whether this was charged.",
            payment=payment,
        )

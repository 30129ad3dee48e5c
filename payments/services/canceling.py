"""Giving up a payment before it is sent: by its payer or by staff, as far as the gateway still allows it."""

from django.utils import timezone

from payments.gateway import gateway, port
from payments.gateway.port import Intent
from payments.models import Payment
from payments.services.applying import apply_intent
from payments.services.moving import move
from payments.states import Status

CANCELABLE = (Status.STARTED, Status.AWAITING_MEMBER, Status.PROCESSING)


class TooLate(Exception):
    """The payment is sent, ended or paid, and cannot be canceled."""


class CancelUnknown(Exception):
    """The gateway was asked to cancel and did not say whether it did: the sweep asks on."""


def cancel(payment: Payment, *, via: str) -> Payment:
    """Give the payment up and return it canceled. Raises TooLate, or CancelUnknown.

    The wish is kept before the gateway is asked: whoever hears of the end first knows whose wish it was, and a wish
    whose answer was lost is asked again by the sweep.
    """
    payment.refresh_from_db()
    if payment.status == Status.CANCELED:
        return payment
    if payment.status not in CANCELABLE:
        raise TooLate
    if payment.status == Status.STARTED:
        payment = move(payment.pk, Status.CANCELED, via=via, seen=payment, cancel_asked_at=timezone.now())
        if payment.status != Status.CANCELED:
            raise TooLate
        return payment
    Payment.objects.filter(pk=payment.pk).update(cancel_asked_at=timezone.now())
    return ask_to_cancel(payment, via=via)


def ask_to_cancel(payment: Payment, *, via: str) -> Payment:
    """Ask the gateway to give up a charge whose payer wishes so. Raises TooLate, or CancelUnknown."""
    try:
        payment = apply_intent(payment, _canceled(payment.intent_id or ""), via=via)
    except port.GatewayError as error:
        raise CancelUnknown from error
    if payment.status != Status.CANCELED:
        Payment.objects.filter(pk=payment.pk).exclude(status=Status.CANCELED).update(cancel_asked_at=None)
        raise TooLate
    return payment


def _canceled(intent_id: str) -> Intent:
    """Return the charge canceled, or as it stands when the gateway will not: perhaps an earlier click did it."""
    try:
        return gateway().cancel(intent_id)
    except port.Refused:
        return gateway().intent(intent_id)

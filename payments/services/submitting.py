"""Confirm and submit: what the member saw is compared with what is, under lock; then the payment is sent."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from billing import selectors as bills
from payments.models import Authorization, Payment
from payments.services.moving import locked
from payments.services.sending import (
    NotSent,
    OnItsWay,
    ReviewedDiffers,
    Split,
    TooManyTries,
    TryLater,
    check_limits,
    claim,
    send,
)
from payments.services.starting import CannotUse
from payments.states import Status

__all__ = [
    "Agreement",
    "NotSent",
    "OnItsWay",
    "ReviewedDiffers",
    "TooManyTries",
    "TryLater",
    "split_now",
    "submit",
]


@dataclass(frozen=True)
class Agreement:
    """What the member saw and agreed to when pressing the button."""

    token: str  # of the method that was shown, or the gateway's id of a saved one
    split: Split
    authorization_text: str  # '' for a card
    authorization_version: str
    address: str
    user_agent: str
    authorization_language: str = "en"


def split_now(payment: Payment) -> Split:
    """Return how the payment would be placed at this moment."""
    parts = bills.split_for(payment.household, payment.amount_cents)
    return [(bill.number if bill else None, cents) for bill, cents in parts]


def submit(*, payment: Payment, agreement: Agreement) -> Payment:
    """Send the payment, once, whatever is pressed twice; return it as it then stands.

    Raises NotSent (see `sending`) or CannotUse('expired', 'used' or 'saved'): after these nothing was charged and
    nothing is held. An unknown outcome is no error: the payment stays in submitting for the sweep.
    """
    check_limits(payment)
    if not _claim(payment, agreement):
        return Payment.objects.get(pk=payment.pk)
    return send(payment)


@transaction.atomic
def _claim(payment: Payment, agreement: Agreement) -> bool:
    """Under lock: compare with what was reviewed, hold the money, go to submitting. False: claimed before."""
    current = locked(payment.pk)
    if current.status != Status.STARTED:
        return False
    check_instrument(current)
    if current.instrument != agreement.token:
        raise ReviewedDiffers
    if agreement.authorization_text:
        _keep_authorization(current, agreement)
    claim(current, agreement.split)
    return True


def check_instrument(payment: Payment) -> None:
    """Raise CannotUse when there is nothing that could be charged: no token in time, or a saved method gone bad."""
    if payment.saved_method:
        if not payment.saved_method.is_usable:
            raise CannotUse("saved")
    elif not payment.token or payment.token_expires_at is None or payment.token_expires_at <= timezone.now():
        raise CannotUse("expired")


def _keep_authorization(payment: Payment, agreement: Agreement) -> None:
    Authorization.objects.create(
        payment=payment,
        text=agreement.authorization_text,
        version=agreement.authorization_version,
        language=agreement.authorization_language,
        accepted_at=timezone.now(),
        address=agreement.address,
        user_agent=agreement.user_agent[:500],
    )

"""Small deposits that prove a bank account: what the member saw, reminders, and the end after ten days."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from payments import notices
from payments.gateway import gateway, port
from payments.gateway.port import ActionKind
from payments.models import Payment
from payments.rules import DEPOSIT_TRIES, DEPOSITS_WITHIN, deposit_reminder_due
from payments.services.applying import apply_intent, refresh
from payments.services.attention import raise_attention
from payments.services.moving import locked
from payments.states import Status
from portal.shared import throttle


class OtherDeposits(Exception):
    """The deposits were others than the member says; `tries_left` more may be had."""

    def __init__(self, tries_left: int) -> None:
        super().__init__(f"{tries_left} tries left")
        self.tries_left = tries_left


class ToldTooOften(Exception):
    """This household told of small deposits too often within the day. Nothing was asked."""


def waits_for_deposits(payment: Payment) -> bool:
    """Return whether the payment waits for the member to tell of small deposits."""
    return payment.status == Status.AWAITING_MEMBER and payment.action_kind == ActionKind.MICRODEPOSITS


def tell_deposits(*, payment: Payment, amounts: tuple[int, int] | None = None, code: str = "") -> Payment:
    """Tell the gateway which deposits the member saw (two amounts in cents, or a code); return how the payment stands.

    The right ones send the debit; after too many wrong ones, or too late, it is failed. Raises OtherDeposits,
    ToldTooOften, and GatewayError when nobody can say: then the payment still waits, and the sweep asks again.
    """
    if not waits_for_deposits(payment) or not payment.intent_id:
        return payment
    if not throttle.allow("deposits-household", str(payment.household_id)):
        raise ToldTooOften
    try:
        intent = gateway().verify_microdeposits(payment.intent_id, amounts=amounts, code=code)
    except port.DepositsDiffer as error:
        raise OtherDeposits(_counted(payment)) from error
    except port.GatewayError as error:
        return _as_it_stands(payment, error)
    return apply_intent(payment, intent, via="member")


def _as_it_stands(payment: Payment, error: port.GatewayError) -> Payment:
    """No plain yes or no: the charge itself says what became of it. Raises the error when it still waits."""
    payment = refresh(payment, via="member")
    if not waits_for_deposits(payment):
        return payment
    if isinstance(error, port.OutcomeUnknown):
        _counted(payment)  # the gateway may have counted it
    elif not isinstance(error, port.Busy):
        raise_attention(
            key=f"{payment.reference}:deposits:{error.code}",
            kind="gateway refused",
            detail=f"deposits: {type(error).__name__} {error.code}",
            payment=payment,
        )
    raise error


def _counted(payment: Payment) -> int:
    """Count one more try; return how many are left. While the gateway asks, one always is."""
    Payment.objects.filter(pk=payment.pk).update(deposit_tries=F("deposit_tries") + 1)
    payment.refresh_from_db(fields=["deposit_tries"])
    return tries_left(payment)


def tries_left(payment: Payment) -> int:
    """Return how many tries the member has, at least."""
    return max(1, DEPOSIT_TRIES - payment.deposit_tries)


@transaction.atomic
def remind_of_deposits(payment: Payment) -> None:
    """Write to the payer on days 3 and 8 while the deposits are not told, each time once."""
    current = locked(payment.pk)
    if not waits_for_deposits(current) or current.submitted_at is None:
        return
    day = deposit_reminder_due(current.submitted_at, timezone.now())
    if day:
        notices.tell(current, "deposits", again=str(day))


def deposits_are_over(payment: Payment) -> bool:
    """Return whether the ten days in which small deposits can be told are over."""
    return payment.submitted_at is not None and payment.submitted_at + DEPOSITS_WITHIN <= timezone.now()

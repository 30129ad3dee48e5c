"""The one function that changes a payment's status, with everything that must happen in the same moment."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from billing import services as billing
from payments import notices, receipts
from payments.gateway.port import ActionKind
from payments.models import Payment, PaymentEvent, SavedMethod
from payments.services import posting, saving
from payments.services.attention import raise_attention
from payments.states import Status, Verdict, verdict

_MOMENTS = {
    Status.SUBMITTING: "submitted_at",
    Status.PAID: "paid_at",
    Status.FAILED: "ended_at",
    Status.CANCELED: "ended_at",
    Status.RETURNED: "ended_at",
}


def locked(payment_id: int) -> Payment:
    """Return the payment as it is now, with its household and then itself locked: the order of every lock here."""
    household_id = Payment.objects.values_list("household_id", flat=True).get(pk=payment_id)
    billing.lock_household(household_id)
    return Payment.objects.select_for_update(of=("self",)).select_related("payer").get(pk=payment_id)


@transaction.atomic
def move(
    payment_id: int, to: Status, *, via: str, code: str = "", seen: Payment | None = None, **changes: Any
) -> Payment:
    """Move a payment to the status that was reported and do what belongs to it, all or nothing.

    Called by submit, return page, webhook and sweep alike, so their order does not matter: the same status again
    only updates `changes`, an older one is ignored, an impossible one goes to the staff's queue. With `seen`, nothing
    happens unless the row is still as the caller saw it: for what was concluded from our own row alone.
    """
    payment = locked(payment_id)
    if seen is not None and _stage(payment) != _stage(seen):
        return payment
    today = Status(payment.status)
    judged = verdict(today, to)
    if judged is Verdict.IMPOSSIBLE:
        raise_attention(
            key=f"{payment.reference}:{today}:{to}",
            kind="impossible move",
            detail=f"The payment is {today}; {via} reports {to} {code}".strip(),
            payment=payment,
        )
    if judged in (Verdict.STALE, Verdict.IMPOSSIBLE):
        return payment
    for name, value in changes.items():
        setattr(payment, name, value)
    payment.checked_at = timezone.now()
    if judged is Verdict.MOVE:
        _step(payment, today, to, via, code)
    payment.save()
    if judged is Verdict.MOVE:
        _effects(payment, today, to, via)
    return payment


def _stage(payment: Payment) -> tuple[str, str | None, int]:
    return payment.status, payment.intent_id, payment.submissions


def _step(payment: Payment, today: Status, to: Status, via: str, code: str) -> None:
    payment.status = to
    if code:
        payment.failure_code = code
    if to is not Status.AWAITING_MEMBER:
        payment.action_kind = payment.action_url = ""
    if to in _MOMENTS:
        setattr(payment, _MOMENTS[to], timezone.now())
    PaymentEvent.objects.create(payment=payment, from_status=today, to_status=to, via=via, code=code)


def _effects(payment: Payment, today: Status, to: Status, via: str) -> None:
    """What the new status does to the bills, the proof, the saved method and the messages."""
    came_back = to is Status.RETURNED or (today, to) == (Status.PROCESSING, Status.FAILED)
    if came_back and payment.saved_method:
        saving.flag(payment.saved_method, SavedMethod.Problem.RETURNED)
    if to is Status.AWAITING_MEMBER:
        billing.wait(source=payment.source, waits=True)
        if payment.action_kind == ActionKind.MICRODEPOSITS:
            notices.tell(payment, "deposits")  # days may pass before there is something to do: a page is not enough
    elif to is Status.PROCESSING:
        billing.wait(source=payment.source, waits=False)
        notices.tell(payment, "processing")
    elif to is Status.PAID:
        posting.paid(payment, receipts.issue(payment).split)
        notices.tell(payment, "paid")
    elif to is Status.RETURNED:
        billing.reverse(source=payment.source)
        posting.taken_back(payment, posting.Kind.RETURN, f"return:{payment.reference}")
        notices.tell(payment, "returned")
    elif today is not Status.STARTED and to in (Status.STARTED, Status.FAILED, Status.CANCELED):
        billing.release(source=payment.source)
        if to is not Status.STARTED and via != "submit":  # on submit the member is looking at the page that says so
            notices.tell(payment, "canceled" if to is Status.CANCELED and payment.cancel_asked_at else "failed")
    elif payment.off_session and to is Status.CANCELED:  # begun by autopay and never sent: nobody saw that on a page
        notices.tell(payment, "failed")

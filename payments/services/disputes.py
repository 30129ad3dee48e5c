"""Money that banks take back after it was paid, look into, or ask about. Asked at the gateway, never guessed."""

from django.db import transaction
from django.utils import timezone

from billing import services as billing
from payments import notices
from payments.gateway.port import DisputeFacts, DisputeStatus
from payments.models import Dispute, Payment
from payments.services import posting, saving
from payments.services.attention import flag_double_credit, raise_attention
from payments.services.moving import locked, move
from payments.states import Status

_K, _S = Dispute.Kind, Dispute.Status


@transaction.atomic
def apply_dispute(payment: Payment, facts: DisputeFacts, *, via: str) -> Payment:
    """Take a dispute into our books as the gateway has it; return the payment as it then stands.

    A bank's return is final. A card dispute sets the money aside until it is won or lost. An inquiry moves nothing.
    Facts that were asked for before others that are already known change nothing.
    """
    payment = locked(payment.pk)
    known = Dispute.objects.filter(gateway_id=facts.id).first()
    if known and _stage(known.kind, known.status) > _stage(_kind(facts), facts.status):
        return payment
    dispute = _kept(payment, known, facts)
    if dispute.kind == _K.INQUIRY:
        _ask_staff(dispute, "inquiry")
        return payment
    if dispute.status == _S.WON:
        return _won(payment, dispute)
    if dispute.kind == _K.RETURN or dispute.status == _S.LOST:
        payment = move(payment.pk, Status.RETURNED, via=via, code=facts.reason)
    elif payment.status == Status.PAID:
        _hold(dispute)
    flag_double_credit(payment)
    return payment


def is_in_dispute(payment: Payment) -> bool:
    """Return whether a card's bank looks into the payment at this moment."""
    return Dispute.objects.filter(payment=payment, status=_S.OPEN, kind=_K.CARD).exists()


def _kind(facts: DisputeFacts) -> str:
    if facts.is_inquiry:
        return _K.INQUIRY
    return _K.CARD if facts.method == Payment.Method.CARD else _K.RETURN


def _stage(kind: str, status: str) -> tuple[bool, bool]:
    """How far a dispute is: a question may become one about money, an open one may be closed, never the reverse."""
    return kind != _K.INQUIRY, status != _S.OPEN


def _kept(payment: Payment, known: Dispute | None, facts: DisputeFacts) -> Dispute:
    now = timezone.now()
    dispute = known or Dispute(payment=payment, gateway_id=facts.id, opened_at=now)
    dispute.kind, dispute.reason, dispute.amount_cents = _kind(facts), facts.reason[:80], facts.amount_cents
    dispute.status, dispute.is_withdrawn, dispute.checked_at = facts.status.value, facts.is_withdrawn, now
    dispute.fee_cents = facts.fee_cents
    dispute.closed_at = None if facts.status is DisputeStatus.OPEN else dispute.closed_at or now
    dispute.save()
    return dispute


def _hold(dispute: Dispute) -> None:
    billing.dispute(source=dispute.payment.source)
    posting.taken_back(dispute.payment, posting.Kind.DISPUTE, f"dispute:{dispute.gateway_id}")
    _ask_staff(dispute, "card dispute")
    notices.tell_of_dispute(dispute, "opened")
    if dispute.payment.saved_method:
        saving.flag(dispute.payment.saved_method, saving.Problem.DISPUTED)


def _won(payment: Payment, dispute: Dispute) -> Payment:
    """Our money is ours again. One that was lost before and is won now reaches a person: the bill is open."""
    if payment.status == Status.RETURNED:
        _ask_staff(dispute, "dispute won late")
    elif not is_in_dispute(payment) and billing.reinstate(source=payment.source):
        posting.given_again(payment, posting.Kind.DISPUTE, f"dispute won:{dispute.gateway_id}")
        notices.tell_of_dispute(dispute, "won")
    return payment


def _ask_staff(dispute: Dispute, kind: str) -> None:
    raise_attention(
        key=f"{dispute.payment.reference}:{kind}:{dispute.gateway_id}",
        kind=kind,
        detail=f"{dispute.gateway_id}: {dispute.reason}",
        payment=dispute.payment,
    )

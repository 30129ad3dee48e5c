"""Sending money back: asked for by staff, above an amount approved by a second person, posted, sent, followed.

Posted means that the cents are taken off the bills before the gateway is asked; so two refunds at once, or a refund
and a return, can never give back more than was paid. One that fails is put back. No call inside a transaction.
"""

import uuid as uuids
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from billing import services as billing
from payments import notices
from payments.gateway import gateway, port
from payments.gateway.port import RefundFacts
from payments.models import Payment, Refund
from payments.services import posting
from payments.services.attention import flag_double_credit, raise_attention
from payments.services.disputes import is_in_dispute
from payments.services.moving import locked
from payments.states import LIVE, POSTED_REFUNDS, RefundStatus, Status, Verdict, refund_verdict
from portal.shared import audit

_R = RefundStatus
OPEN = (_R.REQUESTED, _R.SENDING)
ENDS = (_R.SUCCEEDED, _R.FAILED, _R.DECLINED)


class RefundRefused(Exception):
    """Nothing was posted or sent. `why`: under way, not paid, returned, disputed, open refund, changed, too much,
    decided, own request, no reason."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def refunded_cents(payment: Payment) -> int:
    """Return the cents of the payment that are asked for, on their way back or refunded."""
    asked = Refund.objects.filter(payment=payment, status__in=[_R.REQUESTED, *POSTED_REFUNDS])
    return asked.aggregate(sum=Sum("amount_cents"))["sum"] or 0


def request_refund(
    *,
    payment: Payment,
    amount_cents: int,
    reason: str,
    actor: Any,
    address: str | None = None,
    seen_cents: int | None = None,
    uuid: uuids.UUID | None = None,
) -> Refund:
    """Ask for a refund of so many cents; up to REFUND_APPROVAL_CENTS it is posted at once and sent.

    The same uuid again gives the same refund: a double click asks once. `seen_cents` is what the page showed as
    refunded before: when somebody refunded since, nothing happens. Raises RefundRefused.
    """
    asked = Refund(
        payment=payment,
        uuid=uuid or uuids.uuid4(),
        amount_cents=amount_cents,
        status=_R.REQUESTED,
        reason=reason.strip()[:300],
        requested_by=actor,
    )
    refund, is_new = _requested(asked, seen_cents, address)
    return send_refund(refund) if is_new and refund.status == _R.SENDING else refund


@transaction.atomic
def _requested(refund: Refund, seen_cents: int | None, address: str | None) -> tuple[Refund, bool]:
    refund.payment = payment = locked(refund.payment_id)
    known = Refund.objects.filter(uuid=refund.uuid, payment=payment).first()
    if known:
        return known, False
    _check(refund, seen_cents)
    if refund.amount_cents <= settings.REFUND_APPROVAL_CENTS:
        _post(refund)
    refund.save()
    facts = {"cents": refund.amount_cents, "payment": payment.reference}
    audit.record("refund requested", refund, actor=refund.requested_by, reason=refund.reason, address=address, **facts)
    return refund, True


def approve_refund(*, refund: Refund, actor: Any, address: str | None = None) -> Refund:
    """Post and send what another person asked for. Raises RefundRefused, also for one's own request."""
    with transaction.atomic():
        refund = _undecided(refund, actor)
        _check_payment(refund.payment)
        refund.approved_by, refund.decided_at = actor, timezone.now()
        _post(refund)
        refund.save()
        audit.record("refund approved", refund, actor=actor, address=address, cents=refund.amount_cents)
    return send_refund(refund)


@transaction.atomic
def decline_refund(*, refund: Refund, actor: Any, reason: str, address: str | None = None) -> Refund:
    """Close a request without sending anything. Raises RefundRefused when it was decided before or has no reason."""
    if not reason.strip():
        raise RefundRefused("no reason")
    refund = _locked_refund(refund)
    if refund.status != _R.REQUESTED:
        raise RefundRefused("decided")
    refund.status = _R.DECLINED
    refund.decided_at = refund.ended_at = timezone.now()
    refund.save()
    audit.record("refund declined", refund, actor=actor, reason=reason.strip(), address=address)
    return refund


def send_refund(refund: Refund) -> Refund:
    """Ask the gateway for a posted refund, under its own key: asked twice it is one. Unknown stays in sending."""
    Refund.objects.filter(pk=refund.pk).update(checked_at=timezone.now())
    try:
        facts = gateway().refund(
            refund.payment.intent_id or "",
            amount_cents=refund.amount_cents,
            key=f"refund:{refund.uuid}",
            metadata={"refund": str(refund.uuid), "deployment": settings.DEPLOYMENT_ID},
        )
    except (port.OutcomeUnknown, port.Busy, port.NotAllowed):
        return Refund.objects.select_related("payment__payer").get(pk=refund.pk)
    except port.NotDone as error:
        return _moved(refund, _R.FAILED, code=error.code)
    return apply_refund(refund, facts)


def resolve_refund(refund: Refund) -> Refund:
    """Ask how a posted refund stands and apply the answer; one that the gateway does not know is sent again.

    It is looked for among the charge's refunds first: the gateway forgets our keys after a day. Raises GatewayError
    when the gateway cannot be asked.
    """
    Refund.objects.filter(pk=refund.pk).update(checked_at=timezone.now())
    if refund.gateway_id:
        return apply_refund(refund, gateway().refund_state(refund.gateway_id))
    for facts in gateway().refunds_of(refund.payment.intent_id or ""):
        if facts.metadata.get("refund") == str(refund.uuid):
            return apply_refund(refund, facts)
    return send_refund(refund)


def apply_refund(refund: Refund, facts: RefundFacts) -> Refund:
    """Move the refund to where the gateway has it; one that is not as we asked goes to staff untouched."""
    wrong = _differences(refund, facts)
    if wrong:
        raise_attention(
            key=f"{refund.payment.reference}:refund differs:{facts.id}",
            kind="refund differs",
            detail=f"{facts.id} is {facts.status}, but {', '.join(wrong)} is not what we asked for",
            payment=refund.payment,
        )
        return refund
    return _moved(refund, RefundStatus(facts.status.value), code=facts.failure_code, gateway_id=facts.id)


@transaction.atomic
def _moved(refund: Refund, to: RefundStatus, *, code: str = "", gateway_id: str | None = None) -> Refund:
    refund = _locked_refund(refund)
    today = RefundStatus(refund.status)
    judged = refund_verdict(today, to)
    refund.checked_at, refund.gateway_id = timezone.now(), gateway_id or refund.gateway_id
    if judged is Verdict.IMPOSSIBLE:
        _tell_staff(refund, "impossible refund", f"The refund is {today}; the gateway reports {to} {code}".strip())
    if judged is not Verdict.MOVE:
        refund.save(update_fields=["checked_at", "gateway_id"])
        return refund
    refund.status, refund.failure_code = to, code[:80]
    if to in ENDS:
        refund.ended_at = timezone.now()
    refund.save()
    if to is _R.FAILED:
        _put_back(refund)
    notices.tell_of_refund(refund)
    flag_double_credit(refund.payment)
    return refund


def _post(refund: Refund) -> None:
    """Take the money off the bills, in the caller's transaction, before the gateway is asked."""
    try:
        billing.reverse(source=refund.payment.source, amount_cents=refund.amount_cents)
    except ValueError as error:
        raise RefundRefused("too much") from error
    posting.taken_back(refund.payment, posting.Kind.REFUND, f"refund:{refund.uuid}", refund.amount_cents)
    refund.status, refund.sent_at = _R.SENDING, timezone.now()


def _put_back(refund: Refund) -> None:
    """The payer did not get it: the payment counts again, unless a bank took it back meanwhile. Staff must act."""
    payment = refund.payment
    if payment.status == Status.PAID:
        billing.restore(source=payment.source, amount_cents=refund.amount_cents)
        posting.given_again(payment, posting.Kind.REFUND, f"refund failed:{refund.uuid}", f"refund:{refund.uuid}")
        if is_in_dispute(payment):
            billing.dispute(source=payment.source)
            posting.taken_back(payment, posting.Kind.DISPUTE, f"dispute:refund:{refund.uuid}")
    _tell_staff(
        refund, "refund failed", f"refund {refund.pk} failed: {refund.failure_code}. It must be paid otherwise."
    )


def _check(refund: Refund, seen_cents: int | None) -> None:
    """Raise RefundRefused unless this much may be asked for now. The payment is locked."""
    payment = refund.payment
    _check_payment(payment)
    if not refund.reason:
        raise RefundRefused("no reason")
    if Refund.objects.filter(payment=payment, status__in=OPEN).exists():
        raise RefundRefused("open refund")
    asked = refunded_cents(payment)
    if seen_cents is not None and seen_cents != asked:
        raise RefundRefused("changed")
    if not 0 < refund.amount_cents <= payment.amount_cents - asked:
        raise RefundRefused("too much")


def _check_payment(payment: Payment) -> None:
    if payment.status in LIVE:
        raise RefundRefused("under way")
    if payment.status == Status.RETURNED:
        raise RefundRefused("returned")
    if payment.status != Status.PAID:
        raise RefundRefused("not paid")
    if is_in_dispute(payment):
        raise RefundRefused("disputed")


def _locked_refund(refund: Refund) -> Refund:
    """Return the refund as it is now, its household and payment locked."""
    payment = locked(refund.payment_id)
    fresh = Refund.objects.select_for_update(of=("self",)).get(pk=refund.pk)
    fresh.payment = payment
    return fresh


def _undecided(refund: Refund, actor: Any) -> Refund:
    refund = _locked_refund(refund)
    if refund.status != _R.REQUESTED:
        raise RefundRefused("decided")
    if refund.requested_by_id == actor.pk:
        raise RefundRefused("own request")
    return refund


def _differences(refund: Refund, facts: RefundFacts) -> list[str]:
    expected = {
        "amount": (facts.amount_cents, refund.amount_cents),
        "currency": (facts.currency, "usd"),
        "charge": (facts.intent_id, refund.payment.intent_id),
        "refund": (facts.metadata.get("refund"), str(refund.uuid)),
        "deployment": (facts.metadata.get("deployment"), settings.DEPLOYMENT_ID),
        "id": (facts.id, refund.gateway_id or facts.id),
    }
    return [name for name, (found, asked) in expected.items() if found != asked]


def _tell_staff(refund: Refund, kind: str, detail: str) -> None:
    raise_attention(
        key=f"{refund.payment.reference}:{kind}:{refund.pk}", kind=kind, detail=detail, payment=refund.payment
    )

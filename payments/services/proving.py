"""The code with which a member shows a payment to someone: made, made anew, ended."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from payments.models import Payment, ProofCode
from payments.states import Status
from portal.shared import audit

PROVABLE = (Status.PROCESSING, Status.PAID)


class NothingToProve(Exception):
    """The payment is not at the bank and not paid, or not any more."""


@transaction.atomic
def make_proof_code(payment: Payment, *, actor: User, address: str) -> str:
    """Give the payment a fresh code and end the one before it. Raises NothingToProve. Audited, without the code."""
    locked = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    if locked.status not in PROVABLE:
        raise NothingToProve
    _end(locked)
    made = ProofCode.objects.create(payment=locked)
    audit.record("proof code made", locked, actor=actor, address=address)
    return made.code


@transaction.atomic
def end_proof_code(payment: Payment, *, actor: User, address: str) -> bool:
    """End the payment's code; return whether there was one. Audited, without the code."""
    locked = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    had_one = _end(locked)
    if had_one:
        audit.record("proof code ended", locked, actor=actor, address=address)
    return had_one


def _end(payment: Payment) -> bool:
    return ProofCode.objects.filter(payment=payment, revoked_at=None).update(revoked_at=timezone.now()) > 0

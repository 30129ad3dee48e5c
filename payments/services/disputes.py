"""Money that a bank takes back after it was paid."""

from payments.gateway.port import Dispute
from payments.models import Payment
from payments.services.attention import raise_attention
from payments.services.moving import move
from payments.states import Status


def apply_dispute(payment: Payment, dispute: Dispute, *, via: str) -> Payment:
    """Take a dispute into our books. A bank's return is final; an inquiry or a card dispute waits for staff."""
    if dispute.won:
        return payment
    if dispute.is_inquiry or dispute.method == Payment.Method.CARD:
        raise_attention(
            key=f"{payment.reference}:{dispute.id}:{dispute.is_inquiry}",
            kind="inquiry" if dispute.is_inquiry else "card dispute",
            detail=f"{dispute.id}: {dispute.reason}",
            payment=payment,
        )
        return payment
    return move(payment.pk, Status.RETURNED, via=via, code=dispute.reason)

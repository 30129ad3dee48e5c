"""Payments, every step they took, what the gateway told and paid out, the proof, and what waits for a person."""

from payments.models.attention import AttentionItem
from payments.models.hints import GatewayEvent
from payments.models.payment import Payment, PaymentEvent
from payments.models.postings import Posting
from payments.models.proof import Authorization, Receipt
from payments.models.reconciling import PayoutEntry, ReconciliationFinding, ReconciliationRun

__all__ = [
    "AttentionItem",
    "Authorization",
    "GatewayEvent",
    "Payment",
    "PaymentEvent",
    "PayoutEntry",
    "Posting",
    "Receipt",
    "ReconciliationFinding",
    "ReconciliationRun",
]

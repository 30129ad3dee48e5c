"""Payments, every step, what the gateway told and paid out, the proof, money sent back, what waits for a person."""

from payments.models.attention import AttentionItem
from payments.models.autopay import AutopayAgreement, AutopayDraw, AutopayEnrollment
from payments.models.hints import GatewayEvent
from payments.models.methods import GatewayCustomer, SavedMethod
from payments.models.payment import Payment, PaymentChain, PaymentEvent
from payments.models.postings import Posting
from payments.models.proof import Authorization, ProofCode, Receipt
from payments.models.reconciling import PayoutEntry, ReconciliationFinding, ReconciliationRun
from payments.models.refunds import Dispute, Refund

__all__ = [
    "AttentionItem",
    "Authorization",
    "AutopayAgreement",
    "AutopayDraw",
    "AutopayEnrollment",
    "Dispute",
    "GatewayCustomer",
    "GatewayEvent",
    "Payment",
    "PaymentChain",
    "PaymentEvent",
    "PayoutEntry",
    "Posting",
    "ProofCode",
    "Receipt",
    "ReconciliationFinding",
    "ReconciliationRun",
    "Refund",
    "SavedMethod",
]

"""Payments, every step they took, what the gateway told, the proof, money sent back, and what waits for a person."""

from payments.models.attention import AttentionItem
from payments.models.hints import GatewayEvent
from payments.models.payment import Payment, PaymentEvent
from payments.models.proof import Authorization, Receipt
from payments.models.refunds import Dispute, Refund

__all__ = [
    "AttentionItem",
    "Authorization",
    "Dispute",
    "GatewayEvent",
    "Payment",
    "PaymentEvent",
    "Receipt",
    "Refund",
]

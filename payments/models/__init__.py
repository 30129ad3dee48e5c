"""Payments, every step they took, what the gateway told, the proof, and what waits for a person."""

from payments.models.attention import AttentionItem
from payments.models.hints import GatewayEvent
from payments.models.payment import Payment, PaymentChain, PaymentEvent
from payments.models.proof import Authorization, Receipt

__all__ = ["AttentionItem", "Authorization", "GatewayEvent", "Payment", "PaymentChain", "PaymentEvent", "Receipt"]

"""Payments, every step they took, what the gateway told, the proof, and what waits for a person."""

from payments.models.attention import AttentionItem
from payments.models.autopay import AutopayAgreement, AutopayDraw, AutopayEnrollment
from payments.models.hints import GatewayEvent
from payments.models.methods import GatewayCustomer, SavedMethod
from payments.models.payment import Payment, PaymentEvent
from payments.models.proof import Authorization, Receipt

__all__ = [
    "AttentionItem",
    "Authorization",
    "AutopayAgreement",
    "AutopayDraw",
    "AutopayEnrollment",
    "GatewayCustomer",
    "GatewayEvent",
    "Payment",
    "PaymentEvent",
    "Receipt",
    "SavedMethod",
]

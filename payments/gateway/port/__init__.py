"""What the portal asks of a payment gateway, in the portal's own words. No gateway's library is seen from here."""

from payments.gateway.port.asking import Charging, Gateway, Refunding
from payments.gateway.port.errors import (
    Busy,
    Declined,
    GatewayError,
    NotAllowed,
    NotDone,
    NoticeRefused,
    OutcomeUnknown,
    Refused,
    TokenUnusable,
)
from payments.gateway.port.facts import (
    Action,
    ActionKind,
    Consent,
    DisputeFacts,
    DisputeStatus,
    Intent,
    IntentStatus,
    Notice,
    RefundFacts,
    RefundStatus,
    Token,
)

__all__ = [
    "Action",
    "ActionKind",
    "Busy",
    "Charging",
    "Consent",
    "Declined",
    "DisputeFacts",
    "DisputeStatus",
    "Gateway",
    "GatewayError",
    "Intent",
    "IntentStatus",
    "NotAllowed",
    "NotDone",
    "Notice",
    "NoticeRefused",
    "OutcomeUnknown",
    "RefundFacts",
    "RefundStatus",
    "Refunding",
    "Refused",
    "Token",
    "TokenUnusable",
]

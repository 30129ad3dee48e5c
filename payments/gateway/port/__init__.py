"""What the portal asks of a payment gateway, in the portal's own words. No gateway's library is seen from here."""

from payments.gateway.port.asking import Charging, Gateway, Saving
from payments.gateway.port.errors import (
    Busy,
    Declined,
    GatewayError,
    MethodUnusable,
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
    Dispute,
    Intent,
    IntentStatus,
    Mandate,
    MethodFacts,
    Notice,
    Token,
)

__all__ = [
    "Action",
    "ActionKind",
    "Busy",
    "Charging",
    "Consent",
    "Declined",
    "Dispute",
    "Gateway",
    "GatewayError",
    "Intent",
    "IntentStatus",
    "Mandate",
    "MethodFacts",
    "MethodUnusable",
    "NotAllowed",
    "NotDone",
    "Notice",
    "NoticeRefused",
    "OutcomeUnknown",
    "Refused",
    "Saving",
    "Token",
    "TokenUnusable",
]

"""What the portal asks of a payment gateway, in the portal's own words. No gateway's library is seen from here."""

from payments.gateway.port.asking import Answering, Charging, Gateway
from payments.gateway.port.errors import (
    Busy,
    Declined,
    GatewayError,
    InProgress,
    KeyReused,
    NotAllowed,
    NotDone,
    NoticeRefused,
    OutcomeUnknown,
    Refused,
    TokenUnusable,
)
from payments.gateway.port.facts import Action, ActionKind, Consent, Dispute, Intent, IntentStatus, Notice, Token

__all__ = [
    "Action",
    "ActionKind",
    "Answering",
    "Busy",
    "Charging",
    "Consent",
    "Declined",
    "Dispute",
    "Gateway",
    "GatewayError",
    "InProgress",
    "Intent",
    "IntentStatus",
    "KeyReused",
    "NotAllowed",
    "NotDone",
    "Notice",
    "NoticeRefused",
    "OutcomeUnknown",
    "Refused",
    "Token",
    "TokenUnusable",
]

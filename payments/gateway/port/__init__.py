"""What the portal asks of a payment gateway, in the portal's own words. No gateway's library is seen from here."""

from payments.gateway.port.asking import Charging, Gateway
from payments.gateway.port.errors import (
    Busy,
    Declined,
    DepositsDiffer,
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
    DepositType,
    Dispute,
    Intent,
    IntentStatus,
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
    "DepositType",
    "DepositsDiffer",
    "Dispute",
    "Gateway",
    "GatewayError",
    "Intent",
    "IntentStatus",
    "NotAllowed",
    "NotDone",
    "Notice",
    "NoticeRefused",
    "OutcomeUnknown",
    "Refused",
    "Token",
    "TokenUnusable",
]

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
from payments.gateway.port.lists import Entry, EntryKind, ListedEvent, ListedIntent, Listing, Payout

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
    "Entry",
    "EntryKind",
    "Gateway",
    "GatewayError",
    "Intent",
    "IntentStatus",
    "ListedEvent",
    "ListedIntent",
    "Listing",
    "NotAllowed",
    "NotDone",
    "Notice",
    "NoticeRefused",
    "OutcomeUnknown",
    "Payout",
    "Refused",
    "Token",
    "TokenUnusable",
]

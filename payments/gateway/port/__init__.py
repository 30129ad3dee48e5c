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
from payments.gateway.port.lists import Entry, EntryKind, ListedEvent, ListedIntent, Listing, Payout

__all__ = [
    "Action",
    "ActionKind",
    "Answering",
    "Busy",
    "Charging",
    "Consent",
    "Declined",
    "Dispute",
    "Entry",
    "EntryKind",
    "Gateway",
    "GatewayError",
    "InProgress",
    "Intent",
    "IntentStatus",
    "KeyReused",
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

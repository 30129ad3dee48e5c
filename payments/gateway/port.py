"""What the portal asks of a payment gateway, in the portal's own words. No gateway's library is seen from here.

GatewayError
+-- OutcomeUnknown      the question may have taken effect: ask again for the state, say nothing else
+-- NotDone             a definite answer: nothing was charged
    +-- Declined        the bank said no
    +-- TokenUnusable   the confirmation token is expired, used or of another kind
    +-- Busy            ask again later with the same key
    +-- NotAllowed      our own credentials are refused: stop taking payments
    +-- Refused         anything else the gateway would not do
NoticeRefused           a call to our webhook that is not the gateway's
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class IntentStatus(StrEnum):
    """How far the gateway is with one charge."""

    UNCONFIRMED = "unconfirmed"  # no money moves
    AWAITING_MEMBER = "awaiting_member"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"
    UNEXPECTED = "unexpected"  # a state that our way of asking cannot produce


class ActionKind(StrEnum):
    """What the member must do before the charge goes on."""

    REDIRECT = "redirect"
    MICRODEPOSITS = "microdeposits"
    SCRIPT = "script"


@dataclass(frozen=True)
class Action:
    """One thing for the member to do at the bank."""

    kind: ActionKind
    url: str
    arrives_on: date | None = None


@dataclass(frozen=True)
class Intent:
    """One charge as the gateway has it now. Amounts in cents."""

    id: str
    status: IntentStatus
    amount_cents: int
    currency: str
    live: bool
    metadata: dict[str, str] = field(default_factory=dict)
    charge_id: str | None = None
    failure_code: str = ""
    action: Action | None = None
    expected_on: date | None = None


@dataclass(frozen=True)
class Token:
    """What the member entered in the gateway's frame, without the numbers. `expires_at` in UTC."""

    id: str
    method: str  # card or bank
    expires_at: datetime
    used: bool
    live: bool
    brand: str = ""
    funding: str = ""
    last4: str = ""
    bank_name: str = ""
    account_type: str = ""


@dataclass(frozen=True)
class Consent:
    """The moment a member agreed to a debit. `accepted_at` in UTC."""

    accepted_at: datetime
    address: str
    user_agent: str


@dataclass(frozen=True)
class Notice:
    """A call of the gateway to our webhook: a hint to look, never a fact."""

    event_id: str
    type: str
    object_id: str
    live: bool
    api_version: str


@dataclass(frozen=True)
class Dispute:
    """Money taken back by a bank, or a question before that. An inquiry moves no money."""

    id: str
    charge_id: str
    intent_id: str
    method: str
    reason: str
    is_inquiry: bool
    won: bool


class GatewayError(Exception):
    """Something between us and the gateway did not go as asked."""

    def __init__(self, code: str = "") -> None:
        super().__init__(code)
        self.code = code


class OutcomeUnknown(GatewayError):
    """No readable answer: the question may or may not have taken effect."""


class NotDone(GatewayError):
    """The gateway said that it did not do it."""


class Declined(NotDone):
    """The bank said no. `code` is the gateway's reason, for staff and for choosing our words."""


class TokenUnusable(NotDone):
    """The confirmation token is expired, used, or of another kind than asked."""


class Busy(NotDone):
    """Too many questions, or the same one is being answered: ask again with the same key."""


class NotAllowed(NotDone):
    """Our key is wrong or may not do this."""


class Refused(NotDone):
    """The gateway would not do it: an error of ours, or an object in another state."""


class NoticeRefused(Exception):
    """Not signed by the gateway, too old, from the future, or unreadable."""


class Gateway(Protocol):
    """A payment gateway. Every method may raise OutcomeUnknown, Busy or NotAllowed."""

    def token(self, token_id: str) -> Token:
        """Return what the member entered. Raises TokenUnusable when there is no such token."""

    def create(self, *, amount_cents: int, method: str, key: str, metadata: dict[str, str]) -> Intent:
        """Make an unconfirmed charge; the same key gives the same one. No money moves. Raises Refused."""

    def confirm(
        self,
        intent_id: str,
        *,
        token_id: str,
        method: str,
        return_url: str,
        key: str,
        consent: Consent | None,
    ) -> Intent:
        """Charge it. Raises Declined, TokenUnusable or Refused when nothing was charged."""

    def intent(self, intent_id: str) -> Intent:
        """Return the charge as it stands. Raises Refused when the gateway does not know it."""

    def cancel(self, intent_id: str) -> Intent:
        """Give up a charge that has not been sent. Raises Refused when it is too late for that."""

    def intent_of_charge(self, charge_id: str) -> str:
        """Return the id of the intent behind a charge, or '' when it has none."""

    def dispute(self, dispute_id: str) -> Dispute:
        """Return a dispute or a late bank return."""

    def notice(self, body: bytes, signature: str) -> Notice:
        """Return what a call to our webhook says. Raises NoticeRefused unless the gateway signed it just now."""

"""What a gateway tells us, in our own words. Amounts in cents, moments in UTC."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


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


class DepositType(StrEnum):
    """What the member is asked about small deposits."""

    AMOUNTS = "amounts"  # how many cents each of the two was
    CODE = "code"  # which code stood beside the one


@dataclass(frozen=True)
class Action:
    """One thing for the member to do at the bank. Of small deposits: the Eastern day they arrive, what is asked."""

    kind: ActionKind
    url: str
    arrives_on: date | None = None
    deposits: DepositType | None = None  # None when the gateway does not say


@dataclass(frozen=True)
class MethodFacts:
    """A card or account as the gateway keeps it, without the number; `customer_id` is '' while kept for no one."""

    id: str
    customer_id: str
    method: str  # card or bank
    brand: str = ""
    funding: str = ""
    last4: str = ""
    bank_name: str = ""
    account_type: str = ""
    holder: str = ""  # whose card or account it is, as typed
    expires_on: date | None = None  # a card's last good day
    is_blocked: bool = False


@dataclass(frozen=True)
class Mandate:
    """The permission to debit an account; a reusable one stands for every later debit."""

    id: str
    method_id: str
    is_active: bool
    is_reusable: bool


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
    paid_with: MethodFacts | None = None


@dataclass(frozen=True)
class Token:
    """What the member entered in the gateway's frame, without the numbers. `expires_at` in UTC."""

    id: str
    method: str  # card or bank
    expires_at: datetime
    used: bool
    live: bool
    holder: str = ""  # whose card or account it is, as typed
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
    is_foreign_version: bool = False  # not the one that we read and write


class RefundStatus(StrEnum):
    """How far the gateway is with sending money back."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"  # also days after it succeeded


@dataclass(frozen=True)
class RefundFacts:
    """Money on its way back to the payer, as the gateway has it now. Amounts in cents."""

    id: str
    status: RefundStatus
    amount_cents: int
    currency: str
    intent_id: str
    metadata: dict[str, str] = field(default_factory=dict)
    failure_code: str = ""


class DisputeStatus(StrEnum):
    """Whether a dispute is decided; won and lost are said from our side."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True)
class DisputeFacts:
    """Money taken back by a bank, or a question before that. An inquiry moves no money. Amounts in cents."""

    id: str
    charge_id: str
    intent_id: str
    method: str
    reason: str
    amount_cents: int
    status: DisputeStatus
    is_inquiry: bool
    is_withdrawn: bool  # the gateway has taken the money from us
    fee_cents: int  # what the gateway took for the dispute itself, and has not given back

"""What a gateway lists: charges, events, payouts and their lines, newest first, page by page as they are read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from payments.gateway.port.facts import Intent, Notice


@dataclass(frozen=True)
class ListedIntent:
    """A charge and the money that it brought, in cents. Refunds count from when they are made."""

    intent: Intent
    created_at: datetime
    received_cents: int
    refunded_cents: int
    disputed: bool  # ever; what disputes took is asked for with `withdrawn_cents`


@dataclass(frozen=True)
class ListedEvent:
    """An event as our webhook would have been told it."""

    notice: Notice
    created_at: datetime


@dataclass(frozen=True)
class Payout:
    """One sum that the gateway sent to the agency's bank."""

    id: str
    amount_cents: int
    status: str
    created_at: datetime


class EntryKind(StrEnum):
    """What one line of a payout is about."""

    PAYMENT = "payment"
    REFUND = "refund"  # also one that came back
    DISPUTE = "dispute"  # also one that was won
    PAYOUT = "payout"  # the payout itself, as a line of its own list
    OTHER = "other"  # fees and corrections of the gateway


@dataclass(frozen=True)
class Entry:
    """One line of a payout, in cents; below zero for money that went out. Ids are '' where the line names none."""

    id: str
    kind: EntryKind
    amount_cents: int
    fee_cents: int
    net_cents: int
    source_id: str
    intent_id: str
    deployment: str
    created_at: datetime


class Listing(Protocol):
    """Lists, read in pages: an iterator holds one page at a time. `until` is not included; None leaves the end open."""

    def intents_created(self, since: datetime, until: datetime | None = None) -> Iterator[ListedIntent]:
        """Yield the charges created in this time, of every deployment."""

    def events(self, types: Sequence[str], since: datetime, until: datetime | None = None) -> Iterator[ListedEvent]:
        """Yield the events of these types that happened in this time, as far back as the gateway keeps them."""

    def payouts(self, since: datetime, until: datetime | None = None) -> Iterator[Payout]:
        """Yield the payouts created in this time."""

    def entries(self, payout_id: str) -> Iterator[Entry]:
        """Yield the lines of a payout."""

    def withdrawn_cents(self, intent_id: str) -> int:
        """Return what disputes took from a charge and did not give back."""

"""Lists of the gateway in memory: charges, events, the balance, and the payouts that tests let it make."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from payments.gateway.fake.charges import Charges
from payments.gateway.fake.refunds import Refunds
from payments.gateway.port import (
    DisputeFacts,
    Entry,
    EntryKind,
    Intent,
    IntentStatus,
    ListedEvent,
    ListedIntent,
    Notice,
    Payout,
    RefundFacts,
    RefundStatus,
)

TOLD = {
    IntentStatus.AWAITING_MEMBER: "payment_intent.requires_action",
    IntentStatus.PROCESSING: "payment_intent.processing",
    IntentStatus.SUCCEEDED: "payment_intent.succeeded",
    IntentStatus.FAILED: "payment_intent.payment_failed",
    IntentStatus.CANCELED: "payment_intent.canceled",
}
Listed = TypeVar("Listed", ListedIntent, ListedEvent, Payout)


@dataclass
class Lists(Charges, Refunds):
    """Every change is an event and every cent a line of the balance, as at the real one; nothing is sent anywhere."""

    born: dict[str, datetime] = field(default_factory=dict)  # when intents were created
    happened: list[ListedEvent] = field(default_factory=list)
    balance: list[Entry] = field(default_factory=list)  # not yet paid out
    sent: list[Payout] = field(default_factory=list)
    lines: dict[str, list[Entry]] = field(default_factory=dict)  # of payouts

    # --- the port ------------------------------------------------------------------------------------------------
    def intents_created(self, since: datetime, until: datetime | None = None) -> Iterator[ListedIntent]:
        self._enter("intents_created")
        disputed = {dispute.intent_id for dispute in self.disputes.values()}
        born = [key for key, at in self.born.items() if since <= at and (until is None or at < until)]
        chosen = (self.intents[key] for key in born if key in self.intents)
        return _between((self._listed(intent, intent.id in disputed) for intent in chosen), since, until)

    def events(self, types: Sequence[str], since: datetime, until: datetime | None = None) -> Iterator[ListedEvent]:
        self._enter("events")
        return _between((event for event in self.happened if event.notice.type in types), since, until)

    def payouts(self, since: datetime, until: datetime | None = None) -> Iterator[Payout]:
        self._enter("payouts")
        return _between(self.sent, since, until)

    def entries(self, payout_id: str) -> Iterator[Entry]:
        self._enter("entries")
        return reversed(self.lines.get(payout_id, []))

    def withdrawn_cents(self, intent_id: str) -> int:
        self._enter("withdrawn_cents")
        return sum(d.amount_cents for d in self.disputes.values() if d.intent_id == intent_id and d.is_withdrawn)

    def create(self, **facts: Any) -> Intent:
        intent = super().create(**facts)
        self.born.setdefault(intent.id, datetime.now(UTC))
        return intent

    # --- what tests do at the gateway ------------------------------------------------------------------------------
    def tell(self, type_: str, object_id: str, at: datetime | None = None) -> ListedEvent:
        """Let an event have happened."""
        notice = Notice(f"evt_{next(self.numbers)}", type_, object_id, False, "fake")
        self.happened.append(ListedEvent(notice, at or datetime.now(UTC)))
        return self.happened[-1]

    def give_back(self, intent_id: str, cents: int) -> str:
        """Refund a charge, as somebody can on the gateway's own pages; return the refund's id."""
        return self._refunded(intent_id, cents, {}).id

    def pay_out(self, at: datetime | None = None) -> Payout:
        """Send the balance to the agency's bank."""
        payout_id, total = f"po_{next(self.numbers)}", sum(entry.net_cents for entry in self.balance)
        self.lines[payout_id], self.balance = self.balance, []
        self.sent.append(Payout(payout_id, total, "paid", at or datetime.now(UTC)))
        return self.sent[-1]

    # --- inside ----------------------------------------------------------------------------------------------------
    def _set(self, intent_id: str, **changes: Any) -> Intent:
        before, after = self.intents[intent_id], super()._set(intent_id, **changes)
        if after.status is not before.status and after.status in TOLD:
            self.tell(TOLD[after.status], intent_id)
            if after.status is IntentStatus.SUCCEEDED:
                self._book(EntryKind.PAYMENT, after.amount_cents, after.charge_id or "", intent_id)
        return after

    def _set_refund(self, refund: RefundFacts) -> None:
        before = self.refunds.get(refund.id)
        super()._set_refund(refund)
        self.tell("refund.updated" if before else "refund.created", refund.id)
        if before is None:
            self._book(EntryKind.REFUND, -refund.amount_cents, refund.id, refund.intent_id)
        elif refund.status is RefundStatus.FAILED:
            self._book(EntryKind.REFUND, refund.amount_cents, refund.id, refund.intent_id)

    def _set_dispute(self, dispute: DisputeFacts) -> None:
        before = self.disputes.get(dispute.id)
        super()._set_dispute(dispute)
        self.tell("charge.dispute.updated" if before else "charge.dispute.created", dispute.id)
        taken = dispute.is_withdrawn - bool(before and before.is_withdrawn)
        if taken:
            fee = dispute.fee_cents - (before.fee_cents if before else 0)
            self._book(EntryKind.DISPUTE, -taken * dispute.amount_cents, dispute.id, dispute.intent_id, fee)

    def _book(self, kind: EntryKind, cents: int, source_id: str, intent_id: str, fee: int = 0) -> None:
        deployment = self.intents[intent_id].metadata.get("deployment", "") if kind is EntryKind.PAYMENT else ""
        at, entry_id = datetime.now(UTC), f"txn_{next(self.numbers)}"
        self.balance.append(Entry(entry_id, kind, cents, fee, cents - fee, source_id, intent_id, deployment, at))

    def _listed(self, intent: Intent, disputed: bool) -> ListedIntent:
        received = intent.amount_cents if intent.status is IntentStatus.SUCCEEDED else 0
        back = sum(r.amount_cents for r in self.refunds_in(intent.id) if r.status is not RefundStatus.FAILED)
        return ListedIntent(intent, self.born[intent.id], received, back, disputed)


def _between(things: Iterable[Listed], since: datetime, until: datetime | None) -> Iterator[Listed]:
    """Yield what was created in this time, newest first; of one moment, what came last is first."""
    chosen = [thing for thing in things if since <= thing.created_at and (until is None or thing.created_at < until)]
    chosen.sort(key=lambda thing: thing.created_at)
    return reversed(chosen)

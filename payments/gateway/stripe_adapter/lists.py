"""Lists at Stripe, a page at a time by cursor."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import stripe

from payments.gateway import port
from payments.gateway.port import Entry, EntryKind, ListedEvent, ListedIntent, Notice, Payout
from payments.gateway.stripe_adapter.asking import asked
from payments.gateway.stripe_adapter.reading import id_of, intent_of

WAITS = (0.5, 1, 2, 4)  # seconds, when Stripe says that we ask too fast
KINDS = {
    "charge": EntryKind.PAYMENT,
    "payment": EntryKind.PAYMENT,
    "refund": EntryKind.REFUND,
    "payment_refund": EntryKind.REFUND,
    "refund_failure": EntryKind.REFUND,
    "payment_failure_refund": EntryKind.REFUND,
    "payout": EntryKind.PAYOUT,
}


class Lists:
    """The part of the adapter that reads lists."""

    client: stripe.StripeClient
    page_size = 100  # the most that Stripe gives

    def intents_created(self, since: datetime, until: datetime | None = None) -> Iterator[ListedIntent]:
        params = {"created": _between(since, until), "expand": ["data.latest_charge"]}
        return map(_listed_intent, self._all(self.client.v1.payment_intents.list, params))

    def events(self, types: Sequence[str], since: datetime, until: datetime | None = None) -> Iterator[ListedEvent]:
        params = {"created": _between(since, until), "types": list(types)}
        return map(_listed_event, self._all(self.client.v1.events.list, params))

    def payouts(self, since: datetime, until: datetime | None = None) -> Iterator[Payout]:
        return map(_payout, self._all(self.client.v1.payouts.list, {"created": _between(since, until)}))

    def entries(self, payout_id: str) -> Iterator[Entry]:
        params = {"payout": payout_id, "expand": ["data.source"]}
        return map(_entry, self._all(self.client.v1.balance_transactions.list, params))

    def withdrawn_cents(self, intent_id: str) -> int:
        found = self._all(self.client.v1.disputes.list, {"payment_intent": intent_id})
        entries = (entry for dispute in found for entry in dispute["balance_transactions"])
        return -sum(int(entry["amount"]) for entry in entries)

    def _all(self, ask: Callable[[Any], Any], params: dict[str, Any]) -> Iterator[dict[str, Any]]:
        params = {**params, "limit": self.page_size}
        while True:
            page = _patiently(lambda: ask(params))  # noqa: B023 - asked at once
            yield from page["data"]
            if not page["has_more"] or not page["data"]:
                return
            params = {**params, "starting_after": page["data"][-1]["id"]}


def _patiently(ask: Callable[[], Any]) -> dict[str, Any]:
    """Ask, and again when Stripe is busy; it says so before it does anything."""
    for wait in WAITS:
        try:
            return asked(ask)
        except port.Busy:
            time.sleep(wait)
    return asked(ask)


def _between(since: datetime, until: datetime | None) -> dict[str, int]:
    return {"gte": int(since.timestamp())} | ({"lt": int(until.timestamp())} if until else {})


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _listed_intent(found: dict[str, Any]) -> ListedIntent:
    charge = found.get("latest_charge")
    charge = charge if isinstance(charge, dict) else {}
    return ListedIntent(
        intent=intent_of(found),
        created_at=_moment(found["created"]),
        received_cents=found["amount_received"],
        refunded_cents=charge.get("amount_refunded") or 0,
        disputed=bool(charge.get("disputed")),
    )


def _listed_event(found: dict[str, Any]) -> ListedEvent:
    notice = Notice(
        event_id=found["id"],
        type=found["type"],
        object_id=found["data"]["object"].get("id") or "",
        live=found["livemode"],
        api_version=found.get("api_version") or "",
    )
    return ListedEvent(notice, _moment(found["created"]))


def _payout(found: dict[str, Any]) -> Payout:
    return Payout(found["id"], found["amount"], found["status"], _moment(found["created"]))


def _entry(found: dict[str, Any]) -> Entry:
    source = found.get("source")
    detail = source if isinstance(source, dict) else {}
    kind = KINDS.get(found["type"], EntryKind.OTHER)
    return Entry(
        id=found["id"],
        kind=EntryKind.DISPUTE if detail.get("object") == "dispute" else kind,
        amount_cents=found["amount"],
        fee_cents=found["fee"],
        net_cents=found["net"],
        source_id=id_of(source),
        intent_id=id_of(detail.get("payment_intent")),
        deployment=(detail.get("metadata") or {}).get("deployment") or "",
        created_at=_moment(found["created"]),
    )

"""The books and the gateway as they are at one moment, read past the models in one statement."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.core import mail
from django.db import connection

from payments.gateway.port import IntentStatus
from payments.gateway.port import RefundStatus as Sent

MARK = "/* look */"
TABLES = {
    "payments": "SELECT id, uuid, reference, household_id, amount_cents, status, intent_id FROM payments_payment",
    "steps": "SELECT id, payment_id, from_status, to_status FROM payments_paymentevent",
    "credits": "SELECT id, household_id, bill_id, source, amount_cents, status, parent_id FROM billing_credit",
    "bills": "SELECT id, household_id, total_cents FROM billing_bill",
    "refunds": "SELECT id, uuid, payment_id, amount_cents, status FROM payments_refund",
    "draws": "SELECT d.id, d.status, d.amount_cents, p.amount_cents AS charged, e.limit_cents "
    "FROM payments_autopaydraw d LEFT JOIN payments_payment p ON p.id = d.payment_id "
    "JOIN payments_autopayenrollment e ON e.id = d.enrollment_id",
    "receipts": "SELECT id, payment_id, amount_cents FROM payments_receipt",
    "messages": "SELECT id, key, kind, status FROM shared_outgoingmessage",
    "hints": "SELECT id, event_id, status, error FROM payments_gatewayevent",
    "matters": "SELECT id, key, kind, payment_id, detail FROM payments_attentionitem WHERE resolved_at IS NULL",
}
_ROWS = "'{}', (SELECT coalesce(json_agg(t ORDER BY t.id), '[]') FROM ({}) t)"
_QUERY = f"{MARK} SELECT json_build_object({', '.join(_ROWS.format(*table) for table in TABLES.items())})::text"


def is_looking(sql: str) -> bool:
    """Return whether this statement is ours and not the portal's."""
    return str(sql).startswith(MARK)


@dataclass
class Sight:
    """All that there is to judge. `credits_of` by source, `steps_of` by payment, `intents_of` by the payment's uuid."""

    payments: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    credits: list[dict[str, Any]]
    bills: list[dict[str, Any]]
    refunds: list[dict[str, Any]]
    draws: list[dict[str, Any]]
    receipts: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    hints: list[dict[str, Any]]
    matters: list[dict[str, Any]]
    intents: list[Any]
    disputes: list[Any]
    sent_back: list[Any]  # refunds as the gateway has them
    news: set[str]  # objects at the gateway of which news is still on its way to us, or was not taken in
    mails: list[Any]
    kills: int
    credits_of: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    steps_of: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    intents_of: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    matters_of: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for number, payment in enumerate(self.payments, start=1):
            payment["n"] = number
        for credit in self.credits:
            self.credits_of[credit["source"]].append(credit)
        for step in self.steps:
            self.steps_of[step["payment_id"]].append(step)
        for intent in self.intents:
            self.intents_of[intent.metadata.get("payment", "")].append(intent)
        for matter in self.matters:
            self.matters_of[matter["payment_id"]].append(matter)

    def cents(self, source: str, *statuses: str) -> int:
        """Return the cents of one source's credits that have these statuses."""
        return sum(c["amount_cents"] for c in self.credits_of[source] if c["status"] in statuses)

    def received_cents(self, uuid: str) -> int:
        """Return what the gateway ever received for a payment."""
        return sum(i.amount_cents for i in self.intents_of[uuid] if i.status == IntentStatus.SUCCEEDED)

    def net_cents(self, uuid: str) -> int:
        """Return what the gateway has of a payment: received, less what it sent back and what banks took."""
        ids = {intent.id for intent in self.intents_of[uuid]}
        back = [r.amount_cents for r in self.sent_back if r.intent_id in ids and r.status is not Sent.FAILED]
        taken = [d.amount_cents for d in self.disputes if d.intent_id in ids and d.is_withdrawn]
        return self.received_cents(uuid) - sum(back) - sum(taken)

    def refunds_cents(self, payment_id: int, *statuses: str) -> int:
        """Return the cents of a payment's refunds that have these statuses here."""
        ours = [r for r in self.refunds if r["payment_id"] == payment_id and r["status"] in statuses]
        return sum(refund["amount_cents"] for refund in ours)

    def news_of(self, uuid: str) -> bool:
        """Return whether there is news of a payment that we cannot know yet."""
        ids = {intent.id for intent in self.intents_of[uuid]}
        ids |= {thing.id for thing in (*self.disputes, *self.sent_back) if thing.intent_id in ids}
        return bool(ids & self.news)


def sight(gateway: Any, kills: int) -> Sight:
    """Look at everything."""
    with connection.cursor() as cursor:
        cursor.execute(_QUERY)
        ((text,),) = cursor.fetchall()
    rows = json.loads(text)
    finished = {hint["event_id"] for hint in rows["hints"] if hint["status"] in ("done", "ignored")}
    news = {object_id for event_id, (_, object_id) in gateway.told.items() if event_id not in finished}
    bank = gateway.bank
    return Sight(
        **rows,
        intents=list(bank.intents.values()),
        disputes=list(bank.disputes.values()),
        sent_back=list(bank.refunds.values()),
        news=news,
        mails=list(mail.outbox),
        kills=kills,
    )

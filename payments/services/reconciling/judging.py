"""What is different between a payment of ours and its charge at the gateway, judged from their facts alone."""

from payments.gateway.port import IntentStatus, ListedIntent
from payments.models import Payment
from payments.services.applying import differences
from payments.services.reconciling.sheets import Difference, Kind
from payments.states import LIVE, Status
from portal.shared.money import usd

S = Status
NEVER_CHARGED = frozenset({S.STARTED, S.FAILED, S.CANCELED})
AGREES: dict[IntentStatus, frozenset[Status]] = {
    IntentStatus.UNCONFIRMED: NEVER_CHARGED,
    IntentStatus.AWAITING_MEMBER: frozenset({S.AWAITING_MEMBER}),
    IntentStatus.PROCESSING: frozenset({S.PROCESSING}),
    IntentStatus.SUCCEEDED: frozenset({S.PAID, S.RETURNED}),
    IntentStatus.FAILED: NEVER_CHARGED,
    IntentStatus.CANCELED: NEVER_CHARGED,
    IntentStatus.UNEXPECTED: frozenset(),
}


def judge(payment: Payment, row: ListedIntent, *, settled_cents: int, withdrawn_cents: int) -> Difference | None:
    """Return the gravest difference, or None. `settled_cents` is what our bills count as paid by this payment."""
    found = _facts(payment, row) or _status(payment, row) or _money(row, settled_cents, withdrawn_cents)
    if found is None:
        return None
    kind, expected, here = found
    return Difference(kind, expected, here, row.created_at, payment, row.intent.id)


Told = tuple[Kind, str, str]  # what is different, what was expected, what was found


def _facts(payment: Payment, row: ListedIntent) -> Told | None:
    """Compare what we asked for."""
    if payment.intent_id and payment.intent_id != row.intent.id:
        return Kind.SECOND_CHARGE, payment.intent_id, f"{row.intent.id} {row.intent.status}"
    if row.intent.amount_cents != payment.amount_cents:
        return Kind.AMOUNT, usd(payment.amount_cents), usd(row.intent.amount_cents)
    wrong = differences(payment, row.intent)
    return (Kind.FACTS, "as we asked", f"other {', '.join(wrong)}") if wrong else None


def _status(payment: Payment, row: ListedIntent) -> Told | None:
    today, there = Status(payment.status), row.intent.status
    if today in AGREES[there]:
        return None
    if today in LIVE:
        kind = Kind.BEHIND
    elif today in (Status.PAID, Status.RETURNED):
        kind = Kind.NOT_PAID_THERE
    else:
        kind = Kind.NOT_PAID_HERE if there is IntentStatus.SUCCEEDED else Kind.STATUS
    return kind, there, today


def _money(row: ListedIntent, settled_cents: int, withdrawn_cents: int) -> Told | None:
    """Compare what is left of a charge after refunds and disputes with what the bills count as paid."""
    kept = row.received_cents - row.refunded_cents - withdrawn_cents
    if kept == settled_cents:
        return None
    lower = Kind.TAKEN_BACK if withdrawn_cents else Kind.REFUND_UNKNOWN
    kind = Kind.REFUND_MISSING if kept > settled_cents else lower
    return kind, f"{usd(settled_cents)} kept", f"{usd(kept)} kept"

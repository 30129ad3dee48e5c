"""The rules that hold after every step, whatever happened, and those that hold once all has come to rest.

What may be open between steps is said exactly: money that the gateway received counts here only once we know of it, and
until then the payment is live and its money held; money that it gave up counts here until the news is worked off.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from accounts.models import Household
from billing import selectors as bills
from payments import statements
from payments.gateway.port import IntentStatus
from payments.gateway.port import RefundStatus as Sent
from payments.states import FINAL, LIVE, MOVES, POSTED_REFUNDS, Status
from tests.simulation.books import Sight

Row = dict[str, Any]
COUNTED = ("settled", "disputed")
AT_WORK = (IntentStatus.AWAITING_MEMBER, IntentStatus.PROCESSING, IntentStatus.SUCCEEDED)
FOR_A_PERSON = {"charge differs", "charge in a strange state", "impossible move", "double credit", "dispute won late"}
NEVER = {"charge differs", "charge in a strange state", "refund differs", "impossible move", "impossible refund"}
OUR_ERRORS = {"", "OutcomeUnknown", "Busy", "NotAllowed", "NotYetKnown"}  # why an event may have to wait


def money_of_each_payment(sight: Sight) -> Iterator[str]:
    """Rule 1: what we count of a payment is what the gateway has of it, but for news on its way."""
    for payment in sight.payments:
        counted = sight.cents(payment["reference"], "settled")
        net = sight.net_cents(payment["uuid"])
        if counted > sight.received_cents(payment["uuid"]):
            yield f"payment {_name(payment)} counts {counted} cents, and the gateway never received them"
        under_way = payment["status"] in LIVE or sight.news_of(payment["uuid"])
        unsure = sight.refunds_cents(payment["id"], "sending")  # posted here, perhaps not known there
        if not under_way and counted not in (net, net - unsure) and not _credited_twice(sight, payment):
            yield f"payment {_name(payment)} counts {counted} cents, the gateway has {net}"


def credits_of_each_payment(sight: Sight) -> Iterator[str]:
    """Rules 1 and 2: the status of a payment says what is held, counted and reversed of it, to the cent."""
    for payment in sight.payments:
        status, amount = payment["status"], payment["amount_cents"]
        back = sight.refunds_cents(payment["id"], *POSTED_REFUNDS)
        should = {
            Status.PAID: (0, amount - back, back),
            Status.RETURNED: (0, 0, amount),
        }.get(status, (amount if status in LIVE else 0, 0, 0))
        found = tuple(sight.cents(payment["reference"], *kinds) for kinds in (("held",), COUNTED, ("reversed",)))
        if found != should:
            yield f"payment {_name(payment)}: held, counted, reversed are {found}, not {should}"
        if any(c["household_id"] != payment["household_id"] for c in sight.credits_of[payment["reference"]]):
            yield f"money of payment {_name(payment)} went to another household"
    known = {payment["reference"] for payment in sight.payments}
    yield from (f"credits of {source}, which is no payment" for source in sight.credits_of if source not in known)


def bills_within_their_totals(sight: Sight) -> Iterator[str]:
    """Rule 2: no bill above its total; rule 3: at most one live attempt a bill."""
    for bill in sight.bills:
        placed = [c for c in sight.credits if c["bill_id"] == bill["id"]]
        live = sum(c["amount_cents"] for c in placed if c["status"] in ("held", *COUNTED))
        if live > bill["total_cents"]:
            yield f"a bill of {bill['total_cents']} cents has {live}"
        if len({c["source"] for c in placed if c["status"] == "held"}) > 1:
            yield "two attempts are live on one bill"


def nothing_vanishes(sight: Sight) -> Iterator[str]:
    """Rule 2: money that is moved stays whole, and money without a bill waits only while no bill wants it."""
    children: Counter[int] = Counter()
    for credit in sight.credits:
        children[credit["parent_id"]] += credit["amount_cents"]
    for credit in sight.credits:
        if credit["status"] == "superseded" and children[credit["id"]] != credit["amount_cents"]:
            yield f"a credit of {credit['amount_cents']} cents was moved and became {children[credit['id']]}"
    on_bills: Counter[int] = Counter()
    for credit in sight.credits:
        if credit["status"] in ("held", *COUNTED):
            on_bills[credit["bill_id"]] += credit["amount_cents"]
    for credit in sight.credits:
        if credit["bill_id"] is None and credit["status"] == "settled":
            wanting = [b for b in sight.bills if b["household_id"] == credit["household_id"]]
            if any(on_bills[bill["id"]] < bill["total_cents"] for bill in wanting):
                yield f"{credit['amount_cents']} cents lie beside a bill that is open"


def charged_once(sight: Sight) -> Iterator[str]:
    """Rule 3: one charge a payment, known here; and while the gateway works on it, its money is held or counted."""
    by_uuid = {payment["uuid"]: payment for payment in sight.payments}
    for intent in sight.intents:
        if intent.metadata.get("payment") not in by_uuid:
            yield f"{intent.id} has no payment here"
    for payment in sight.payments:
        working = [i for i in sight.intents_of[payment["uuid"]] if i.status in AT_WORK]
        if len(working) > 1:
            yield f"payment {_name(payment)} is charged {len(working)} times"
        for intent in working:
            if intent.id != payment["intent_id"]:
                yield f"payment {_name(payment)} does not know its charge {intent.id}"
            if intent.amount_cents != payment["amount_cents"]:
                yield f"payment {_name(payment)} is charged {intent.amount_cents} cents"
            if payment["status"] not in {*LIVE, Status.PAID, Status.RETURNED}:
                yield f"payment {_name(payment)} is not live here, and the gateway has it {intent.status}"


def refunded_once(sight: Sight) -> Iterator[str]:
    """Rules 1 and 3: no refund is sent twice or above what was paid, and none is called done before it is."""
    theirs = {refund.metadata.get("refund"): refund for refund in sight.sent_back if refund.status is not Sent.FAILED}
    if len(theirs) != sum(refund.status is not Sent.FAILED for refund in sight.sent_back):
        yield "a refund was sent twice"
    amounts = {payment["id"]: payment["amount_cents"] for payment in sight.payments}
    for payment_id, amount in amounts.items():
        if sight.refunds_cents(payment_id, "requested", *POSTED_REFUNDS) > amount:
            yield f"more than the {amount} cents of a payment are refunded"
    known = {refund["uuid"]: refund for refund in sight.refunds}
    yield from (f"{refund.id} has no refund here" for uuid, refund in theirs.items() if uuid not in known)
    ever = {refund.metadata.get("refund") for refund in sight.sent_back}
    for uuid, refund in known.items():
        if refund["status"] in ("pending", "succeeded") and uuid not in ever:
            yield f"a refund is {refund['status']} here and unknown at the gateway"
    told = Counter(m["key"].split(":")[3] for m in sight.messages if m["kind"] == "refund_succeeded")
    yield from ("a refund was told twice" for count in told.values() if count > 1)


def autopay_keeps_its_word(sight: Sight) -> Iterator[str]:
    """Rule 3: a draw that was skipped or dropped charges nothing, none charges more than was announced or allowed."""
    for draw in sight.draws:
        if draw["charged"] and draw["status"] != "drawn":
            yield f"a draw is {draw['status']} and charged {draw['charged']} cents"
        if (draw["charged"] or 0) > min(draw["amount_cents"], draw["limit_cents"] or draw["amount_cents"]):
            yield f"a draw of {draw['amount_cents']} cents charged {draw['charged']}"


def our_own_proof_agrees(sight: Sight) -> Iterator[str]:
    """The nightly proof of the books finds nothing, but that the worker was down and sealed nothing."""
    found = [m["detail"] for m in sight.matters if m["kind"] == "books disagree"]
    yield from (detail for detail in found if "every audit entry is sealed" not in detail)


def the_account_agrees(sight: Sight) -> Iterator[str]:
    """What a household reads entry by entry ends at what it owes, with what is set aside, less its credit."""
    for household in Household.objects.filter(pk__in={bill["household_id"] for bill in sight.bills}):
        money, aside = bills.account_for(household), bills.aside_cents_for(household)
        should = money.owed_cents + aside.held_cents + aside.disputed_cents - money.unplaced_cents
        balance = sum(statements.years_for(household).values())
        if balance != should:
            yield f"an account ends at {balance} cents, and {should} are owed"


def no_alarm_is_false(sight: Sight) -> Iterator[str]:
    """The gateway of a history never alters what we asked for, and never takes a word back: staff hear of neither."""
    yield from (f"{m['kind']}: {m['detail']}" for m in sight.matters if m["kind"] in NEVER)


def histories_are_paths(sight: Sight) -> Iterator[str]:
    """Rule 4: every step is in the table of moves, and the last one is where the payment stands."""
    for payment in sight.payments:
        today = ""
        for step in sight.steps_of[payment["id"]]:
            legal = step["to_status"] == Status.STARTED if not today else step["to_status"] in MOVES[Status(today)]
            if step["from_status"] != today or not legal:
                yield f"payment {_name(payment)} went from {today or 'nothing'} to {step['to_status']}"
            today = step["to_status"]
        if today != payment["status"]:
            yield f"payment {_name(payment)} has a history that ends at {today or 'nothing'}"


def proof_once(sight: Sight) -> Iterator[str]:
    """Rule 4: one receipt and one confirmation for what was paid, none for the rest, and no mail twice."""
    receipts = Counter(receipt["payment_id"] for receipt in sight.receipts)
    told = Counter(message["key"] for message in sight.messages)
    for payment in sight.payments:
        was_paid = sum(step["to_status"] == Status.PAID for step in sight.steps_of[payment["id"]])
        if receipts[payment["id"]] != was_paid:
            yield f"payment {_name(payment)} was paid {was_paid} times and has {receipts[payment['id']]} receipts"
        if told[f"payment:{payment['reference']}:paid"] != was_paid:
            yield f"payment {_name(payment)} was paid {was_paid} times, told {told[payment['reference']]}"
    amounts = {payment["id"]: payment["amount_cents"] for payment in sight.payments}
    yield from ("a receipt of another amount" for r in sight.receipts if r["amount_cents"] != amounts[r["payment_id"]])
    yield from _mails(sight)


def _mails(sight: Sight) -> Iterator[str]:
    """A mail may leave twice only when its worker was killed, and then under the same Message-ID."""
    sent = Counter(mail.extra_headers["Message-ID"] for mail in sight.mails)
    again = sum(times - 1 for times in sent.values())
    if again > sight.kills:
        yield f"{again} mails were sent again, and only {sight.kills} workers were killed"
    waiting = {f"<message-{message['id']}@testserver>" for message in sight.messages}
    yield from (f"mail {found} is no message of ours" for found in sent if found not in waiting)


def events_wait_for_a_reason(sight: Sight) -> Iterator[str]:
    """Rule 5: an event waits only because of the gateway, never because of an error of ours."""
    yield from (f"event put off by {h['error']}" for h in sight.hints if h["error"] not in OUR_ERRORS)


def nothing_is_stuck(sight: Sight) -> Iterator[str]:
    """Rule 5, at rest: every payment is final, paid, or waits for a person; no event and no message waits."""
    for payment in sight.payments:
        if payment["status"] not in {*FINAL, Status.PAID} and not _asked(sight, payment["id"]):
            yield f"payment {_name(payment)} is stuck at {payment['status']}"
    asked = {refund["payment_id"]: refund["status"] for refund in sight.refunds}
    stuck = [
        status
        for payment_id, status in asked.items()
        if status in ("sending", "pending") and not _asked(sight, payment_id)
    ]
    yield from (f"a refund is stuck at {status}" for status in stuck)
    yield from (f"event {hint['event_id']} still waits" for hint in sight.hints if hint["status"] == "received")
    yield from (f"message {m['kind']} is {m['status']}" for m in sight.messages if m["status"] != "sent")


def money_at_rest(sight: Sight) -> Iterator[str]:
    """Rule 1, at rest: each payment and the total agree with the gateway, or a person is asked about it."""
    off = 0
    for payment in sight.payments:
        counted = sight.cents(payment["reference"], "settled")
        net = sight.net_cents(payment["uuid"])
        if counted == net:
            continue
        off += counted - net
        if not _asked(sight, payment["id"]) and not _dead(sight, payment):
            yield f"payment {_name(payment)} counts {counted} cents, the gateway has {net}, and no one is asked"
    total = sum(c["amount_cents"] for c in sight.credits if c["status"] == "settled")
    uuids = [payment["uuid"] for payment in sight.payments]
    gateway = sum(sight.net_cents(uuid) for uuid in uuids)
    if total - gateway != off:
        yield f"we count {total} cents in all, the gateway has {gateway}"


def _credited_twice(sight: Sight, payment: Row) -> bool:
    """Return whether staff are asked about a refund that a dispute met: the gateway may have less than we count."""
    return any(matter["kind"] == "double credit" for matter in sight.matters_of[payment["id"]])


def _asked(sight: Sight, payment_id: int) -> bool:
    """Return whether a person is asked about what only a person can end. What reconciling found does not count."""
    return any(matter["kind"] in FOR_A_PERSON for matter in sight.matters_of[payment_id])


def _dead(sight: Sight, payment: Row) -> bool:
    """Return whether staff are asked about an event of this payment that could not be worked off."""
    return sight.news_of(payment["uuid"]) and any(m["kind"] == "event not worked off" for m in sight.matters)


def _name(payment: Row) -> str:
    return f"{payment['n']} of {payment['amount_cents']} cents ({payment['status']})"


Rule = Callable[[Sight], Iterator[str]]
ALWAYS: tuple[Rule, ...] = (
    money_of_each_payment,
    credits_of_each_payment,
    bills_within_their_totals,
    nothing_vanishes,
    charged_once,
    refunded_once,
    autopay_keeps_its_word,
    our_own_proof_agrees,
    no_alarm_is_false,
    histories_are_paths,
    proof_once,
    events_wait_for_a_reason,
)
AT_REST: tuple[Rule, ...] = (nothing_is_stuck, money_at_rest, the_account_agrees)

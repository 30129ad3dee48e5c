"""Payouts: every line belongs to a payment of ours and adds up to the cent, every payment is a line."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from payments import services
from payments.gateway.port import Entry, EntryKind
from payments.models import PayoutEntry, ReconciliationFinding
from tests import factories
from tests.payments.reconciling.looking import age, run


def days_ago(days):
    return datetime.now(UTC) - timedelta(days=days)


def line(**facts):
    known = {"id": "txn_x", "kind": EntryKind.PAYMENT, "amount_cents": 900, "fee_cents": 0, "net_cents": 900}
    known |= {"source_id": "ch_x", "intent_id": "", "deployment": "", "created_at": days_ago(3)}
    return Entry(**(known | facts))


def test_a_payout_that_adds_up_is_kept_line_by_line_without_a_finding(paying):
    payment = paying.pay()
    payout = paying.fake.pay_out()
    found = run("payouts")
    assert (found.looked, found.names) == (1, [])
    entry = PayoutEntry.objects.get()
    assert (entry.payment, entry.payout_id, entry.kind, entry.amount_cents) == (payment, payout.id, "payment", 2400)
    assert run("payouts").names == []
    assert PayoutEntry.objects.count() == 1


def test_a_line_that_is_missing_makes_a_payout_that_does_not_add_up_and_a_payment_in_no_payout(paying):
    payment = paying.pay()
    age(paying, days=20)
    payout = paying.fake.pay_out(days_ago(18))
    paying.fake.lines[payout.id].clear()
    assert run("payouts").rows == [
        ("payout does not add up", "", payout.id, "$24.00", "$0.00"),
        ("in no payout", payment.reference, payment.charge_id, "paid out within 10 days", "in no payout"),
    ]


def test_a_payment_that_is_not_paid_out_yet_has_ten_days(paying):
    paying.pay()
    age(paying, days=9)
    assert run("payouts").names == []
    age(paying, days=2)
    assert run("payouts").names == ["in no payout"]


def test_a_line_of_a_charge_that_we_do_not_know_is_named(paying):
    payout = paying.fake.pay_out()
    paying.fake.lines[payout.id].append(line())
    paying.fake.sent[0] = replace(payout, amount_cents=900)
    assert run("payouts").rows == [
        ("payout line of nobody", "", "ch_x", "a payment here", f"payment $9.00 in {payout.id}")
    ]


def test_lines_of_another_deployment_and_the_gateways_own_are_left_alone(paying):
    foreign = paying.fake.create(amount_cents=900, method="card", key="k", metadata={"deployment": "elsewhere"})
    payout = paying.fake.pay_out()
    paying.fake.lines[payout.id] += [
        line(id="txn_1", deployment="elsewhere"),
        line(id="txn_2", kind=EntryKind.REFUND, amount_cents=-100, net_cents=-100, intent_id=foreign.id),
        line(id="txn_3", kind=EntryKind.OTHER, amount_cents=-30, net_cents=-30),
        line(id="txn_4", kind=EntryKind.PAYOUT, amount_cents=-770, net_cents=-770),
    ]
    paying.fake.sent[0] = replace(payout, amount_cents=770)
    found = run("payouts")
    assert (found.looked, found.names) == (4, [])


def test_a_line_of_another_amount_than_its_payment_is_named(paying):
    payment = paying.pay()
    payout = paying.fake.pay_out()
    lines = paying.fake.lines[payout.id]
    lines[0] = replace(lines[0], amount_cents=2500, net_cents=2400, fee_cents=100)
    assert run("payouts").rows == [
        ("payout line of another amount", payment.reference, lines[0].id, "$24.00", "$25.00")
    ]


def test_a_refund_and_a_dispute_of_ours_are_lines_of_their_payment(paying):
    payment = paying.pay()
    refund = services.request_refund(payment=payment, amount_cents=400, reason="Paid twice", actor=factories.user())
    dispute_id = paying.fake.open_dispute(payment.intent_id)
    services.apply_dispute(payment, paying.fake.dispute(dispute_id), via="webhook")
    payout = paying.fake.pay_out()
    assert refund.status == "succeeded"
    assert payout.amount_cents == 2400 - 400 - 2400 - 1500, "the gateway took a fee for the dispute"
    assert run("payouts").names == []
    kept = PayoutEntry.objects.filter(payment=payment).values_list("kind", "amount_cents", "fee_cents")
    assert sorted(kept) == [("dispute", -2400, 1500), ("payment", 2400, 0), ("refund", -400, 0)]


def test_a_refund_line_that_is_no_refund_of_ours_is_named_with_its_payment(paying):
    payment = paying.pay()
    refund_id = paying.fake.give_back(payment.intent_id, 400)
    payout = paying.fake.pay_out()
    assert run("payouts").rows == [
        ("payout line of nobody", payment.reference, refund_id, "a refund here", f"refund -$4.00 in {payout.id}")
    ]


def test_a_payout_that_adds_up_later_closes_its_finding(paying):
    paying.pay()
    payout = paying.fake.pay_out()
    paying.fake.sent[0] = replace(payout, amount_cents=2300)
    assert run("payouts").names == ["payout does not add up"]
    paying.fake.sent[0] = payout
    assert run("payouts").names == []
    assert ReconciliationFinding.objects.get().outcome == "gone"


def test_a_dry_run_keeps_no_lines_and_says_what_is_in_no_payout(paying):
    paid_out, left = paying.pay(cents=1900), paying.pay(cents=500)
    age(paying, days=20)
    payout = paying.fake.pay_out(days_ago(18))
    lost = next(line for line in paying.fake.lines[payout.id] if line.intent_id == left.intent_id)
    paying.fake.lines[payout.id].remove(lost)
    paying.fake.sent[0] = replace(payout, amount_cents=1900)
    found = run("payouts", dry_run=True)
    assert (found.looked, found.rows) == (
        1,
        [("in no payout", left.reference, left.charge_id, "paid out within 10 days", "in no payout")],
    )
    assert not PayoutEntry.objects.exists()
    assert not ReconciliationFinding.objects.exists()
    assert run("payouts").rows == found.rows
    assert PayoutEntry.objects.get().payment == paid_out
    assert run("payouts", dry_run=True).rows == found.rows, "what earlier runs kept is known to a dry one"

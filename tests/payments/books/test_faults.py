"""Each fault, planted past the database's own rules, is found and named: the payment, and the rule it breaks."""

import pytest

from payments import books
from portal.shared import audit
from tests import factories
from tests.raw import plant, redefine

PAYMENT = "WHERE payment_id = (SELECT id FROM payments_payment WHERE reference = %s)"
SOURCE = "WHERE source = %s AND status <> 'superseded'"


def found() -> set[tuple[str, str]]:
    return {(wrong.rule, wrong.reference) for wrong in books.within(books.RULES)}


FAULTS = {  # what breaks the rule: of which payment, and what was done to it
    "a payment has its money": [
        ("paid", "UPDATE billing_credit SET amount_cents = 2399 {source}"),
        ("paid", "UPDATE billing_credit SET status = 'held' {source}"),
        ("paid", "DELETE FROM billing_credit {source}"),
        ("processing", "DELETE FROM billing_credit {source}"),
        ("failed", "UPDATE billing_credit SET status = 'settled' {source}"),
        ("returned", "UPDATE billing_credit SET status = 'settled' {source}"),
        ("refunded", "UPDATE payments_refund SET amount_cents = 999 {payment}"),
        ("refunded", "UPDATE payments_refund SET status = 'failed' {payment}"),
    ],
    "no refund above what was paid": [
        ("refunded", "UPDATE payments_refund SET amount_cents = 2401 {payment}"),
    ],
    "disputed money is set aside": [
        ("disputed", "UPDATE billing_credit SET status = 'settled' {source}"),
        ("paid", "UPDATE billing_credit SET status = 'disputed' {source}"),
    ],
    "a history ends where the payment stands": [
        ("paid", "UPDATE payments_payment SET status = 'processing', paid_at = NULL WHERE reference = %s"),
    ],
    "a step is as it was written": [
        ("paid", "UPDATE payments_paymentevent SET via = 'nobody' {payment} AND position = 2"),
        ("paid", "UPDATE payments_paymentevent SET at = at - interval '1 day' {payment} AND position = 1"),
        ("paid", "UPDATE payments_paymentevent SET hash = 'made up' {payment} AND position = 3"),
        ("paid", "DELETE FROM payments_paymentevent {payment} AND position = 1"),
    ],
    "a history is a path of the table": [
        ("paid", "DELETE FROM payments_paymentevent {payment} AND position = 2"),
    ],
    "no last step is missing": [
        ("paid", "DELETE FROM payments_paymentevent {payment} AND position = 3"),
        ("paid", "DELETE FROM payments_paymentevent {payment}"),
        ("paid", "UPDATE payments_paymentchain SET events = 2 {payment}"),
        ("paid", "DELETE FROM payments_paymentchain {payment}"),
    ],
    "a paid payment has one receipt": [
        ("paid", "DELETE FROM payments_receipt {payment}"),
    ],
    "a receipt is over what was paid": [
        ("paid", "UPDATE payments_receipt SET amount_cents = 2399 {payment}"),
        ("paid", "UPDATE payments_receipt SET split = '[[null, 2399]]' {payment}"),
        ("paid", "UPDATE payments_receipt SET split = '[[null, 2401], [null, -1]]' {payment}"),
    ],
    "a receipt names the household's bills": [
        ("paid", "UPDATE payments_receipt SET split = '[[\"B-OF-NOBODY\", 2400]]' {payment}"),
        ("paid", "UPDATE payments_receipt SET split = '[[null, 1200], [null, 1200]]' {payment}"),
    ],
    "no receipt before it is paid": [
        ("paid", "UPDATE payments_receipt SET issued_at = issued_at - interval '1 hour' {payment}"),
    ],
    "a paid payment has one confirmation": [
        ("paid", "DELETE FROM shared_outgoingmessage WHERE key = 'payment:' || %s || ':paid'"),
    ],
    "no message says paid before it is": [
        (
            "processing",
            "UPDATE shared_outgoingmessage SET kind = 'payment_paid' WHERE key = 'payment:' || %s || ':processing'",
        ),
        (
            "paid",
            "UPDATE shared_outgoingmessage SET created_at = created_at - interval '1 hour'"
            " WHERE key = 'payment:' || %s || ':paid'",
        ),
    ],
    "paid is said again only by support": [
        (
            "ahead",
            "UPDATE shared_outgoingmessage SET kind = 'payment_paid', key = 'payment:' || %s || ':paid:b'"
            " WHERE kind LIKE 'dispute%%'",
        ),
    ],
}


@pytest.mark.parametrize(
    ("rule", "kind", "sql"), [(rule, *fault) for rule, faults in FAULTS.items() for fault in faults]
)
def test_a_planted_fault_is_found_and_named(all_kinds, rule, kind, sql):
    reference = getattr(all_kinds, kind).reference
    plant(sql.format(payment=PAYMENT, source=SOURCE), reference)
    assert (rule, reference) in found()


def test_a_second_receipt_is_found(all_kinds):
    redefine("ALTER TABLE payments_receipt DROP CONSTRAINT payments_receipt_payment_id_key")
    plant(
        "INSERT INTO payments_receipt (payment_id, issued_at, amount_cents, split)"
        " SELECT payment_id, issued_at, amount_cents, split FROM payments_receipt WHERE payment_id = %s",
        all_kinds.paid.pk,
    )
    assert ("a paid payment has one receipt", all_kinds.paid.reference) in found()


def test_a_receipt_of_what_is_not_paid_is_found(all_kinds):
    plant(
        "INSERT INTO payments_receipt (payment_id, issued_at, amount_cents, split) VALUES (%s, now(), 2400, '[]')",
        all_kinds.processing.pk,
    )
    assert ("a paid payment has one receipt", all_kinds.processing.reference) in found()


def test_a_step_that_the_table_does_not_have_is_found(all_kinds):
    redefine("ALTER TABLE payments_paymentevent DROP CONSTRAINT event_is_a_legal_move")
    plant(
        "UPDATE payments_paymentevent SET to_status = 'returned' WHERE payment_id = %s AND position = 3",
        all_kinds.paid.pk,
    )
    assert ("a history is a path of the table", all_kinds.paid.reference) in found()


ADD = """
INSERT INTO billing_credit (household_id, bill_id, source, amount_cents, status, created_at, changed_at)
VALUES (%s, %s, %s, %s, %s, now(), now())
"""


def test_a_bill_credited_above_its_total_is_found(all_kinds):
    payment = all_kinds.paid
    number, _ = payment.receipt.split[0]
    plant(
        ADD.replace("%s, %s, %s, %s, %s", "%s, (SELECT id FROM billing_bill WHERE number = %s), %s, %s, %s"),
        *(payment.household_id, number, payment.reference, 1, "settled"),
    )
    assert {
        ("no bill is credited above its total", f"bill {number}"),
        ("a payment has its money", payment.reference),
    } <= found()


def test_a_second_attempt_on_its_way_is_found(all_kinds):
    payment = all_kinds.processing
    number = payment.reviewed_split[0][0]
    redefine("DROP INDEX one_live_attempt_a_bill")
    plant(
        ADD.replace("%s, %s, %s, %s, %s", "%s, (SELECT id FROM billing_bill WHERE number = %s), %s, %s, %s"),
        *(payment.household_id, number, payment.reference, 1, "held"),
    )
    assert ("one attempt a bill is on its way", f"bill {number}") in found()


def test_money_that_no_payment_brought_is_found(all_kinds):
    household = all_kinds.paid.household
    plant(ADD, household.pk, None, "NOBODY", 500, "settled")
    assert found() == {
        ("money comes with a payment", "NOBODY"),
        ("a household's money is all there", f"household {household.pk}"),
    }


def test_money_in_another_household_is_found_in_both(all_kinds):
    mine, other = all_kinds.ahead, all_kinds.failed.household
    plant("UPDATE billing_credit SET household_id = %s WHERE source = %s", other.pk, mine.reference)
    assert found() == {
        ("money stays in its household", mine.reference),
        ("a bill has its own household's money", f"bill {mine.receipt.split[0][0]}"),
        ("a household's money is all there", f"household {mine.household_id}"),
        ("a household's money is all there", f"household {other.pk}"),
    }


def test_a_split_that_lost_money_is_found(all_kinds):
    payment = all_kinds.refunded
    plant(
        "UPDATE billing_credit SET amount_cents = amount_cents + 1 WHERE source = %s AND status = 'superseded'",
        payment.reference,
    )
    assert found() == {("split money adds up", payment.reference)}


TRAIL = {  # what breaks the rule
    "an audit entry is as it was written": [
        "UPDATE shared_auditentry SET reason = 'another' WHERE id = %s",
        "UPDATE shared_auditentry SET at = now() WHERE id = %s",
    ],
    "the seals are as they were set": [
        "UPDATE shared_auditentry SET hash = 'made up' WHERE id = %s",
        "DELETE FROM shared_auditentry WHERE id = %s",
        "UPDATE shared_auditseal SET hash = 'made up' WHERE entry_id = %s",
        "DELETE FROM shared_auditseal WHERE position = 1 AND entry_id < %s",
    ],
    "no last audit entry is missing": [
        "DELETE FROM shared_auditseal WHERE entry_id = %s",
        "UPDATE shared_audithead SET entries = 1 WHERE id < %s",
        "DELETE FROM shared_audithead WHERE id < %s",
    ],
}


@pytest.mark.parametrize(("rule", "sql"), [(rule, sql) for rule, faults in TRAIL.items() for sql in faults])
def test_a_fault_planted_in_the_audit_trail_is_found(db, rule, sql):
    subject = factories.household()
    entries = [audit.record(action, subject) for action in ("opened", "changed", "closed")]
    audit.seal()
    assert found() == set()
    plant(sql, entries[-1].pk)
    assert rule in {rule for rule, _ in found()}


def test_an_entry_that_the_seal_was_kept_from_is_found_after_an_hour(db, time_machine):
    time_machine.move_to("2020-01-01T00:00Z")
    entry = audit.record("opened", factories.household())
    assert found() == {("every audit entry is sealed", f"audit entry {entry.pk}")}

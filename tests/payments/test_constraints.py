"""What the database itself refuses of a payment, its money, its receipt and its message. Rows come in plain SQL."""

import pytest
from django.db import IntegrityError, transaction

from payments.models import Payment
from tests import factories
from tests.raw import write

SET = "UPDATE payments_payment SET "
RECEIPT = """
INSERT INTO payments_receipt (payment_id, issued_at, amount_cents, split)
VALUES (%s, now(), %s, %s)
"""
MESSAGE = """
INSERT INTO shared_outgoingmessage (
    key, kind, channel, recipient, language, subject, body_text, body_html, unsubscribe_url, about,
    provider_id, status, tries, next_try_at, created_at, error, keeps_hours
)
VALUES (
    %s, 'payment_paid', 'email', 'testa@example.test', 'en', '', '', '', '', '{}', '', 'waiting', 0, now(), now(), '',
    false
)
"""
MOVED = """
WITH step AS (
    INSERT INTO payments_paymentevent (payment_id, at, from_status, to_status, via, code, position, hash)
    SELECT id, now(), status, %s, 'test', '', 0, '' FROM payments_payment
)
UPDATE payments_payment SET status = %s, paid_at = now(), intent_id = 'pi_x'
"""


@pytest.fixture
def paid(paying):
    return paying.pay()


@pytest.fixture
def sent(paying):
    return paying.pay(method="bank")


def refused(by):
    return pytest.raises(IntegrityError, match=by)


@pytest.mark.parametrize(
    ("change", "by"),
    [
        ("amount_cents = 2399", "payment_facts_stay|what is written stays"),
        ("reference = 'ANOTHER'", "what is written stays"),
        ("uuid = gen_random_uuid()", "what is written stays"),
        ("method = 'bank'", "what is written stays"),
        ("status = 'lost', paid_at = NULL", "payment_status_known"),
        ("paid_at = NULL", "payment_paid_has_moment"),
        ("ended_at = now()", "payment_end_has_moment"),
        ("intent_id = NULL", "payment_known_at_gateway"),
        ("intent_id = ''", "payment_gateway_ids_not_empty"),
        ("charge_id = ''", "payment_gateway_ids_not_empty"),
        ("status = 'processing', paid_at = NULL", "payment_ends_its_history"),
    ],
)
def test_a_paid_payment_stays_what_it_is(paid, change, by):
    with refused(by):
        write(SET + change)


@pytest.mark.parametrize(
    ("change", "by"),
    [
        ("paid_at = now()", "payment_moment_only_when_paid"),
        ("intent_id = NULL", "payment_known_at_gateway"),
        ("submitted_at = NULL", "payment_sent_has_moment"),
        ("status = 'paid', paid_at = now()", "payment_ends_its_history"),
        ("status = 'failed', ended_at = now()", "payment_ends_its_history"),
    ],
)
def test_a_payment_at_the_bank_stays_what_it_is(sent, change, by):
    with refused(by):
        write(SET + change)


def test_a_payment_is_never_deleted_nor_given_to_another_household(paid):
    with refused("DELETE of payments_payment is refused"):
        write("DELETE FROM payments_payment")
    with refused("UPDATE of payments_payment is refused"):
        write(SET + "household_id = %s", factories.household().pk)


def test_a_payment_without_a_history_is_refused(paying):
    with refused("payment_ends_its_history"), transaction.atomic():
        Payment.objects.create(household=paying.household, payer=paying.user, amount_cents=100, method="card")
        write("SELECT 1")


def test_two_payments_never_share_what_the_gateway_calls_one(paid, paying):
    other = paying.start(cents=100)
    for name in ("intent_id", "charge_id"):
        with refused(f"{name}"):
            write(f"{SET}{name} = (SELECT {name} FROM payments_payment WHERE id = %s) WHERE id = %s", paid.pk, other.pk)


def test_a_step_to_paid_without_its_money_is_refused(sent):
    with refused("payment_has_its_money"):
        write(MOVED, "paid", "paid")


def test_a_step_to_paid_without_a_receipt_is_refused(sent):
    settle = "WITH settled AS (UPDATE billing_credit SET status = 'settled') "
    with refused("payment_has_its_receipt"):
        write(settle + "," + MOVED.strip().removeprefix("WITH"), "paid", "paid")


def test_a_step_to_paid_without_a_confirmation_is_refused(sent):
    both = f"WITH settled AS (UPDATE billing_credit SET status = 'settled'), proof AS ({RECEIPT} RETURNING id),"
    with refused("payment_has_its_confirmation"):
        write(both + MOVED.strip().removeprefix("WITH"), sent.pk, 2400, "[[null, 2400]]", "paid", "paid")


def test_a_step_to_failed_that_leaves_the_bill_held_is_refused(sent):
    with refused("payment_has_its_money"):
        write(MOVED.replace("paid_at", "ended_at"), "failed", "failed")


@pytest.mark.parametrize("status", ["settled", "released", "reversed"])
def test_money_on_its_way_does_not_arrive_or_go_without_its_payment(sent, status):
    with refused("payment_has_its_money"):
        write("UPDATE billing_credit SET status = %s", status)


def test_paid_money_is_not_held_again(paid):
    with refused("payment_has_its_money"):
        write("UPDATE billing_credit SET status = 'held'")


def test_a_payment_is_credited_no_cent_more(paid, paying):
    with refused("payment_has_its_money"):
        write(
            "INSERT INTO billing_credit (household_id, source, amount_cents, status, created_at, changed_at)"
            " VALUES (%s, %s, 1, 'settled', now(), now())",
            paying.household.pk,
            paid.reference,
        )


def test_there_is_no_receipt_for_what_is_not_paid(sent):
    with refused("payment_has_its_receipt"):
        write(RECEIPT, sent.pk, 2400, "[[null, 2400]]")


def test_there_is_no_second_receipt(paid):
    with refused("payments_receipt_payment_id_key"):
        write(RECEIPT, paid.pk, 2400, "[[null, 2400]]")


@pytest.mark.parametrize("split", ["[[null, 2399]]", "[]", '[["B-1", 2400], [null, 1]]'])
def test_a_receipt_is_over_the_whole_amount(sent, split):
    both = f"WITH settled AS (UPDATE billing_credit SET status = 'settled'), proof AS ({RECEIPT} RETURNING id),"
    with refused("payment_has_its_receipt"):
        write(both + MOVED.strip().removeprefix("WITH"), sent.pk, 2400, split, "paid", "paid")


@pytest.mark.parametrize("change", ["UPDATE payments_receipt SET amount_cents = 1", "DELETE FROM payments_receipt"])
def test_a_receipt_stays_as_it_was_issued(paid, change):
    with refused("what is written stays"):
        write(change)


def test_no_message_says_paid_of_what_is_not(sent):
    with refused("payment_has_its_confirmation"):
        write(MESSAGE, f"payment:{sent.reference}:paid")
    with refused("a message says paid of what is not"):
        write(MESSAGE, f"payment:{sent.reference}:paid:again")
    with refused("a message says paid of what is not"):
        write(MESSAGE, "payment:NOBODY:paid")


def test_no_second_message_says_paid_under_the_same_key(paid):
    with refused("shared_outgoingmessage_key"):
        write(MESSAGE, f"payment:{paid.reference}:paid")

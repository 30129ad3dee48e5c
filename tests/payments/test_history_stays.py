"""A payment's history is a legal path that nobody changes: the database itself refuses, whoever asks."""

import base64
import hashlib

import pytest
from django.db import IntegrityError, connection, transaction

from payments.models import PaymentChain, PaymentEvent
from tests.raw import write

ADD = """
INSERT INTO payments_paymentevent (payment_id, at, from_status, to_status, via, code, position, hash)
VALUES (%s, now(), %s, %s, 'test', '', %s, %s)
"""


@pytest.fixture
def paid(paying):
    return paying.pay()


@pytest.mark.parametrize("change", ["via = 'nobody'", "at = now()", "to_status = 'returned'", "hash = 'x'"])
def test_a_step_is_never_changed(paid, change):
    with pytest.raises(IntegrityError, match="UPDATE of payments_paymentevent is refused"):
        write(f"UPDATE payments_paymentevent SET {change}")


def test_a_step_is_never_deleted(paid):
    with pytest.raises(IntegrityError, match="DELETE of payments_paymentevent is refused"):
        write("DELETE FROM payments_paymentevent WHERE to_status = 'paid'")


def test_a_session_that_turns_ordinary_triggers_off_is_refused_too(paid):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    with pytest.raises(IntegrityError, match="is refused"):
        write("DELETE FROM payments_paymentevent")
    with pytest.raises(IntegrityError, match="is refused"):
        write("UPDATE payments_paymentchain SET events = 2")


@pytest.mark.parametrize(
    "sql", ["UPDATE payments_paymentchain SET events = 2", "DELETE FROM payments_paymentchain WHERE events = 3"]
)
def test_the_count_of_steps_is_the_databases_own(paid, sql):
    with pytest.raises(IntegrityError, match="the database keeps it"):
        write(sql)


def test_a_step_begins_where_the_last_one_ended(paid):
    with pytest.raises(IntegrityError, match="cannot follow one to paid"):
        write(ADD, paid.pk, "processing", "failed", 4, "")


def test_a_second_beginning_is_refused(paid):
    with pytest.raises(IntegrityError, match="cannot follow one to paid"):
        write(ADD, paid.pk, "", "started", 4, "")


def test_a_step_that_the_table_of_moves_does_not_have_is_refused(paid):
    with pytest.raises(IntegrityError, match="event_is_a_legal_move"):
        write(ADD, paid.pk, "paid", "failed", 4, "")


def test_place_and_hash_are_the_databases_whatever_is_written(paid):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ADD, [paid.pk, "paid", "returned", 77, "made up"])
        cursor.execute("SELECT position, hash FROM payments_paymentevent ORDER BY id DESC LIMIT 1")
        position, mark = cursor.fetchone()
        chain = PaymentChain.objects.get(payment=paid)
        transaction.set_rollback(True)  # the payment itself has not moved, which no commit would accept
    assert (position, len(mark)) == (4, 44)
    assert (chain.events, chain.status, chain.hash) == (4, "returned", mark)


def test_each_hash_is_over_the_step_and_the_hash_before(paid):
    first, second = PaymentEvent.objects.filter(payment=paid).order_by("position")[:2]
    moment = f"{second.at.timestamp():.6f}"
    written = f'["{first.hash}", {paid.pk}, 2, {moment}, "started", "submitting", "submit", ""]'
    assert second.hash == base64.b64encode(hashlib.sha256(written.encode()).digest()).decode()

"""What the database itself refuses, whatever the code above it does. Rows are written in plain SQL."""

import pytest
from django.db import IntegrityError, connection

from tests import factories
from tests.raw import write

pytestmark = pytest.mark.django_db


@pytest.fixture
def bill():
    return factories.bill(household=factories.household())


def add_credit(bill, cents: int, status: str = "settled", *, household=None, source: str = "P1") -> None:
    write(
        "INSERT INTO billing_credit (household_id, bill_id, source, amount_cents, status, created_at, changed_at)"
        " VALUES (%s, %s, %s, %s, %s, now(), now())",
        *((household or bill.household).pk, bill and bill.pk, source, cents, status),
    )


def test_credits_up_to_the_total_are_accepted(bill):
    add_credit(bill, 1000)
    add_credit(bill, 1400, "held")


def test_credits_above_the_total_are_refused(bill):
    add_credit(bill, 1000, "held")
    with pytest.raises(IntegrityError, match="above its total"):
        add_credit(bill, 1401)


def test_disputed_money_counts_like_paid_money(bill):
    add_credit(bill, 1000, "disputed")
    with pytest.raises(IntegrityError, match="above its total"):
        add_credit(bill, 1401, "disputed")


def test_credits_that_do_not_count_may_add_up_to_more(bill):
    for status in ("released", "reversed"):
        add_credit(bill, 2400, status)
    add_credit(bill, 2400)


def test_a_dead_credit_cannot_come_to_life_above_the_total(bill):
    add_credit(bill, 2400)
    add_credit(bill, 100, "reversed")
    with pytest.raises(IntegrityError, match="above its total"):
        write("UPDATE billing_credit SET status = 'settled'")


def test_credit_of_the_household_cannot_be_placed_above_the_total(bill):
    add_credit(None, 2401, household=bill.household)
    with pytest.raises(IntegrityError, match="above its total"):
        write("UPDATE billing_credit SET bill_id = %s", bill.pk)


def test_a_total_cannot_be_lowered_below_its_credits(bill):
    add_credit(bill, 2400)
    with pytest.raises(IntegrityError, match="above its total"):
        write("UPDATE billing_bill SET total_cents = 2399")


def test_a_total_may_be_lowered_to_its_credits(bill):
    add_credit(bill, 2000)
    write("UPDATE billing_bill SET total_cents = 2000")


def test_money_of_another_household_cannot_lie_on_a_bill(bill):
    with pytest.raises(IntegrityError, match="another household"):
        add_credit(bill, 100, household=factories.household())


def test_a_bill_with_money_on_it_cannot_change_its_household(bill):
    add_credit(bill, 100)
    with pytest.raises(IntegrityError, match="another household"):
        write("UPDATE billing_bill SET household_id = %s", factories.household().pk)


def test_one_bill_has_one_attempt_on_its_way(bill):
    add_credit(bill, 100, "held")
    with pytest.raises(IntegrityError, match="one_live_attempt_a_bill"):
        add_credit(bill, 100, "held", source="P2")


def test_one_household_has_one_attempt_ahead_on_its_way(bill):
    add_credit(None, 100, "held", household=bill.household)
    with pytest.raises(IntegrityError, match="one_live_attempt_ahead"):
        add_credit(None, 100, "held", household=bill.household, source="P2")


@pytest.mark.parametrize("cents", [0, -1])
def test_a_credit_is_above_zero(bill, cents):
    with pytest.raises(IntegrityError, match="credit_above_zero"):
        add_credit(bill, cents)


def test_a_bill_is_never_below_zero(bill):
    with pytest.raises(IntegrityError, match="bill_total_not_negative"):
        write("UPDATE billing_bill SET total_cents = -1")


def test_a_bill_is_never_due_before_it_is_issued(bill):
    with pytest.raises(IntegrityError, match="bill_due_after_issued"):
        write("UPDATE billing_bill SET due_on = issued_on - 1")


@pytest.mark.parametrize("change", ["amount_cents = 99", "source = 'P2'", "parent_id = id", "status = 'settled'"])
def test_what_a_credit_is_never_changes_and_let_go_is_let_go(bill, change):
    add_credit(bill, 100, "released")
    with pytest.raises(IntegrityError, match="what is written stays"):
        write(f"UPDATE billing_credit SET {change}")


def test_money_never_moves_to_another_household(bill):
    add_credit(None, 100, household=bill.household)
    with pytest.raises(IntegrityError, match="what is written stays"):
        write("UPDATE billing_credit SET household_id = %s", factories.household().pk)


def test_money_is_never_deleted(bill):
    add_credit(bill, 100)
    with pytest.raises(IntegrityError, match="what is written stays"):
        write("DELETE FROM billing_credit")


def test_what_came_with_one_source_is_of_one_household(bill):
    add_credit(bill, 100)
    with pytest.raises(IntegrityError, match="of two households"):
        add_credit(None, 100, household=factories.household())


SPLIT = """
WITH gone AS (UPDATE billing_credit SET status = 'superseded' RETURNING *)
INSERT INTO billing_credit (household_id, source, amount_cents, status, parent_id, created_at, changed_at)
SELECT household_id, source, cents, 'settled', id, now(), now() FROM gone, unnest(%s::int[]) AS cents
"""


def test_a_split_credit_is_worth_its_children(bill):
    add_credit(bill, 2400)
    write(SPLIT, [1000, 1400])


@pytest.mark.parametrize("parts", [[1000, 1399], [1000, 1401], [1000, 1400, 1], []])
def test_a_split_that_loses_or_makes_money_is_refused(bill, parts):
    add_credit(bill, 2400)
    with pytest.raises(IntegrityError, match="was split into"):
        write(SPLIT, parts)


def test_a_child_of_a_credit_that_still_counts_is_refused(bill):
    add_credit(bill, 2400)
    with pytest.raises(IntegrityError, match="was split into"):
        write(
            "INSERT INTO billing_credit (household_id, source, amount_cents, status, parent_id, created_at, changed_at)"
            " SELECT household_id, source, amount_cents, 'settled', id, now(), now() FROM billing_credit"
        )


ADJUSTED = """
WITH made AS (
    INSERT INTO billing_adjustment (number, bill_id, kind, reason, amount_cents, effective_on, imported_at)
    SELECT 'A1', id, 'waiver', 'Hardship', -100, due_on, now() FROM billing_bill RETURNING *
)
INSERT INTO billing_billline (revision_id, position, description, amount_cents, adjustment_id)
SELECT r.id, 2, 'Hardship', -100, made.id FROM made JOIN billing_billrevision r USING (bill_id)
"""


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("billing_billrevision", "total_cents = 1"),
        ("billing_billrevision", "imported_at = imported_at"),
        ("billing_billline", "amount_cents = 1"),
        ("billing_billline", "description = 'another'"),
        ("billing_adjustment", "amount_cents = -1"),
        ("billing_adjustment", "reason = 'another'"),
    ],
)
def test_what_the_agency_sent_is_never_changed(bill, table, change):
    write(ADJUSTED)
    with pytest.raises(IntegrityError, match=f"UPDATE of {table} is refused: what is written stays"):
        write(f"UPDATE {table} SET {change}")


@pytest.mark.parametrize("table", ["billing_billline", "billing_adjustment", "billing_billrevision"])
def test_what_the_agency_sent_is_never_deleted(bill, table):
    write(ADJUSTED)
    with pytest.raises(IntegrityError, match=f"DELETE of {table} is refused: what is written stays"):
        write(f"DELETE FROM {table}")


def test_not_even_a_session_that_plays_back_changes_what_the_agency_sent(bill):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    with pytest.raises(IntegrityError, match="what is written stays"):
        write("DELETE FROM billing_billline")

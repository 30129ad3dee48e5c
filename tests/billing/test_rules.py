"""Standing, order of payment, limit ahead and changes, as pure functions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules import Change, Line, Standing, ahead_limit, changes, split, standing

DUE = date(2026, 12, 1)
CENTS = st.integers(min_value=0, max_value=10**9)
PAYABLES = st.lists(CENTS, max_size=12).map(lambda amounts: list(enumerate(amounts)))


@pytest.mark.parametrize(
    ("settled", "held", "today", "expected"),
    [
        (0, 0, date(2026, 11, 30), Standing.DUE),
        (0, 0, DUE, Standing.DUE),
        (0, 0, date(2026, 12, 2), Standing.OVERDUE),
        (2399, 0, date(2026, 12, 2), Standing.OVERDUE),
        (2400, 0, date(2026, 12, 2), Standing.PAID),
        (0, 2400, date(2026, 12, 2), Standing.IN_PROGRESS),
        (1000, 1400, date(2026, 12, 2), Standing.IN_PROGRESS),
        (0, 2399, date(2026, 12, 2), Standing.OVERDUE),
        (0, 1000, DUE, Standing.DUE),
    ],
)
def test_standing_follows_from_amounts_and_the_day(settled, held, today, expected):
    assert standing(2400, settled, held, DUE, today) == expected


def test_a_bill_of_nothing_is_paid():
    assert standing(0, 0, 0, DUE, date(2027, 1, 1)) == Standing.PAID


def test_split_pays_in_order_and_keeps_the_rest():
    assert split(5000, [("August", 2000), ("September", 2400)]) == [
        ("August", 2000),
        ("September", 2400),
        (None, 600),
    ]


def test_split_passes_over_a_bill_that_needs_nothing():
    assert split(400, [("August", 0), ("September", 2400)]) == [("September", 400)]


@given(amount=CENTS, payables=PAYABLES)
def test_the_parts_of_a_split_add_up_and_never_exceed_a_bill(amount, payables):
    parts = split(amount, payables)
    needed = dict(payables)
    assert sum(cents for _, cents in parts) == amount
    assert all(0 < cents <= needed[key] for key, cents in parts if key is not None)


@given(amount=CENTS, payables=PAYABLES)
def test_no_bill_gets_money_before_every_older_one_is_full(amount, payables):
    given_to = {key: cents for key, cents in split(amount, payables) if key is not None}
    full = [given_to.get(key, 0) == needed for key, needed in payables]
    last = max(given_to, default=0)
    assert all(full[:last])


def test_three_months_may_be_paid_ahead_less_what_is_ahead_already():
    assert ahead_limit(2400, unplaced_cents=0, held_cents=0, months=3) == 7200
    assert ahead_limit(2400, unplaced_cents=7000, held_cents=0, months=3) == 200
    assert ahead_limit(2400, unplaced_cents=9000, held_cents=0, months=3) == 0


def test_nothing_may_be_paid_ahead_while_money_is_on_its_way():
    assert ahead_limit(2400, unplaced_cents=0, held_cents=1, months=3) == 0


def test_changes_name_what_is_new_gone_and_different():
    before = [Line("Ana", "Premium", 1200), Line("Ben", "Premium", 1200), Line("", "Credit", -500)]
    now = [Line("Ana", "Premium", 2000), Line("Ben", "Premium", 1200), Line("Cleo", "Premium", 1200)]
    assert changes(before, now) == [
        Change("Ana", "Premium", 1200, 2000),
        Change("Cleo", "Premium", None, 1200),
        Change("", "Credit", -500, None),
    ]


def test_the_same_lines_in_another_order_are_no_change():
    lines = [Line("Ana", "Premium", 1200), Line("Ana", "Premium", 300), Line("Ben", "Premium", 1200)]
    assert changes(lines, lines[::-1]) == []


LINES = st.lists(st.builds(Line, st.sampled_from("AB"), st.sampled_from("xyz"), st.integers(-3000, 3000)), max_size=6)


@given(before=LINES, now=LINES)
def test_changes_explain_the_whole_difference_of_two_bills(before, now):
    explained = sum((c.now_cents or 0) - (c.before_cents or 0) for c in changes(before, now))
    assert explained == sum(x.amount_cents for x in now) - sum(x.amount_cents for x in before)

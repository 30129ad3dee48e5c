"""Dollars typed by people become cents, or are refused."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.shared.money import NotAnAmount, parse_usd, usd


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("24", 2400), ("$1,234.50", 123450), (" 7.5 ", 750), (".75", 75), ("$ 12.", 1200), ("0", 0)],
)
def test_an_amount_as_people_type_it_is_understood(typed, cents):
    assert parse_usd(typed) == cents


@pytest.mark.parametrize(
    "typed",
    ["", "$", ".", "-5", "1.234", "1e3", "NaN", "٣", "1,23", "12,34.00", "1 000", "1" * 13, "5 dollars"],
)
def test_anything_else_is_refused(typed):
    with pytest.raises(NotAnAmount):
        parse_usd(typed)


@given(st.integers(min_value=0, max_value=99_999_999))
def test_what_is_shown_reads_back_as_the_same_cents(cents):
    assert parse_usd(usd(cents)) == cents


@given(st.text(max_size=20))
def test_no_text_breaks_it(text):
    with contextlib.suppress(NotAnAmount):
        assert parse_usd(text) >= 0

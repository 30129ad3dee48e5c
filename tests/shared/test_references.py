"""Confirmation numbers survive the telephone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.shared.references import ALPHABET, LENGTH, clean_reference, new_reference, spaced

BODY = st.integers(min_value=0, max_value=LENGTH - 1)


def test_no_character_looks_like_another():
    assert not set(ALPHABET) & set("01OILSZBQUV")
    assert len(set(ALPHABET)) == 23


def test_a_thousand_new_numbers_are_all_different():
    assert len({new_reference() for _ in range(1000)}) == 1000


def test_a_number_is_read_in_groups_and_typed_back_in_any_way():
    number = new_reference()
    for typed in (spaced(number), number.lower(), f" {spaced(number).replace('-', ' ')} ", spaced(number).lower()):
        assert clean_reference(typed) == number


@given(place=BODY, letter=st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(place, letter):
    number = new_reference()
    wrong = number[:place] + letter + number[place + 1 :]
    assert clean_reference(wrong) == (number if wrong == number else None)


@given(place=st.integers(min_value=0, max_value=LENGTH - 2))
def test_two_neighbours_swapped_are_noticed(place):
    number = new_reference()
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert clean_reference(swapped) == (number if swapped == number else None)


@pytest.mark.parametrize("typed", ["", "A", "0" * 11, "\x00" * 11, "AAAA-AAAA-AAAA", "２" * 11])
def test_what_cannot_be_a_number_is_none(typed):
    assert clean_reference(typed) is None


@given(st.text(max_size=30))
def test_no_text_breaks_it(text):
    assert clean_reference(text) is None or len(clean_reference(text)) == LENGTH

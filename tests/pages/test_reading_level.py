"""Members can read what we write: sixth grade for whole pages, and no sentence far above it."""

import pytest

from tests import reading
from tests.pages.every_page import PAGES, opened

GRADE = 6.0  # of a whole page
LONE_GRADE = 8.0  # of one string: a single short sentence swings more than a page does
LONG = 8  # words; a shorter string is a label

EXCEPTIONS = {
    "Credit, debit or prepaid card (Visa, Mastercard, American Express, Discover)": "the names are the cards' own",
}
"""Strings that are harder, each with its reason."""


def test_every_string_can_be_read_or_says_why_it_is_hard(words):
    english = [entry for entry in words if entry.msgctxt != "search words"]  # those are read by the search alone
    texts = {text for entry in english for text in (entry.msgid, entry.msgid_plural) if len(reading.words(text)) > LONG}
    assert len(texts) > 400
    hard = {text: round(reading.grade(text), 1) for text in texts if reading.grade(text) > LONE_GRADE}
    assert {text: how for text, how in hard.items() if text not in EXCEPTIONS} == {}
    assert set(EXCEPTIONS) <= set(hard), "an exception that is none any more"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_page_can_be_read_in_sixth_grade(page, desk):
    text = reading.of_page(opened(desk, page.ask(desk)).content.decode())
    assert reading.grade(text) <= GRADE, f"{reading.grade(text):.1f}\n{text}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The cat sat on the mat.", -1.4),
        ("Your bank may still take it back until Friday.", 2.3),
        ("The administration subsequently determined eligibility for continued participation.", 28.8),
    ],
)
def test_a_grade_is_what_the_formula_says(text, expected):
    assert reading.grade(text) == pytest.approx(expected, abs=0.1)

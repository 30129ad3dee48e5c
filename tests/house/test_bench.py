"""The figures are of what they claim: whole histories, and every page of a member."""

import pytest

from bench import pages

pytestmark = pytest.mark.django_db


def test_each_member_measured_has_as_many_payments_in_the_history_as_bills():
    member = pages.Member.with_bills(12)
    shown = member.client.get(member.pages()["payments:history"])
    assert len(shown.context["rows"]) >= 12
    assert shown.content.decode().count("Paid") >= 12


def test_every_page_that_is_measured_is_shown():
    member = pages.Member.with_bills(1)
    assert {"payments:details", "payments:review", "payments:history", "billing:bill"} <= set(member.pages())
    for address in member.pages().values():
        assert pages.queries_of(member.client, address) > 0


def test_a_page_that_nobody_measures_is_named():
    member = pages.Member.with_bills(1)
    history = member.pages().pop("payments:history")
    member.pages = lambda: {"elsewhere": history}
    assert "payments:history" in pages.not_measured(member)

"""What the overview says is due: each day with its own amount, and no way out offered where nothing is owed."""

from datetime import date

import pytest

from billing import services
from tests import factories


@pytest.fixture
def household(member_client):
    return member_client.user.member.household


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-11-24 15:00:00+00:00")


def due(household, month, cents):
    return factories.bill(household=household, lines=[("Monthly premium", cents)], due_on=date(2026, month, 1))


def test_what_is_late_and_what_is_due_next_each_have_their_amount_and_day(member_client, household):
    due(household, 11, 1000)
    due(household, 12, 2400)
    html = member_client.get("/bills/").content.decode()
    assert "$10.00 is late. It was due Nov. 1, 2026." in html
    assert "$24.00 is due Dec. 1, 2026." in html


def test_bills_of_the_same_day_are_one_amount(member_client, household):
    due(household, 12, 1000)
    due(household, 12, 2400)
    html = member_client.get("/bills/").content.decode()
    assert "$34.00 is due Dec. 1, 2026." in html
    assert "late" not in html


def test_where_nothing_is_owed_no_one_is_asked_whether_they_cannot_pay(member_client, household):
    bill = due(household, 12, 2400)
    assert "pay this" in member_client.get("/bills/").content.decode()
    factories.pay(household, "P", 2400)
    assert services.take_up(household=household) == 0
    assert bill.total_cents == 2400
    assert "pay this" not in member_client.get("/bills/").content.decode()

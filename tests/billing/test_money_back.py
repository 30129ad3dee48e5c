"""What a partial reversal, a restored one and a dispute do to bills and to money kept for the next one."""

from datetime import date

import pytest
from django.db import connection

from billing import selectors, services
from billing.models import Credit
from billing.views import words
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def household():
    return factories.household()


def make_bill(household, month: int, cents: int = 2400):
    """A bill of a month of 2026, due on the first of the next."""
    fields = {
        "period": date(2026, month, 1),
        "issued_on": date(2026, month, 1),
        "due_on": date(2026, month + 1, 1),
    }
    return factories.bill(household=household, lines=[("Monthly premium", cents)], **fields)


def payable(household) -> list[int]:
    return [bill.payable_cents for bill in selectors.bills_for(household)]


def sums(source: str) -> dict[str, int]:
    """Return the cents of a source by status, without what was split."""
    rows = Credit.objects.filter(source=source).exclude(status="superseded")
    found: dict[str, int] = {}
    for status, cents in rows.values_list("status", "amount_cents"):
        found[status] = found.get(status, 0) + cents
    return found


@pytest.fixture
def check_now():
    """Have the database check at the end what it would check at the commit."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_part_taken_back_reopens_the_bill_by_that_part(household, check_now):
    make_bill(household, 8)
    factories.pay(household, "P1", 2400)
    services.reverse(source="P1", amount_cents=1000)
    assert payable(household) == [1000]
    assert sums("P1") == {"settled": 1400, "reversed": 1000}


def test_unplaced_money_is_taken_back_first_then_that_of_the_bill_due_last(household, check_now):
    make_bill(household, 8), make_bill(household, 9)
    factories.pay(household, "P1", 5000)
    services.reverse(source="P1", amount_cents=500)
    assert payable(household) == [0, 300]
    services.reverse(source="P1", amount_cents=2300)
    assert payable(household) == [200, 2400]
    assert sums("P1") == {"settled": 2200, "reversed": 2800}


def test_a_refund_leaves_money_of_other_payments_alone(household, check_now):
    make_bill(household, 8), make_bill(household, 9)
    factories.pay(household, "P1", 2400)
    factories.pay(household, "P2", 2400)
    services.reverse(source="P1", amount_cents=2400)
    assert payable(household) == [2400, 0]
    assert sums("P2") == {"settled": 2400}


@pytest.mark.parametrize("cents", [0, -1, 2401])
def test_no_more_is_taken_back_than_was_paid_and_a_refusal_changes_nothing(household, cents):
    make_bill(household, 8)
    factories.pay(household, "P1", 2400)
    with pytest.raises(ValueError, match=str(cents)):
        services.reverse(source="P1", amount_cents=cents)
    assert sums("P1") == {"settled": 2400}


def test_held_money_is_never_refunded(household):
    make_bill(household, 8)
    services.hold(household=household, source="P1", amount_cents=2400)
    with pytest.raises(ValueError, match="100"):
        services.reverse(source="P1", amount_cents=100)


def test_money_restored_pays_the_bill_again(household, check_now):
    make_bill(household, 8)
    factories.pay(household, "P1", 2400)
    services.reverse(source="P1", amount_cents=1000)
    services.restore(source="P1", amount_cents=1000)
    assert payable(household) == [0]
    assert sums("P1") == {"settled": 2400}


def test_one_of_two_refunds_restored_leaves_the_other(household, check_now):
    make_bill(household, 8)
    factories.pay(household, "P1", 2400)
    services.reverse(source="P1", amount_cents=1000)
    services.reverse(source="P1", amount_cents=700)
    services.restore(source="P1", amount_cents=800)
    assert sums("P1") == {"settled": 1500, "reversed": 900}
    assert payable(household) == [900]


def test_money_restored_is_kept_when_the_bill_was_paid_meanwhile(household, check_now):
    make_bill(household, 8)
    factories.pay(household, "P1", 2400)
    services.reverse(source="P1", amount_cents=1000)
    factories.pay(household, "P2", 1000)
    services.restore(source="P1", amount_cents=1000)
    assert payable(household) == [0]
    assert selectors.account_for(household).unplaced_cents == 1000


@pytest.mark.parametrize("cents", [0, 1001])
def test_no_more_is_restored_than_was_taken_back(household, cents):
    make_bill(household, 8)
    factories.pay(household, "P1", 2400)
    services.reverse(source="P1", amount_cents=1000)
    with pytest.raises(ValueError, match=str(cents)):
        services.restore(source="P1", amount_cents=cents)


def test_a_disputed_bill_is_in_progress_neither_paid_nor_payable(household, check_now):
    bill = make_bill(household, 8)
    factories.pay(household, "P1", 2400)
    services.dispute(source="P1")
    services.dispute(source="P1")
    (found,) = selectors.bills_for(household)
    assert (found.settled_cents, found.disputed_cents, found.payable_cents) == (0, 2400, 0)
    assert services.take_up(household=household) == 0
    assert Credit.objects.live().filter(bill=bill).cents() == 2400
    account = selectors.account_for(household)
    assert (account.disputed_cents, account.owed_cents) == (2400, 0)
    assert "looking into a payment of $24.00" in words.safe_line(account).title


def test_a_dispute_won_pays_the_bill_again_and_money_ahead_is_taken_up(household, check_now):
    make_bill(household, 8)
    factories.pay(household, "P1", 3000)
    services.dispute(source="P1")
    make_bill(household, 9)
    assert services.take_up(household=household) == 0
    services.reinstate(source="P1")
    services.reinstate(source="P1")
    assert payable(household) == [0, 1800]


def test_a_dispute_lost_reopens_the_bill(household, check_now):
    make_bill(household, 8)
    factories.pay(household, "P1", 2400)
    services.dispute(source="P1")
    services.reverse(source="P1")
    assert payable(household) == [2400]
    assert sums("P1") == {"reversed": 2400}


def test_what_is_disputed_cannot_be_refunded(household):
    make_bill(household, 8)
    factories.pay(household, "P1", 2400)
    services.dispute(source="P1")
    with pytest.raises(ValueError, match="2400"):
        services.reverse(source="P1", amount_cents=2400)


def test_a_bill_lowered_while_disputed_gives_the_excess_back_as_disputed(household, check_now):
    bill = make_bill(household, 8)
    factories.pay(household, "P1", 2400)
    services.dispute(source="P1")
    bill.total_cents = 2000
    bill.save()
    assert services.move_excess(bill=bill) == 400
    services.reinstate(source="P1")
    assert selectors.account_for(household).unplaced_cents == 400


def test_the_bills_page_says_that_the_bank_looks_into_it_and_asks_for_nothing(member_client):
    household = member_client.user.member.household
    bill = make_bill(household, 8)
    factories.pay(household, "P1", 2400)
    services.dispute(source="P1")
    for address in ("/bills/", f"/bills/{bill.reference}/"):
        page = member_client.get(address).content.decode()
        assert "The bank is looking into it" in page
        assert "Late" not in page

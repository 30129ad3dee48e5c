"""What hold, settle, release and reverse do to bills, and what changed bills do to money."""

from datetime import date

import pytest
from django.db import connection, transaction

from billing import selectors, services
from billing.models import Credit
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def household():
    return factories.household()


def make_bill(household, month: int, cents: int = 2400, **fields):
    """A bill of a month of 2026, due on the first of the next."""
    fields = {
        "period": date(2026, month, 1),
        "issued_on": date(2026, month, 1),
        "due_on": date(2026, month + 1, 1),
    } | fields
    return factories.bill(household=household, lines=[("Monthly premium", cents)], **fields)


def payable(household) -> list[int]:
    return [bill.payable_cents for bill in selectors.bills_for(household)]


def credit(household, status: str) -> int:
    return Credit.objects.filter(household=household, bill=None, status=status).cents()


def set_total(bill, cents: int) -> None:
    bill.total_cents = cents
    bill.save()


def check_now() -> None:
    """Have the database check what it would check at the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_household_can_be_locked_inside_a_transaction(household):
    with transaction.atomic():
        assert services.lock_household(household.pk) == household


def test_a_hold_pays_the_oldest_bill_first(household):
    september, august = make_bill(household, 9), make_bill(household, 8, cents=2000)
    held = services.hold(household=household, source="P1", amount_cents=2400)
    assert held == [(august.number, 2000), (september.number, 400)]
    assert payable(household) == [0, 2000]


def test_the_preview_is_what_the_hold_does(household):
    make_bill(household, 8, cents=2000), make_bill(household, 9)
    preview = selectors.split_for(household, 5000)
    held = services.hold(household=household, source="P1", amount_cents=5000)
    assert [(bill and bill.number, cents) for bill, cents in preview] == held


def test_what_is_above_the_bills_becomes_credit_of_the_household(household):
    bill = make_bill(household, 9)
    held = services.hold(household=household, source="P1", amount_cents=3000)
    assert held == [(bill.number, 2400), (None, 600)]
    assert credit(household, "held") == 600
    assert services.settle(source="P1") == [(bill.number, 2400), (None, 600)]
    assert credit(household, "settled") == 600


def test_a_bill_with_money_on_its_way_is_passed_over(household):
    make_bill(household, 8)
    services.hold(household=household, source="P1", amount_cents=1000)
    september = make_bill(household, 9)
    assert services.hold(household=household, source="P2", amount_cents=2400) == [(september.number, 2400)]


def test_nothing_may_be_held_twice_while_the_money_is_on_its_way(household):
    make_bill(household, 8)
    services.hold(household=household, source="P1", amount_cents=2400)
    with pytest.raises(services.AlreadyOnItsWay):
        services.hold(household=household, source="P2", amount_cents=2400)
    assert Credit.objects.filter(source="P2").count() == 0


def test_three_months_ahead_may_be_paid_and_no_cent_more(household):
    make_bill(household, 8)
    with pytest.raises(services.TooMuch) as refusal:
        services.hold(household=household, source="P1", amount_cents=4 * 2400 + 1)
    assert refusal.value.limit_cents == 9600
    services.hold(household=household, source="P1", amount_cents=9600)


def test_what_is_paid_ahead_already_counts_towards_the_three_months(household):
    make_bill(household, 8)
    factories.pay(household, "P1", 9600)
    with pytest.raises(services.TooMuch):
        services.hold(household=household, source="P2", amount_cents=50)


@pytest.mark.parametrize("cents", [0, -1])
def test_an_amount_that_is_not_above_zero_is_never_held(household, cents):
    make_bill(household, 8)
    with pytest.raises(ValueError, match=str(cents)):
        services.hold(household=household, source="P1", amount_cents=cents)


def test_settled_money_pays_the_bill_and_a_second_word_changes_nothing(household):
    bill = make_bill(household, 8)
    services.hold(household=household, source="P1", amount_cents=2400)
    assert services.settle(source="P1") == services.settle(source="P1") == [(bill.number, 2400)]
    assert Credit.objects.get().status == "settled"


def test_released_money_opens_the_bill_again(household):
    make_bill(household, 8)
    services.hold(household=household, source="P1", amount_cents=2400)
    services.release(source="P1")
    services.release(source="P1")
    assert payable(household) == [2400]


def test_a_release_does_not_touch_settled_money_nor_a_reversal_held_money(household):
    make_bill(household, 8)
    services.hold(household=household, source="P1", amount_cents=2400)
    services.reverse(source="P1")
    assert Credit.objects.get().status == "held"
    services.settle(source="P1")
    services.release(source="P1")
    assert Credit.objects.get().status == "settled"


def test_a_released_payment_may_be_tried_again_under_the_same_source(household):
    bill = make_bill(household, 8)
    services.hold(household=household, source="P1", amount_cents=2400)
    services.release(source="P1")
    services.hold(household=household, source="P1", amount_cents=2400)
    assert services.settle(source="P1") == [(bill.number, 2400)]


def test_a_return_by_the_bank_opens_the_bill_again_and_a_second_one_changes_nothing(household):
    make_bill(household, 8)
    factories.pay(household, "P1", 2400)
    services.reverse(source="P1")
    services.reverse(source="P1")
    assert payable(household) == [2400]


def test_the_next_bill_takes_up_money_paid_ahead(household):
    make_bill(household, 8)
    factories.pay(household, "P1", 3000)
    make_bill(household, 9)
    assert services.take_up(household=household) == 600
    assert payable(household) == [0, 1800]
    assert services.take_up(household=household) == 0


def test_money_ahead_lasts_for_several_bills_and_its_parts_add_up(household):
    make_bill(household, 7)
    factories.pay(household, "P1", 9600)
    make_bill(household, 8), make_bill(household, 9), make_bill(household, 10, cents=2500)
    services.take_up(household=household)
    assert payable(household) == [0, 0, 0, 100]
    (parent,) = Credit.objects.filter(status="superseded")
    assert sum(child.amount_cents for child in parent.children.all()) == parent.amount_cents == 7200


def test_money_that_arrives_after_a_new_bill_goes_to_that_bill(household):
    august = make_bill(household, 8)
    services.hold(household=household, source="P1", amount_cents=3000)
    september = make_bill(household, 9)
    services.take_up(household=household)
    assert payable(household) == [0, 2400], "held money is not taken up: it may never come"
    assert services.settle(source="P1") == [(august.number, 2400), (september.number, 600)]


def test_a_return_takes_back_money_that_was_moved_to_later_bills(household):
    make_bill(household, 8)
    factories.pay(household, "P1", 3000)
    make_bill(household, 9)
    services.take_up(household=household)
    services.reverse(source="P1")
    assert payable(household) == [2400, 2400]
    assert not Credit.objects.live().exists()


def test_a_bill_opened_by_a_return_takes_up_other_money_of_the_household(household):
    make_bill(household, 8)
    factories.pay(household, "P1", 2400)
    factories.pay(household, "P2", 1000)
    services.reverse(source="P1")
    assert payable(household) == [1400]
    assert credit(household, "settled") == 0


def test_a_lowered_bill_gives_the_excess_back_as_credit_newest_money_first(household):
    bill = make_bill(household, 8)
    factories.pay(household, "P1", 1000)
    factories.pay(household, "P2", 1400)
    set_total(bill, 1200)
    assert services.move_excess(bill=bill) == 1200
    live = Credit.objects.live().order_by("bill", "pk").values_list("source", "bill", "amount_cents")
    assert list(live) == [("P1", bill.pk, 1000), ("P2", bill.pk, 200), ("P2", None, 1200)]
    check_now()


def test_a_bill_lowered_to_nothing_gives_everything_back(household):
    bill = make_bill(household, 8)
    factories.pay(household, "P1", 2400)
    set_total(bill, 0)
    services.move_excess(bill=bill)
    assert credit(household, "settled") == 2400
    check_now()


def test_a_bill_that_was_not_lowered_keeps_its_money(household):
    bill = make_bill(household, 8)
    factories.pay(household, "P1", 2400)
    assert services.move_excess(bill=bill) == 0


def test_a_bill_lowered_while_money_is_on_its_way_ends_well_whatever_the_bank_says(household):
    bill = make_bill(household, 8)
    services.hold(household=household, source="P1", amount_cents=2400)
    set_total(bill, 2000)
    services.move_excess(bill=bill)
    assert credit(household, "held") == 400
    assert services.settle(source="P1") == [(bill.number, 2000), (None, 400)]
    services.reverse(source="P1")
    assert payable(household) == [2000]
    check_now()


def test_two_payments_on_their_way_may_both_leave_excess(household):
    august = make_bill(household, 8)
    services.hold(household=household, source="P1", amount_cents=3000)
    september = make_bill(household, 9)
    services.hold(household=household, source="P2", amount_cents=2400)
    for bill in (august, september):
        set_total(bill, 2000)
        services.move_excess(bill=bill)
    assert credit(household, "held") == 600 + 400 + 400
    check_now()


def test_another_household_is_never_touched(household):
    make_bill(household, 8)
    other = factories.household()
    make_bill(other, 8)
    factories.pay(household, "P1", 3000)
    assert services.take_up(household=other) == 0
    assert payable(other) == [2400]

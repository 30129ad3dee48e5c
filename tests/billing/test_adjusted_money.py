"""Money follows an adjusted bill: nothing that was paid is lost, and what is raised is due."""

import pytest

from billing import services
from billing.models import Credit
from tests import factories
from tests.billing import test_import_adjustments, test_import_bills
from tests.billing.test_import_adjustments import GOOD, bills, line, payable, take

pytestmark = pytest.mark.django_db
household, path, bill = (
    test_import_adjustments.household,
    test_import_adjustments.path,
    test_import_adjustments.bill,
)


def test_what_was_paid_above_a_lowered_bill_becomes_credit_and_pays_the_next_one(bill, household, path):
    factories.pay(household, "P1", 2400)
    take(path, GOOD)
    assert payable(household) == [0]
    assert Credit.objects.filter(bill=None, status="settled").cents() == 500
    bills(path, test_import_bills.line(bill_number="B-2", due_on="2027-01-01"))
    assert payable(household) == [0, 1900]


def test_what_a_lowered_bill_gives_back_goes_to_the_bill_that_is_open(bill, household, path):
    factories.pay(household, "P1", 2400)
    bills(path, test_import_bills.line(bill_number="B-2", due_on="2027-01-01"))
    take(path, GOOD)
    assert payable(household) == [0, 1900]


def test_a_bill_lowered_while_money_is_on_its_way_keeps_the_rest_as_credit(bill, household, path):
    services.hold(household=household, source="P1", amount_cents=2400)
    take(path, GOOD)
    assert payable(household) == [0]
    assert services.settle(source="P1") == [("B-1", 1900), (None, 500)]


def test_a_raised_bill_takes_up_the_credit_of_the_household(bill, household, path):
    factories.pay(household, "P1", 2600)
    take(path, line(kind="correction", amount="3.00"))
    assert payable(household) == [100]


def test_a_bill_lowered_while_a_card_dispute_is_open_keeps_the_rest_for_the_household(bill, household, path):
    factories.pay(household, "P1", 2400)
    services.dispute(source="P1")
    take(path, GOOD)
    services.reinstate(source="P1")
    assert payable(household) == [0]
    assert Credit.objects.filter(bill=None, status="settled").cents() == 500

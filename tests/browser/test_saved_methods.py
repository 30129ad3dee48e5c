"""A card saved and paid with again, in a real browser, on a phone."""

import pytest

from payments.models import Payment, SavedMethod
from tests import factories
from tests.browser.test_whole_way import chooses, enters_account, enters_card, logs_in, member, visitor

__all__ = ["member", "visitor"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
pytestmark += [pytest.mark.parametrize("visitor", [320], indirect=True)]  # the bars look at both widths


@pytest.fixture
def at_home(visitor, member):
    """A member who is logged in and sees the bills."""
    factories.user(username="testa", email="testa@example.test", member=member)
    logs_in(visitor)
    return visitor


def ticks_save(visitor):
    visitor.page.get_by_label("Save for next time").check()


def test_a_card_is_saved_paid_with_again_and_removed(at_home, member):
    chooses(at_home, "card")
    ticks_save(at_home)
    enters_card(at_home)
    assert "Yes, once this payment went through" in at_home.reads()
    at_home.presses("Pay $24.00")
    assert "Your payment is received" in at_home.reads()
    factories.bill(household=member.household)
    at_home.goes_to("/payments/new/")
    at_home.page.get_by_label("Visa ending in 4242 (saved)").check()
    at_home.presses("Continue")
    assert "Check and confirm" in at_home.reads()
    at_home.presses("Pay $24.00")
    assert "Your payment is received" in at_home.reads()
    assert [payment.status for payment in Payment.objects.all()] == ["paid", "paid"]
    at_home.goes_to("/payments/methods/")
    assert "Visa ending in 4242" in at_home.reads()
    at_home.page.get_by_role("link", name="Remove").click()
    at_home.looks()
    at_home.presses("Remove")
    assert "Nothing is saved" in at_home.reads()
    assert SavedMethod.objects.get().status == "removed"


def test_a_bank_account_is_saved_with_its_own_words_in_the_authorization(at_home):
    chooses(at_home, "bank")
    ticks_save(at_home)
    enters_account(at_home)
    assert "I also allow MassHealth premium billing to keep this account" in at_home.reads()
    at_home.presses("Authorize $24.00 from checking ending 6789")
    at_home.portal.sandbox.control("settle", intent=Payment.objects.get().intent_id)
    at_home.portal.sandbox.control("flush")
    at_home.goes_to("/payments/methods/")
    assert "Checking account ending in 6789" in at_home.reads()


def test_a_tick_that_was_taken_back_saves_nothing(at_home):
    chooses(at_home, "card")
    ticks_save(at_home)
    at_home.page.get_by_label("Save for next time").uncheck()
    enters_card(at_home)
    at_home.presses("Pay $24.00")
    assert "Your payment is received" in at_home.reads()
    at_home.goes_to("/payments/methods/")
    assert "Nothing is saved" in at_home.reads()

"""Autopay in a real browser, on a phone: turned on, announced, moved, skipped, turned off."""

import re

import pytest
from django.utils import timezone

from billing.models import Bill
from payments import services
from payments.models import AutopayDraw, AutopayEnrollment, SavedMethod
from tests.browser.test_saved_methods import at_home
from tests.browser.test_whole_way import member, visitor

__all__ = ["at_home", "member", "visitor"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
pytestmark += [pytest.mark.parametrize("visitor", [320], indirect=True)]  # the bars look at both widths


@pytest.fixture
def saved(at_home, member):
    """A card that the member saved before."""
    return SavedMethod.objects.create(
        user=member.user, gateway_id="pm_1", method="card", brand="visa", last4="4242", holder_name="Testa Beispiel"
    )


def test_autopay_is_turned_on_with_its_authorization_and_off_with_one_press(at_home, saved):
    at_home.goes_to("/payments/autopay/")
    at_home.follows("Turn autopay on")
    at_home.page.get_by_label("3 bank days before the due date").check()
    at_home.types(limit="abc")
    at_home.presses("Continue")
    assert "There is a problem" in at_home.reads()
    at_home.types(limit="60.00")
    at_home.presses("Continue")
    assert "A bill above $60.00 is not taken." in at_home.reads()
    at_home.presses("I agree. Turn autopay on")
    assert "Autopay is on." in at_home.reads()
    at_home.presses("Turn autopay off")
    assert "Autopay is off." in at_home.reads()
    assert AutopayEnrollment.objects.get().end_reason == "member"
    assert "You turned autopay off." in at_home.opens_newest_mail("testa@example.test")


def test_a_draw_is_moved_and_skipped_by_the_link_in_its_notice(at_home, saved, member):
    services.enroll(
        user=member.user,
        household=member.household,
        wish=services.Wish(saved, 0, None),
        consented=services.Consented("I allow it.", "test", "en", "192.0.2.7", "a test"),
    )
    today = timezone.localdate()
    Bill.objects.update(issued_on=today, due_on=today)
    services.run_autopay(today)
    mail = at_home.opens_newest_mail("testa@example.test")
    at_home.goes_to(re.search(r"Skip or move it: (\S+)", mail)[1].removeprefix(at_home.portal.url))
    assert "This is after the due date" in at_home.reads()
    at_home.page.locator("[name=day]").fill("2020-01-01")
    at_home.presses("Move this payment")
    assert "Choose a bank day from" in at_home.reads()
    first, _ = services.days_for(AutopayDraw.objects.get())
    at_home.page.locator("[name=day]").fill(first.isoformat())
    at_home.presses("Move this payment")
    assert "Moved." in at_home.reads()
    at_home.page.get_by_role("link", name="Skip or move").click()
    at_home.presses("Skip this payment")
    assert "Skipped." in at_home.reads()
    at_home.goes_to("/payments/methods/")
    assert "Used for autopay." in at_home.reads()
    at_home.page.get_by_role("link", name=re.compile("Remove")).click()
    assert "This turns autopay off" in at_home.reads()
    at_home.looks()

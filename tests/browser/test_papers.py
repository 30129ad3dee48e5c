"""The page of codes on receipts in a real browser."""

import pytest
from django.urls import reverse

from payments.gateway import _made, gateway
from payments.models import ProofCode
from tests import factories
from tests.payments.steps import Paying

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def paying():
    """A member with a bill, in front of the gateway in memory."""
    _made.cache_clear()
    user = factories.user()
    yield Paying(user=user, bill=factories.bill(household=user.member.household), fake=gateway())
    _made.cache_clear()


def test_what_is_wrong_with_a_code_leads_to_its_field_by_keyboard(page, live_server, paying):
    page.goto(live_server.url + reverse("proof:type"))
    page.get_by_label("Code on the receipt").press("Enter")
    page.get_by_role("alert").get_by_role("link", name="Type the code that is printed on the receipt.").press("Enter")
    assert page.evaluate("document.activeElement.name") == "code"
    assert page.title().startswith("Error:")
    page.keyboard.type(ProofCode.objects.get(payment=paying.pay()).code.lower())
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="This payment is in our records").wait_for()
    assert page.url.endswith("/proof/")

"""The pages of statements, receipts and codes in a real browser: nothing for axe-core to find, nothing too wide."""

from datetime import date

import pytest
from django.urls import reverse

from payments.gateway import _made, gateway
from payments.models import ProofCode
from tests import factories
from tests.payments.steps import Paying

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def paying():
    """A member with a bill for each of three months, in front of the gateway in memory."""
    _made.cache_clear()
    user = factories.user()
    bills = [
        factories.bill(household=user.member.household, period=day, issued_on=day, due_on=day.replace(day=28))
        for day in (date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1))
    ]
    yield Paying(user=user, bill=bills[0], fake=gateway())
    _made.cache_clear()


def test_the_pages_that_hold_documents_are_clean_on_a_phone_and_on_a_desk(page, live_server, client, paying, axe):
    paid = paying.pay()
    client.force_login(paying.user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    code = ProofCode.objects.get(payment=paid).code
    addresses = [
        reverse("billing:statements"),
        reverse("billing:year", args=[2026]),
        reverse("payments:status", args=[paid.reference]),
        reverse("payments:history"),
        reverse("proof:show", args=[code]),
        reverse("proof:type"),
    ]
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for address in addresses:
            page.goto(live_server.url + address)
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)


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

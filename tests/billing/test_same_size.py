"""*I can't pay this* stands beside Pay and is no smaller, on a phone and on a wide screen."""

import pytest
from django.utils import timezone

from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("where", ["bill", "overview", "new payment"])
def test_both_are_as_high_as_readable_and_on_a_phone_as_wide(page, live_server, client, width, where):
    user = factories.user()
    bill = factories.bill(household=user.member.household, due_on=timezone.localdate())
    client.force_login(user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.set_viewport_size({"width": width, "height": 900})
    address = {"bill": f"/bills/{bill.reference}/", "overview": "/bills/", "new payment": "/payments/new/"}[where]
    page.goto(live_server.url + address)
    buttons = page.locator("main .ma__actions").first.locator(".ma__button")
    words = [text.strip() for text in buttons.all_inner_texts()]
    assert words[1:] == ["I can't pay this"]
    assert words[0] in ("Pay", "Continue")
    first, second = (buttons.nth(place).bounding_box() for place in (0, 1))
    size = "one => getComputedStyle(one).fontSize + getComputedStyle(one).fontWeight"
    assert buttons.nth(0).evaluate(size) == buttons.nth(1).evaluate(size)
    assert first["height"] == second["height"] >= 44
    if width < 400:
        assert first["width"] == second["width"]
    else:
        assert first["y"] == second["y"]

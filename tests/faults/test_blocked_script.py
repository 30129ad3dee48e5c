"""The gateway's script does not come, comes broken, or never ends, in a real browser: the page says so."""

import pytest
from django.conf import settings
from django.urls import reverse

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SAID = "The payment form did not load"


@pytest.fixture
def details(world, browser):
    """Return a function that opens the details page in a browser where the gateway's script meets `trouble`."""
    context = browser.new_context()
    cookie = world.client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": world.url}])
    payment = world.begin()

    def opened(trouble):
        page = context.new_page()
        page.clock.install()
        page.route("**/stripe.js", trouble)
        page.goto(world.url + reverse("payments:details", args=[payment.reference]), wait_until="commit")
        return page

    yield opened
    context.close()
    assert world.books() == {}
    assert world.at_gateway() == []


def check_says_so(page):
    """Fail unless the page says what is wrong, offers another way, and keeps its button shut."""
    page.get_by_text(SAID).wait_for(timeout=5000)
    assert "You can also call (800) 841-2900" in page.inner_text("#payment-blocked")
    assert "You were not charged" in page.inner_text("#payment-blocked")
    assert page.locator("#payment-continue").is_disabled()


def test_row_45_a_script_that_is_blocked_is_said_at_once(details):
    check_says_so(details(lambda route: route.abort("blockedbyclient")))


def test_row_45_a_script_that_is_not_the_gateways_is_said(details):
    answer = "throw new Error('not what was asked for');"
    check_says_so(details(lambda route: route.fulfill(body=answer, content_type="text/javascript")))


def test_row_45_a_script_that_never_ends_is_said_after_ten_seconds(details):
    page = details(lambda route: None)
    page.locator("script[src$='/stripe.js']").wait_for(state="attached")  # it was asked for
    assert not page.get_by_text(SAID).is_visible()
    page.clock.fast_forward(9_000)
    assert not page.get_by_text(SAID).is_visible()
    page.clock.fast_forward(2_000)
    check_says_so(page)


def test_row_45_a_script_that_comes_late_opens_the_form_after_all(details):
    held = []

    def hold(route):
        held.append(route)

    page = details(hold)
    page.locator("script[src$='/stripe.js']").wait_for(state="attached")  # it was asked for
    page.clock.fast_forward(11_000)
    check_says_so(page)
    held[0].continue_()
    page.locator("#payment-continue:enabled").wait_for()
    assert not page.get_by_text(SAID).is_visible()

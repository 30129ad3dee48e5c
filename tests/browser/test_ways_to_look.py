"""Pages on paper, in the dark, in forced colours, without motion, without scripts. The bars look at every page."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from bench.pages import Member
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def lets_in(page, live_server, client):
    """Let the browser in as who is logged in with this client."""
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])


def test_bill_receipt_and_authorization_print_black_on_white_on_one_sheet_without_the_frame(page, live_server):
    member = Member.with_bills(2)
    lets_in(page, live_server, member.client)
    page.emulate_media(media="print", color_scheme="dark")
    for name in ("billing:bill", "payments:status", "payments:authorization"):
        page.goto(live_server.url + member.pages()[name])
        colours = page.evaluate("() => [getComputedStyle(document.body)].map((s) => [s.backgroundColor, s.color])[0]")
        assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"], name
        assert page.get_by_role("heading", level=1).is_visible()
        for part in (".ma__utility", ".ma__menu", ".ma__breadcrumbs", "main .ma__button"):
            assert [hit for hit in page.locator(part).all() if hit.is_visible()] == [], (name, part)
        assert len(PdfReader(BytesIO(page.pdf(format="Letter"))).pages) == 1, name


def test_dark_changes_colours_and_paper_never_does(page, live_server):
    page.goto(live_server.url)
    background = "() => getComputedStyle(document.body).backgroundColor"
    shown = {}
    for media in ("screen", "print"):
        for scheme in ("light", "dark"):
            page.emulate_media(media=media, color_scheme=scheme)
            shown[media, scheme] = page.evaluate(background)
    white = "rgb(255, 255, 255)"
    assert shown.pop(("screen", "dark")) == "rgb(21, 24, 27)"
    assert set(shown.values()) == {white}


def test_forced_colours_leave_every_button_alert_and_step_to_be_told_apart(page, live_server, settings):
    settings.SHOW_COMPONENTS = True
    page.emulate_media(forced_colors="active")
    page.goto(f"{live_server.url}/components/")
    edges = """(part) => [...document.querySelectorAll(part)].map((element) => {
        const style = getComputedStyle(element);
        return style.borderTopStyle === "solid" && style.borderTopColor !== style.backgroundColor;
    })"""
    for part in (".ma__button:not(:disabled)", ".ma__alert", "input[type=text]", "select", ".ma__error-summary"):
        seen = page.evaluate(edges, part)
        assert seen, part
        assert all(seen), part
    colour = "(part) => getComputedStyle(document.querySelector(part)).borderTopColor"
    current = page.evaluate(colour, ".ma__steps__step[aria-current]")
    assert current != page.evaluate(colour, ".ma__steps__step:not([aria-current])")


@pytest.mark.parametrize(("wish", "seconds"), [("no-preference", "0.12s, 0.12s"), ("reduce", "0s")])
def test_nothing_moves_for_those_who_do_not_want_it(wish, seconds, page, live_server):
    page.emulate_media(reduced_motion=wish)
    page.goto(live_server.url)
    button = page.get_by_role("main").get_by_role("link", name="Register")
    button.hover()
    assert button.evaluate("(element) => getComputedStyle(element).transitionDuration") == seconds


def test_a_confirmation_number_is_copied_by_one_press_and_said_so(page, live_server):
    member = Member.with_bills(1)
    lets_in(page, live_server, member.client)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(live_server.url + member.pages()["payments:status"])
    number = page.locator("#confirmation-number").evaluate("(place) => place.firstChild.textContent.trim()")
    page.get_by_role("button", name="Copy the number").click()
    page.get_by_role("status").get_by_text("Copied.").wait_for()
    assert number.replace("-", "") == member.paid.reference
    assert page.evaluate("() => navigator.clipboard.readText()") == number


@pytest.fixture
def scriptless(browser):
    """A page of a browser that runs no scripts."""
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.set_default_timeout(15_000)  # milliseconds
    yield opened
    context.close()


def test_without_scripts_one_comes_as_far_as_the_card_and_is_told_why_no_further(scriptless, live_server):
    user = factories.user()
    factories.bill(household=user.member.household)
    scriptless.goto(f"{live_server.url}/accounts/login/?next=/payments/new/")
    scriptless.get_by_label("Username").fill(user.username)
    scriptless.get_by_label("Password", exact=True).fill(factories.PASSWORD)
    scriptless.get_by_role("main").get_by_role("button", name="Log in").click()
    scriptless.get_by_label("Credit, debit or prepaid card").check()
    scriptless.get_by_role("button", name="Continue").click()
    scriptless.get_by_role("heading", name="Enter your card details").wait_for()
    assert "This page needs JavaScript" in scriptless.locator("noscript").text_content()
    scriptless.get_by_text("Account", exact=True).click()
    scriptless.get_by_role("button", name="Log out").click()
    scriptless.get_by_role("heading", name="See and pay your MassHealth bill").wait_for()

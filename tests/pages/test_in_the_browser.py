"""What the scripts add, and how the frame looks to axe-core, in a real browser."""

import re
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from bench import weight
from tests import factories
from tests.pages.every_page import Ask, opened, still

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EXTEND = "**/session/extend/"


@pytest.fixture
def member_page(page, live_server, client):
    """The list of payments of a member who is logged in, with the browser's clock in our hand."""
    user = factories.user()
    client.force_login(user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.clock.install()
    page.goto(live_server.url + reverse("payments:history"))
    return SimpleNamespace(user=user, page=page, dialog=page.get_by_role("dialog", name="Are you still there?"))


def extended(page) -> list[int]:
    """Return a list to which the status of each answer to an extension is added."""
    answers: list[int] = []
    page.on("response", lambda answer: answers.append(answer.status) if "/extend/" in answer.url else None)
    return answers


def test_the_warning_comes_before_the_end_and_one_press_keeps_the_session(member_page, axe):
    page, answers = member_page.page, extended(member_page.page)
    page.clock.fast_forward("12:25")
    assert not member_page.dialog.is_visible()
    page.clock.fast_forward("00:06")
    member_page.dialog.wait_for()
    axe(page)
    with page.expect_response(EXTEND):
        page.keyboard.press("Enter")
    member_page.dialog.wait_for(state="hidden")
    assert answers == [204]


def test_escape_keeps_the_session_too(member_page):
    page, answers = member_page.page, extended(member_page.page)
    page.clock.fast_forward("13:00")
    member_page.dialog.wait_for()
    with page.expect_response(EXTEND):
        page.keyboard.press("Escape")
    member_page.dialog.wait_for(state="hidden")
    assert answers == [204]


def test_at_the_end_the_log_in_page_says_why_and_leads_back(member_page):
    page = member_page.page
    page.clock.fast_forward("14:55")
    assert member_page.dialog.is_visible()
    page.clock.fast_forward("00:06")
    page.wait_for_url(re.compile(r"/accounts/login/\?ended=1&next=%2Fpayments%2F$"))
    assert page.get_by_role("button", name="Log out").count() == 0


def test_what_is_typed_at_the_end_is_there_again_after_log_in(member_page, live_server):
    page = member_page.page
    factories.bill(household=member_page.user.member.household)
    page.goto(live_server.url + reverse("payments:new"))
    page.get_by_label("Another amount, in dollars").fill("12.34")
    page.clock.fast_forward("15:01")
    page.wait_for_url(re.compile(r"/accounts/login/"))
    page.get_by_label("Username").fill(member_page.user.username)
    page.get_by_label("Password", exact=True).fill(factories.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.get_by_role("status").get_by_text("What you typed is still here").wait_for()
    assert page.get_by_label("Another amount, in dollars").input_value() == "12.34"


def test_a_member_in_two_tabs_is_not_warned_in_the_one_left_alone(member_page, live_server):
    page = member_page.page
    page.clock.fast_forward("11:00")
    seen = page.evaluate("localStorage.getItem('session-seen-at')")
    other = page.context.new_page()
    other.goto(live_server.url + reverse("payments:history"))
    page.wait_for_function("before => localStorage.getItem('session-seen-at') !== before", arg=seen)
    page.clock.fast_forward("01:35")
    assert not member_page.dialog.is_visible()


def test_a_password_can_be_shown_and_is_hidden_again_before_it_is_sent(page, live_server):
    page.goto(live_server.url + reverse("accounts:login"))
    box = page.get_by_label("Password", exact=True)
    box.fill("maple canoe orbit")
    page.get_by_role("button", name="Show Password").click()
    assert box.get_attribute("type") == "text"
    page.get_by_role("button", name="Hide Password").click()
    assert box.get_attribute("type") == "password"


def test_a_form_marked_so_is_sent_once_and_can_be_sent_again_after_coming_back(page, live_server):
    page.goto(live_server.url + reverse("accounts:login"))
    page.evaluate(
        """() => {
            const form = document.querySelector("main form");
            const old = document.querySelectorAll("script[src*=forms]")[0];
            form.dataset.once = "";
            window.sent = 0;
            const again = document.createElement("script");
            again.src = old.src;
            return new Promise((done) => { again.onload = done; document.body.append(again); });
        }"""
    )
    send = """() => {
        const form = document.querySelector("main form");
        form.addEventListener("submit", (event) => {
            if (!event.defaultPrevented) window.sent += 1;
            event.preventDefault();
        }, { once: true });
        form.requestSubmit();
        return window.sent;
    }"""
    assert [page.evaluate(send), page.evaluate(send)] == [1, 1]
    page.evaluate("() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert page.evaluate(send) == 2


def test_after_a_mistake_the_focus_is_on_the_summary_and_its_links_reach_the_controls(page, live_server, axe):
    page.goto(live_server.url + reverse("accounts:register"))
    page.get_by_role("button", name="Continue").click()
    page.locator("#error-summary:focus").wait_for()
    axe(page)
    link = page.locator(".ma__error-summary a").first
    target = link.get_attribute("href").removeprefix("#")
    link.click()
    page.locator(f"#{target}:focus").wait_for()


def test_a_quiet_button_that_starts_a_row_stands_in_line_with_the_text(page, live_server):
    page.goto(live_server.url + reverse("help"))
    edges = page.evaluate(
        """() => {
            document.querySelector("main").insertAdjacentHTML("beforeend",
                '<p id="text">Text</p><div class="ma__actions">' +
                '<a id="first" class="ma__button ma__button--quiet" href="/">Go</a></div>');
            const start = (id) => {
                const range = document.createRange();
                range.selectNodeContents(document.getElementById(id));
                return range.getBoundingClientRect().left;
            };
            return [start("text"), start("first")];
        }"""
    )
    assert edges[1] - edges[0] <= 2  # the border alone


def test_the_page_that_asks_support_for_a_reason_fits_a_phone(page, live_server, client):
    client.force_login(factories.user(is_staff=True, is_superuser=True))
    owner = factories.user(locked_at=timezone.now(), failed_logins=5)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(live_server.url + reverse("admin:accounts_user_change", args=[owner.pk]))
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Unlock account").click()
    box = page.get_by_label("Reason").bounding_box()
    assert box["x"] + box["width"] <= 320
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_head_of_a_phone_has_one_row_of_each_kind_and_the_account_opens_without_scripting(
    scheme, page, axe, desk, settings
):
    settings.LANGUAGES = [(language.code, language.name) for language in settings.ALL_LANGUAGES]
    assert desk.user
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 320, "height": 700})
    still(page, opened(desk, Ask(reverse("payments:history"))))
    for part in (".ma__utility", ".ma__menu"):
        assert page.locator(part).bounding_box()["height"] < 60, part
    page.locator(".ma__account > summary").press("Enter")
    assert page.get_by_role("button", name="Log out").is_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") == 320
    axe(page)


@pytest.mark.parametrize("language", ["en", "zh-hant", "vi"])
def test_a_browser_fetches_the_one_file_of_letters_that_is_weighed(language, page, live_server):
    fetched = []
    page.on("request", lambda asked: fetched.append(asked.url) if asked.resource_type == "font" else None)
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}])
    page.set_viewport_size({"width": 1280, "height": 900})  # wide enough for the names of all languages
    page.goto(live_server.url)
    page.evaluate("document.fonts.ready.then(() => 0)")
    weighed = weight.letters_of(page.content())
    assert len(weighed) == 1
    assert [url.removeprefix(f"{live_server.url}/static/") for url in fetched] == weighed

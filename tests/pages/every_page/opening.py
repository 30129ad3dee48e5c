"""Opening a prepared page: with Django's client, and in a browser that takes over its cookies."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.pages.every_page.registry import Ask, Desk, Page

_shown: "WeakKeyDictionary[Any, HttpResponse]" = WeakKeyDictionary()
SEND = """([path, data]) => {
    const form = document.createElement("form");
    const token = document.querySelector("[name=csrfmiddlewaretoken]");
    form.method = "post";
    form.action = path;
    for (const [name, value] of [...Object.entries(data), ["csrfmiddlewaretoken", token.value]]) {
        const box = document.createElement("input");
        box.type = "hidden";
        box.name = name;
        box.value = value;
        form.append(box);
    }
    document.body.append(form);
    form.submit();
}"""


def opened(desk: Desk, ask: Ask) -> HttpResponse:
    """Return the page as Django's client gets it. Fails when it is not the page that was meant."""
    answer = desk.client.get(ask.path) if ask.data is None else desk.client.post(ask.path, ask.data)
    assert answer.status_code == ask.status, (ask, answer.status_code, answer.headers.get("Location"))
    return answer


def in_every_language(page: Page) -> Iterator[tuple[str, HttpResponse]]:
    """Make a state once; yield the code of each language and the page in it. Nothing of it stays in the database."""
    with transaction.atomic():
        desk = Desk(Client())
        ask = page.ask(desk)
        cookies = desk.client.cookies
        for code, _name in settings.LANGUAGES:
            with transaction.atomic():
                desk.client.cookies = deepcopy(cookies)
                desk.speaks(code)
                yield code, opened(desk, ask)
                transaction.set_rollback(True)
        transaction.set_rollback(True)


def show(browser_page: Any, url: str, desk: Desk, ask: Ask) -> None:
    """Open the page in a browser, from a live server at `url`; a form is sent from the page on which it stands."""
    cookies = [{"name": name, "value": one.value, "url": url} for name, one in desk.client.cookies.items() if one.value]
    browser_page.context.clear_cookies()
    browser_page.context.add_cookies(cookies)
    answer = browser_page.goto(url + ask.path)
    if ask.data is not None:
        if not browser_page.locator("[name=csrfmiddlewaretoken]").count():
            browser_page.goto(f"{url}/language/")
        with browser_page.expect_navigation() as sent:
            browser_page.evaluate(SEND, [ask.path, ask.data])
        answer = sent.value
    assert answer.status == ask.status, (ask, answer.status)
    assert settings.LANGUAGE_COOKIE_NAME in desk.client.cookies


def still(browser_page: Any, answer: HttpResponse) -> None:
    """Show in a browser what Django's client got, without a server: style sheets and scripts come from the sources.

    So a state may be rolled back right after, and every page is looked at in the time that one with a server takes.
    """
    if browser_page not in _shown:
        browser_page.route("**/*", lambda route: _answered(route, _shown[browser_page]))
    _shown[browser_page] = answer
    browser_page.goto(f"http://testserver{answer.wsgi_request.get_full_path()}")


def _answered(route: Any, answer: HttpResponse) -> None:
    path = urlsplit(route.request.url).path
    if route.request.is_navigation_request():
        policy = {"Content-Security-Policy": answer.headers.get("Content-Security-Policy", "")}
        route.fulfill(body=answer.content, content_type="text/html; charset=utf-8", headers=policy)
    elif path.startswith("/static/"):
        route.fulfill(path=finders.find(path.removeprefix("/static/")))
    else:
        route.fulfill(body="", content_type="text/javascript")

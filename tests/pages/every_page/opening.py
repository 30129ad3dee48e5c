"""Opening a prepared page: with Django's client, and in a browser that takes over its cookies."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse

from tests.pages.every_page.registry import Ask, Desk

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

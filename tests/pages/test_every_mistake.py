"""Every form of every page, sent empty: the title says so first, the summary leads to each field, nothing is a 500.

Its state is on the list of pages, where `make bars` sees whether it is told so that all can understand.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.pages.every_page import PAGES, Ask, Desk, Page

TITLE = re.compile(r"<title>Error: [^<]+ - MassHealth Bill Pay</title>")
BY_ITSELF = re.compile(r'<form method="post"(?![^>]* action=)')
MISTAKE = re.compile(r'class="ma__error"|id="error-summary"')


def faults_of(text: str) -> list[str]:
    """Return what a page that shows a mistake leaves out."""
    summary = text.partition('id="error-summary"')[2].partition("</ul>")[0]
    links = re.findall(r'<a href="#([^"]+)"', summary)
    faults = [f"nothing has the id {target}" for target in links if f'id="{target}"' not in text]
    faults += [] if TITLE.search(text) else ["the title does not begin with Error:"]
    faults += [] if "<li>" in summary else ["the summary is empty"]
    return faults + (
        [] if text.find('id="error-summary"') < text.index("<h1") else ["the summary is below the heading"]
    )


def first_states() -> list[Page]:
    """Return the first state of each page: what has a form shows it there."""
    return list({page.url_name: page for page in reversed(PAGES)}.values())


@contextmanager
def asked(page: Page) -> Iterator[tuple[Client, Ask]]:
    """Make a state for as long as the block lasts."""
    with transaction.atomic():
        desk = Desk(Client())
        yield desk.client, page.ask(desk)
        transaction.set_rollback(True)


def sent_empty(page: Page) -> HttpResponse | None:
    """Return what comes when the form of a page is sent empty; nothing when it has none."""
    with asked(page) as (client, ask):
        has_form = ask.data is None and BY_ITSELF.search(client.get(ask.path).content.decode())
        return client.post(ask.path, {}) if has_form else None


def is_sent(page: Page) -> bool:
    """Return whether a form is sent in this state."""
    with asked(page) as (_, ask):
        return ask.data is not None


@pytest.mark.parametrize("page", first_states(), ids=lambda page: page.url_name)
def test_a_form_that_is_sent_empty_says_what_is_wrong_and_where_and_is_on_the_list(page, db, settings):
    settings.ROOT_URLCONF = "tests.pages.every_page.urls"
    answer = sent_empty(page)
    text = answer.content.decode() if answer else ""
    assert not answer or answer.status_code < 500
    if MISTAKE.search(text):
        assert faults_of(text) == []
        assert any(is_sent(one) for one in PAGES if one.url_name == page.url_name), "add it to every_page"


def test_a_page_that_tells_a_mistake_badly_is_found():
    told = '<title>Pay - x</title><main><h1>Pay</h1><div id="error-summary"><a href="#id_a">A</a></div>'
    assert faults_of(told) == [
        "nothing has the id id_a",
        "the title does not begin with Error:",
        "the summary is empty",
        "the summary is below the heading",
    ]
    assert "the summary is empty" in faults_of('<h1>Pay</h1><p class="ma__error">Pay</p>')

"""The list of every page is whole; test_pseudo_language.py opens each page on it."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from tests.pages.every_page import PAGES

NO_PAGE = {
    "accounts:email_confirm": "leads on to accounts:email_confirm_press",
    "accounts:cancel_contact": "a button",
    "accounts:contact_email_confirm": "leads on to accounts:contact_email_press",
    "accounts:end_other_sessions": "a button",
    "accounts:end_session": "a button",
    "accounts:logout": "a button",
    "accounts:send_contact_again": "a button",
    "accounts:session_extend": "asked by a script",
    "accounts:session_time_out": "leads on to accounts:login",
    "billing:archive": "a file",
    "billing:statement": "a file",
    "billing:summary": "a file",
    "cases:attachment": "a file",
    "components": "for those who make the pages; 404 elsewhere",
    "gateway_health": "for machines",
    "live": "for machines",
    "payments:account_export": "a file",
    "payments:agreement_pdf": "a file",
    "payments:authorization_pdf": "a file",
    "payments:cancel_autopay": "a button",
    "payments:export": "a file",
    "payments:prove": "a button",
    "payments:receipt_pdf": "a file",
    "payments:returned": "leads on to payments:status",
    "ready": "for machines",
    "seal": "a picture",
}


def names(patterns: list, prefix: str = "") -> Iterator[str]:
    """Yield the full name of every address but those of staff and of webhooks."""
    for one in patterns:
        if isinstance(one, URLResolver) and one.namespace != "admin":
            yield from names(one.url_patterns, f"{one.namespace}:" if one.namespace else prefix)
        elif (
            isinstance(one, URLPattern) and one.name and not str(one.pattern).startswith(("stripe", "twilio", "bounce"))
        ):
            yield prefix + one.name


def test_every_named_address_is_on_the_list_or_is_no_page():
    known = {page.url_name for page in PAGES} | set(NO_PAGE)
    assert sorted(set(names(get_resolver("portal.urls").url_patterns)) - known) == []


def test_nothing_on_the_list_is_gone():
    there = set(names(get_resolver("tests.pages.every_page.urls").url_patterns))
    assert sorted(({page.url_name for page in PAGES} | set(NO_PAGE)) - there) == []


def test_no_two_states_have_the_same_name():
    assert len({str(page) for page in PAGES}) == len(PAGES)

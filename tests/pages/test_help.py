"""The help center: the questions, their answers, and the search."""

import re
from datetime import date

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import strip_tags

from portal.helping import TOPICS
from tests import factories


def text_of(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split()).replace("&#x27;", "'")


def answer(client, slug):
    return client.get(reverse("help_topic", args=[slug]))


def found(client, words):
    page = client.get(reverse("help"), {"q": words}).content.decode()
    return re.findall(r'<dt><a href="/help/([\w-]+)/">', page)


def test_help_lists_every_question_with_its_short_answer(client, db, settings):
    settings.LOCKOUT_LIMIT = 4
    text = text_of(client.get(reverse("help")))
    for title in ("I cannot log in, or my account is locked", "I forgot my password or my username", "Whom to call"):
        assert title in text
    assert "After 4 wrong passwords in a row an account is locked." in text
    assert "Check your connection. Clear the cache and cookies. Try another browser." in text
    assert "A card payment shows right away." in text
    assert settings.SUPPORT_PHONE in text


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.slug)
def test_every_question_has_its_answer_and_the_way_to_a_person(client, db, settings, topic):
    page = answer(client, topic.slug)
    assert page.status_code == 200
    assert f"<h1>{topic.title}</h1>".replace("'", "&#x27;") in page.content.decode()
    assert settings.SUPPORT_PHONE in page.content.decode().split("<main", 1)[1].split("</main>")[0]
    assert "%(" not in text_of(page)


def test_what_nobody_asks_is_404(client, db):
    assert answer(client, "winning-the-lottery").status_code == 404


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("locked", "log-in"),
        ("my account is LOCKED!!", "log-in"),
        ("forgot username", "password"),
        ("is this email a scam?", "real-message"),
        ("payment not showing", "payment"),
        ("routing number", "bank"),
        ("waiver", "cannot-pay"),
        ("screen reader", "accessibility"),
        ("cookies", "website"),
        ("sign up", "register"),
        ("interpreter in Vietnamese", "languages"),
        ("discrimination", "rights"),
        ("recovery code", "log-in"),
    ],
)
def test_a_search_names_the_likeliest_question_first(client, db, words, first):
    assert found(client, words)[0] == first


def test_a_search_that_finds_nothing_says_so_and_shows_every_question(client, db):
    page = client.get(reverse("help"), {"q": "zebra"})
    assert "We found no answer to that." in text_of(page)
    assert len(found(client, "zebra")) == len(TOPICS)


@pytest.mark.parametrize("odd", ["", " ", "\0", "%", "<script>", "%(phone)s", "é" * 5000, "my is a"])
def test_a_search_for_anything_at_all_gets_a_page(client, db, odd):
    page = client.get(reverse("help"), {"q": odd})
    assert page.status_code == 200
    assert "<script>" not in page.content.decode().split("<main", 1)[1].split("</main>")[0]


def test_what_was_searched_for_stands_in_the_box_again(client, db):
    assert 'value="locked &amp; out"' in client.get(reverse("help"), {"q": "locked & out"}).content.decode()


@time_machine.travel("2026-11-24T15:00:00Z", tick=False)
def test_help_gives_real_dates_that_step_over_thanksgiving_and_the_weekend(client, db):
    page = answer(client, "payment")
    dates = page.context["bank"]
    assert (dates.sent_on, dates.expected_on) == (date(2026, 11, 24), date(2026, 12, 1))
    assert "we send it on Nov. 24, 2026 and expect it to be paid by Dec. 1, 2026" in text_of(page)


def test_help_says_what_a_reset_does_only_if_it_does_so(client, db, settings):
    settings.RESET_LIFTS_LOCK = True
    assert "Choose a new password with a link by email, or call us" in text_of(answer(client, "log-in"))
    settings.RESET_LIFTS_LOCK = False
    assert "Choose a new password with a link by email, or call us" not in text_of(answer(client, "log-in"))


@pytest.mark.parametrize(
    ("slug", "led_to"),
    [
        ("payment", ["/payments/missing/", "/proof/"]),
        ("letter", ["/cases/new/charge/"]),
        ("accessibility", ["/cases/new/other/", "/accounts/profile/reading/"]),
        ("privacy", ["/accounts/security/"]),
        ("real-message", ["/cases/new/suspicious/"]),
    ],
)
def test_an_answer_leads_to_the_page_where_it_is_done(member_client, slug, led_to):
    factories.bill(household=member_client.user.member.household)
    page = answer(member_client, slug).content.decode().split("<main", 1)[1].split("</main>")[0]
    for address in led_to:
        assert f'href="{address}"' in page
        assert member_client.get(address).status_code == 200


def test_help_offers_a_code_by_text_only_where_texts_are_sent(client, db, settings):
    settings.TEXT_SENDER = ""
    assert "/forgot/text/" not in answer(client, "password").content.decode()
    settings.TEXT_SENDER = "portal.shared.texting.memory.MemorySender"
    for address in ("/accounts/password/forgot/text/", "/accounts/username/forgot/text/"):
        assert f'href="{address}"' in answer(client, "password").content.decode()


def test_the_privacy_notice_says_how_long_as_it_is_set(client, db, settings):
    settings.CASES_KEPT_YEARS = 9
    text = text_of(answer(client, "privacy"))
    assert "stay for 9 years after the case is closed" in text
    assert "emptied after 30 days" in text


def test_help_asks_the_database_for_nothing(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(reverse("help"), {"q": "locked"})

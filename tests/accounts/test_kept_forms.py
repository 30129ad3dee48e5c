"""What was typed when the session ended is there after log-in: for the same person, for an hour, never a secret."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from portal.shared import kept
from tests import factories
from tests.accounts.conftest import log_in

pytestmark = pytest.mark.django_db
LOGIN, NEW, END = reverse("accounts:login"), reverse("payments:new"), reverse("accounts:session_time_out")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TYPED = {"choice": "other", "amount": "12.34", "method": "bank"}
STILL_HERE = "What you typed is still here"


@pytest.fixture(autouse=True)
def clock(time_machine):
    """Return a function that sets the clock to minutes after noon."""

    def at(minutes):
        time_machine.move_to(NOON + timedelta(minutes=minutes), tick=False)

    at(0)
    return at


def member():
    user = factories.user()
    factories.bill(household=user.member.household)
    return user


@pytest.fixture
def away(client, clock):
    """A client that logged in at noon, typed an amount, and sent it after the session had ended."""
    client.user = member()
    log_in(client, client.user.username, factories.PASSWORD)
    clock(16)
    client.led_to = client.post(NEW, TYPED)["Location"]
    return client


def log_in_again(client, user):
    page = client.get(client.led_to).content.decode()
    following = re.search(r'name="next" value="([^"]*)"', page)[1]
    facts = {"username": user.username, "password": factories.PASSWORD, "next": following}
    return client.post(LOGIN, facts)["Location"]


def value_of(page, name):
    return re.search(rf'<input[^>]*name="{name}"[^>]*>', page)[0]


def test_the_same_person_comes_back_to_the_page_and_finds_what_was_typed(away):
    assert away.led_to == f"{LOGIN}?ended=1&next=%2Fpayments%2Fnew%2F"
    assert "What you typed waits for you" in away.get(away.led_to).content.decode()
    assert log_in_again(away, away.user) == NEW
    page = away.get(NEW).content.decode()
    assert STILL_HERE in page
    assert 'value="12.34"' in value_of(page, "amount")
    checked = re.findall(r'<input[^>]*value="(\w+)"[^>]*\bchecked', page)
    assert checked == ["other", "bank"]
    assert "<title>Error:" not in page


def test_it_is_there_until_the_form_is_sent_and_then_no_more(away):
    log_in_again(away, away.user)
    assert STILL_HERE in away.get(NEW).content.decode()
    assert STILL_HERE in away.get(NEW).content.decode()
    assert away.post(NEW, TYPED | {"amount": "x"}).status_code == 200
    page = away.get(NEW).content.decode()
    assert STILL_HERE not in page
    assert "12.34" not in page


def test_another_person_on_the_same_browser_never_sees_it(away):
    place = away.session[kept.KEY]["place"]
    log_in_again(away, member())
    assert "12.34" not in away.get(NEW).content.decode()
    assert kept.KEY not in away.session
    assert cache.get(place) is None
    away.logout()
    log_in(away, away.user.username, factories.PASSWORD)
    assert "12.34" not in away.get(NEW).content.decode()


def test_the_same_person_on_another_browser_does_not_get_it(away):
    other = Client()
    log_in(other, away.user.username, factories.PASSWORD)
    assert "12.34" not in other.get(NEW).content.decode()


def test_other_pages_do_not_show_it(away):
    log_in_again(away, away.user)
    for page in ("/payments/", "/help/", reverse("accounts:password_forgot")):
        assert STILL_HERE not in away.get(page).content.decode()


def test_after_an_hour_it_is_gone(away, clock):
    place = away.session[kept.KEY]["place"]
    clock(16 + 59)
    assert cache.get(place)
    clock(16 + 61)
    assert cache.get(place) is None
    log_in_again(away, away.user)
    assert "12.34" not in away.get(NEW).content.decode()


def test_nothing_secret_is_kept(rf, client):
    session = client.session
    names = ["password", "old_password", "new_password1", "csrfmiddlewaretoken", "token", "code", "card_number", "pin"]
    typed = QueryDict("&".join([f"{name}=hush" for name in names] + ["zip_code=02118", "message=hello"]))
    assert kept.keep(session, user_id="1", page="/x/", typed=typed)
    assert cache.get(session[kept.KEY]["place"]) == {"zip_code": ["02118"], "message": ["hello"]}
    assert "hush" not in str(session[kept.KEY])


@pytest.mark.parametrize("typed", ["", "password=hush", "message=", f"message={'x' * 40_000}"])
def test_nothing_is_kept_of_an_empty_secret_or_endless_form(typed, client):
    session = client.session
    assert not kept.keep(session, user_id="1", page="/x/", typed=QueryDict(typed))
    assert kept.KEY not in session


def test_a_cache_that_is_away_loses_it_and_fails_nothing(client, clock, settings):
    client.user = member()
    log_in(client, client.user.username, factories.PASSWORD)
    clock(16)
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": away}
    answer = client.post(NEW, TYPED)
    assert answer["Location"] == f"{LOGIN}?ended=1"


def test_a_form_sent_from_somewhere_else_is_refused_and_plants_nothing(clock):
    browser = Client(enforce_csrf_checks=True)
    user = member()
    browser.force_login(user)
    session = browser.session
    session["started_at"] = session["seen_at"] = int(NOON.timestamp())
    session.save()
    clock(16)
    assert browser.post(NEW, TYPED).status_code == 403
    assert browser.post(END, TYPED | {"kept_page": NEW}).status_code == 403
    assert kept.KEY not in browser.session


def test_a_button_alone_leads_back_to_the_page_it_was_on(client, clock):
    log_in(client, member().username, factories.PASSWORD)
    clock(16)
    off = reverse("payments:cancel_autopay")
    answer = client.post(off, headers={"referer": "http://testserver/payments/autopay/?from=help"})
    assert answer["Location"] == f"{LOGIN}?ended=1&next=%2Fpayments%2Fautopay%2F%3Ffrom%3Dhelp"
    assert client.post(off, headers={"referer": "https://elsewhere.example/x"})["Location"].startswith(LOGIN)


def test_the_page_itself_can_end_the_session_and_leave_what_was_typed(client):
    client.user = member()
    log_in(client, client.user.username, factories.PASSWORD)
    assert client.post(END, TYPED | {"kept_page": NEW}).status_code == 204
    assert client.get(NEW).status_code == 302
    log_in(client, client.user.username, factories.PASSWORD)
    assert 'value="12.34"' in value_of(client.get(NEW).content.decode(), "amount")


def test_a_stranger_can_leave_nothing(client):
    assert client.post(END, TYPED | {"kept_page": NEW}).status_code == 204
    assert kept.KEY not in client.session
    assert client.get(END).status_code == 405

"""How long someone stays logged in, and what the way out looks like."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import SessionRecord
from tests import factories
from tests.accounts.conftest import log_in

pytestmark = pytest.mark.django_db
EXTEND, LOGIN, LOGOUT = (reverse(f"accounts:{name}") for name in ("session_extend", "login", "logout"))
PRIVATE = "/payments/"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def clock(time_machine):
    """Return a function that sets the clock to minutes after noon."""

    def at(minutes):
        time_machine.move_to(NOON + timedelta(minutes=minutes), tick=False)

    at(0)
    return at


@pytest.fixture
def inside(client, clock):
    """A client that logged in at noon."""
    client.user = factories.user()
    log_in(client, client.user.username, factories.PASSWORD)
    return client


def is_inside(client):
    return client.post(EXTEND).status_code == 204


def test_nobody_gets_less_than_fifteen_idle_minutes(inside, clock):
    clock(0.32)
    inside.get("/help/")  # not noted, so soon after the last time, and yet it counts
    clock(15.32)
    assert is_inside(inside)


def test_after_fifteen_idle_minutes_the_session_is_over_and_the_page_says_so(inside, clock):
    clock(15.5)
    response = inside.get(PRIVATE + "?page=2")
    assert response["Location"] == f"{LOGIN}?ended=1&next=%2Fpayments%2F%3Fpage%3D2"
    page = inside.get(response["Location"]).content.decode()
    assert "You were logged out" in page
    assert 'value="/payments/?page=2"' in page


def test_activity_keeps_the_session_for_twelve_hours_and_no_longer(inside, clock):
    for minutes in range(10, 12 * 60, 10):
        clock(minutes)
        assert is_inside(inside)
    clock(12 * 60 - 1)
    assert is_inside(inside)
    clock(12 * 60)
    assert not is_inside(inside)


def test_pages_count_as_activity(inside, clock):
    clock(14)
    inside.get("/help/")
    clock(28)
    assert is_inside(inside)
    clock(43.5)
    assert not is_inside(inside)


def test_the_session_is_not_written_on_each_request(inside, django_assert_num_queries, clock):
    inside.get("/help/")
    before = Session.objects.get().session_data
    inside.get("/help/")
    assert Session.objects.get().session_data == before
    clock(1)
    inside.get("/help/")
    assert Session.objects.get().session_data != before


def test_an_ended_session_sends_nothing_that_was_posted(inside, clock):
    clock(20)
    response = inside.post("/payments/new/", {"amount": "24"})
    assert response["Location"] == f"{LOGIN}?ended=1&next=%2Fpayments%2Fnew%2F"


def test_public_pages_stay_public_after_the_end(inside, clock):
    clock(20)
    assert inside.get("/help/").status_code == 200
    assert not is_inside(inside)


def test_the_admin_session_ends_at_the_admin_door(client, clock):
    staff = factories.user(is_staff=True, is_superuser=True)
    client.post("/admin/login/", {"username": staff.username, "password": factories.PASSWORD})
    assert client.get("/admin/").status_code == 200
    clock(15.5)
    assert client.get("/admin/")["Location"].startswith("/admin/login/?ended=1&next=")


def test_a_session_without_its_beginning_is_over(inside):
    session = inside.session
    del session["started_at"]
    session.save()
    assert not is_inside(inside)


def test_log_in_begins_a_new_session(client):
    session = client.session
    session["left"] = "over"
    session.save()
    before = client.session.session_key
    user = factories.user()
    log_in(client, user.username, factories.PASSWORD)
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_log_out_is_a_post_and_ends_the_session_on_the_server(inside):
    key = inside.session.session_key
    opened = inside.get(LOGOUT)
    assert opened.status_code == 405
    assert "use the Log out button" in opened.content.decode()
    assert inside.post(LOGOUT).status_code == 302
    assert not Session.objects.filter(session_key=key).exists()
    assert inside.get(PRIVATE)["Location"].startswith(LOGIN)


def test_log_out_twice_leads_home(inside):
    inside.post(LOGOUT)
    assert inside.post(LOGOUT)["Location"] == "/"


def test_forms_need_their_token(db):
    client = Client(enforce_csrf_checks=True)
    for page in (LOGIN, LOGOUT, EXTEND, reverse("accounts:register"), reverse("accounts:email_confirm_press")):
        assert client.post(page).status_code == 403


def test_extending_needs_a_post_and_a_session(client):
    assert client.get(EXTEND).status_code == 405
    assert client.post(EXTEND).status_code == 401


def test_private_pages_are_never_stored(inside):
    assert "no-store" in inside.get(PRIVATE)["Cache-Control"]


def test_a_closed_account_is_out_at_once(inside):
    inside.user.is_active = False
    inside.user.save()
    assert not is_inside(inside)


def test_someone_who_is_inside_does_not_see_the_log_in_page(inside):
    assert inside.get(LOGIN)["Location"] == reverse("billing:overview")


def test_staff_who_log_in_where_a_member_is_logged_in_have_a_session_of_their_own(db):
    for clerk in (factories.user(is_staff=True), factories.user(is_staff=True)):
        client = Client()
        client.force_login(factories.user())
        member_key = client.session.session_key
        client.force_login(clerk)
        records = SessionRecord.objects.filter(user=clerk)
        assert [record.key_hash for record in records] == [sha256(client.session.session_key.encode()).hexdigest()]
        assert client.session.session_key != member_key

"""Logging in, and being locked out."""

import re

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import LoginRecord, User
from accounts.tasks import purge, sweep
from portal.shared.models import OutgoingMessage
from tests import factories
from tests.accounts.conftest import log_in

pytestmark = pytest.mark.django_db
WRONG = "not the password at all"


def lock(client, user, tries=5):
    for _ in range(tries):
        log_in(client, user.username, WRONG)


def words(response):
    """Return a page without what differs on every page: the tokens and what was typed."""
    return re.sub(r'name="(csrfmiddlewaretoken|username)" value="[^"]*"', "", response.content.decode())


def is_locked(user):
    user.refresh_from_db()
    return user.is_locked


def test_the_right_password_leads_to_the_bills(client):
    user = factories.user()
    assert log_in(client, user.username, factories.PASSWORD)["Location"] == reverse("billing:overview")


@pytest.mark.parametrize("typed", ["testab", "TESTAB", " TestaB ", "\uff34\uff25\uff33\uff34\uff21\uff22"])
def test_the_username_is_taken_in_any_case_and_unicode_form(client, typed):
    factories.user(username="TestaB")
    assert log_in(client, typed, factories.PASSWORD).status_code == 302


def test_five_wrong_passwords_in_a_row_lock_and_then_the_right_one_is_refused(client):
    user = factories.user()
    lock(client, user, tries=4)
    assert not is_locked(user)
    lock(client, user, tries=1)
    assert is_locked(user)
    assert log_in(client, user.username, factories.PASSWORD).status_code == 200


def test_the_spelling_of_the_username_gives_no_further_guesses(client):
    user = factories.user(username="testab")
    for typed in ("testab", "TESTAB", "TestaB", " testab", "\uff34estab"):
        log_in(client, typed, WRONG)
    assert is_locked(user)


def test_a_right_password_starts_the_row_anew(client):
    user = factories.user()
    lock(client, user, tries=4)
    assert log_in(client, user.username, factories.PASSWORD).status_code == 302
    client.logout()
    lock(client, user, tries=4)
    assert not is_locked(user)


def test_the_fifth_try_may_be_right(client):
    user = factories.user()
    lock(client, user, tries=4)
    assert log_in(client, user.username, factories.PASSWORD).status_code == 302
    assert not is_locked(user)
    sweep()
    assert not OutgoingMessage.objects.exists()


def test_unknown_wrong_locked_and_closed_look_the_same_and_name_the_way_out(client):
    locked, closed, known = factories.user(), factories.user(is_active=False), factories.user()
    lock(client, locked)
    pages = {
        words(log_in(client, "nobody-here", WRONG, REMOTE_ADDR="192.0.2.1")),
        words(log_in(client, known.username, WRONG, REMOTE_ADDR="192.0.2.2")),
        words(log_in(client, locked.username, WRONG, REMOTE_ADDR="192.0.2.3")),
        words(log_in(client, locked.username, factories.PASSWORD, REMOTE_ADDR="192.0.2.4")),
        words(log_in(client, closed.username, factories.PASSWORD, REMOTE_ADDR="192.0.2.5")),
    }
    assert len(pages) == 1
    page = pages.pop()
    for way_out in (reverse("accounts:password_forgot"), reverse("accounts:username_forgot"), "(800) 841-2900"):
        assert way_out in page


class WorkingHasher(MD5PasswordHasher):
    """Counts how often it works, for an account or for nothing."""

    algorithm = "working"
    worked = 0

    def encode(self, password, salt):
        type(self).worked += 1
        return super().encode(password, salt)


def test_every_refusal_costs_one_hash_and_the_same_lasting_writes(client, rf, settings):
    """Time follows work. A refused place in the row of a locked account writes nothing, so it does not count."""
    settings.PASSWORD_HASHERS = [f"{__name__}.WorkingHasher"]
    locked, closed, known = factories.user(), factories.user(is_active=False), factories.user()
    lock(client, locked)
    request = rf.post("/")
    request.client_address = "192.0.2.200"
    costs = {}
    for name in ("nobody-here", known.username, locked.username, closed.username):
        worked = WorkingHasher.worked
        with CaptureQueriesContext(connection) as queries:
            assert authenticate(request, username=name, password=WRONG) is None
        verbs = [query["sql"].split()[0] for query in queries]
        writes = verbs.count("INSERT") + verbs.count("UPDATE") - (name == locked.username)
        costs[name] = (WorkingHasher.worked - worked, writes)
    assert set(costs.values()) == {(1, 4)}


def test_someone_who_never_confirmed_hears_so_only_with_the_right_password(client):
    user = factories.user(confirmed=False)
    assert "Confirm your email" in log_in(client, user.username, factories.PASSWORD).content.decode()
    assert "Confirm your email" not in log_in(client, user.username, WRONG).content.decode()


def test_the_owner_is_told_once_of_the_lock(client):
    user = factories.user()
    lock(client, user, tries=8)
    User.objects.filter(pk=user.pk).update(locked_at=user.date_joined.replace(year=2025))
    sweep()
    sweep()
    message = OutgoingMessage.objects.get()
    assert (message.recipient, message.subject) == (user.email, "Your account is locked")
    assert reverse("accounts:password_forgot") in message.body_text


def test_the_owner_is_told_of_a_second_lock_too(client):
    user = factories.user()
    for year in (2024, 2025):
        lock(client, user)
        User.objects.filter(pk=user.pk).update(locked_at=user.date_joined.replace(year=year))
        sweep()
        User.objects.filter(pk=user.pk).update(locked_at=None, failed_logins=0)
    assert OutgoingMessage.objects.filter(kind="account_locked").count() == 2


def test_a_lock_stays_unless_a_setting_says_otherwise(client, time_machine, settings):
    time_machine.move_to("2026-11-24 12:00:00+00:00")
    user = factories.user()
    lock(client, user)
    time_machine.move_to("2027-11-24 12:00:00+00:00")
    assert log_in(client, user.username, factories.PASSWORD).status_code == 200
    settings.LOCKOUT_RELEASE_MINUTES = 30
    assert log_in(client, user.username, factories.PASSWORD).status_code == 302


def test_automatic_release_waits_its_time_and_gives_five_new_tries(client, time_machine, settings):
    settings.LOCKOUT_RELEASE_MINUTES = 30
    time_machine.move_to("2026-11-24 12:00:00+00:00")
    user = factories.user()
    lock(client, user)
    time_machine.move_to("2026-11-24 12:29:00+00:00")
    assert log_in(client, user.username, factories.PASSWORD).status_code == 200
    time_machine.move_to("2026-11-24 12:31:00+00:00")
    lock(client, user, tries=4)
    assert not is_locked(user)
    lock(client, user, tries=1)
    assert is_locked(user)


def test_the_number_of_tries_is_a_setting(client, settings):
    settings.LOCKOUT_LIMIT = 2
    user = factories.user()
    lock(client, user, tries=2)
    assert is_locked(user)


def test_each_try_at_a_known_account_is_recorded_with_its_address(client):
    user = factories.user()
    log_in(client, user.username, WRONG, REMOTE_ADDR="192.0.2.7")
    log_in(client, user.username, factories.PASSWORD, REMOTE_ADDR="192.0.2.8")
    tries = LoginRecord.objects.filter(user=user).values_list("succeeded", "address")
    assert list(tries) == [(True, "192.0.2.8"), (False, "192.0.2.7")]


def test_thirty_wrong_passwords_in_an_hour_close_the_door_to_an_address_alone(client):
    user = factories.user()
    for number in range(30):
        log_in(client, f"nobody{number}", WRONG, REMOTE_ADDR="192.0.2.9")
    page = log_in(client, user.username, factories.PASSWORD, REMOTE_ADDR="192.0.2.9")
    assert "too many tries" in page.content.decode()
    assert log_in(client, user.username, factories.PASSWORD, REMOTE_ADDR="192.0.2.10").status_code == 302


def test_a_forged_forwarded_address_opens_no_door(client):
    for number in range(30):
        log_in(client, f"nobody{number}", WRONG, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    page = log_in(client, factories.user().username, factories.PASSWORD, HTTP_X_FORWARDED_FOR="198.51.100.200")
    assert "too many tries" in page.content.decode()


def test_twenty_wrong_passwords_a_day_for_one_name_from_one_address_are_enough(client):
    for _ in range(20):
        log_in(client, "nobody", WRONG)
    assert "too many tries. Wait a day and try again" in log_in(client, "NOBODY", WRONG).content.decode()
    assert "too many tries" not in log_in(client, "somebody", WRONG).content.decode()


def test_a_right_password_before_the_address_is_confirmed_is_recorded_as_refused(client):
    user = factories.user(confirmed=False)
    log_in(client, user.username, factories.PASSWORD)
    assert list(LoginRecord.objects.values_list("user", "succeeded")) == [(user.pk, False)]


def test_no_later_backend_lets_in_whom_the_gate_refused(client, settings):
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, "django.contrib.auth.backends.ModelBackend"]
    user = factories.user()
    lock(client, user)
    assert log_in(client, user.username, factories.PASSWORD).status_code == 200


@pytest.mark.parametrize(
    "next_page",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "http:///evil.example", "\\\\evil.example"],
)
def test_next_never_leads_to_another_site(client, next_page):
    user = factories.user()
    response = client.post(
        "/accounts/login/", {"username": user.username, "password": factories.PASSWORD, "next": next_page}
    )
    assert response["Location"] == reverse("billing:overview")


def test_next_leads_back_on_this_site(client):
    user = factories.user()
    response = client.post(
        "/accounts/login/", {"username": user.username, "password": factories.PASSWORD, "next": "/payments/"}
    )
    assert response["Location"] == "/payments/"


def test_staff_at_the_member_door_go_to_admin(client):
    staff = factories.user(is_staff=True)
    assert log_in(client, staff.username, factories.PASSWORD)["Location"] == "/admin/"


def test_odd_input_is_refused_and_never_breaks(client):
    for username, password in [
        ("nul\x00", WRONG),
        ("x" * 5000, WRONG),
        ("x", "y" * 50_000),
        ("\ud7ff\U0001f642", "\x00"),
    ]:
        assert log_in(client, username, password).status_code == 200


def test_a_password_typed_wrong_is_never_shown_again(client):
    assert WRONG not in log_in(client, "nobody", WRONG).content.decode()


def test_old_tries_at_unknown_names_are_forgotten_and_those_at_accounts_stay(time_machine):
    time_machine.move_to("2026-07-01 12:00:00+00:00")
    kept = LoginRecord.objects.create(user=factories.user(), succeeded=False)
    LoginRecord.objects.create(user=None, succeeded=False)
    time_machine.move_to("2026-11-24 12:00:00+00:00")
    recent = LoginRecord.objects.create(user=None, succeeded=False)
    purge()
    assert set(LoginRecord.objects.all()) == {kept, recent}

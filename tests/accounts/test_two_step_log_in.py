"""The code after the password: what it opens, what it costs to guess, and who may not walk around it."""

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import services
from accounts.models import LoginRecord, User
from portal.shared.models import OutgoingMessage
from tests import factories
from tests.accounts.conftest import code_of, device, is_inside, log_in, turn_on

pytestmark = pytest.mark.django_db
LOGIN, CODE = "/accounts/login/", "/accounts/login/code/"
WRONG = "000000"


@pytest.fixture
def guarded(owner):
    """The owner of a log-in that asks for a code; its recovery codes are `.codes`."""
    owner.codes = turn_on(device(owner))
    owner.refresh_from_db()
    LoginRecord.objects.all().delete()
    return owner


def at_the_code(user, **more):
    client = Client(**more)
    assert log_in(client, user.username, factories.PASSWORD)["Location"] == CODE
    return client


def give(client, code):
    return client.post(CODE, {"code": code})


def text_of(response):
    return response.content.decode()


def tries():
    return list(LoginRecord.objects.order_by("pk").values_list("succeeded", "step"))


def test_the_password_alone_opens_nothing_and_is_no_log_in_yet(guarded):
    client = at_the_code(guarded)
    assert "_auth_user_id" not in client.session
    assert not is_inside(client)
    assert tries() == []


def test_the_code_lets_in_under_a_new_key(guarded):
    client = at_the_code(guarded)
    before = client.session.session_key
    assert give(client, code_of(guarded))["Location"] == "/bills/"
    assert is_inside(client)
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert "waits_for_code" not in client.session
    assert tries() == [(True, "code")]


def test_the_page_that_was_wanted_opens_after_the_code(guarded):
    client = Client()
    typed = {"username": guarded.username, "password": factories.PASSWORD, "next": "/payments/"}
    client.post(LOGIN, typed)
    assert give(client, code_of(guarded))["Location"] == "/payments/"


def test_a_code_with_a_space_is_taken(guarded):
    code = code_of(guarded)
    assert give(at_the_code(guarded), f" {code[:3]} {code[3:]} ").status_code == 302


def test_a_code_works_once_even_in_another_session(guarded):
    code = code_of(guarded)
    assert give(at_the_code(guarded), code).status_code == 302
    again = at_the_code(guarded)
    assert "it was used before" in text_of(give(again, code))
    assert not is_inside(again)


def test_a_recovery_code_lets_in_once_and_the_owner_is_told(guarded):
    assert give(at_the_code(guarded), guarded.codes[3]).status_code == 302
    assert "This code is not right" in text_of(give(at_the_code(guarded), guarded.codes[3]))
    message = OutgoingMessage.objects.get(kind="recovery_code_used")
    assert "You have 9 codes left." in message.body_text
    assert tries() == [(True, "recovery_code"), (False, "code")]


def test_somebody_elses_recovery_code_opens_nothing(guarded):
    other = factories.user()
    codes = turn_on(device(other))
    assert "This code is not right" in text_of(give(at_the_code(guarded), codes[0]))


def test_five_wrong_codes_lock_the_account_as_wrong_passwords_do(guarded):
    client = at_the_code(guarded)
    for _ in range(4):
        assert "This code is not right" in text_of(give(client, WRONG))
    response = give(client, WRONG)
    assert response["Location"] == LOGIN
    assert "the account is locked" in text_of(client.get(LOGIN))
    assert User.objects.get(pk=guarded.pk).is_locked
    assert log_in(Client(), guarded.username, factories.PASSWORD).status_code == 200
    assert client.get(CODE)["Location"] == LOGIN


def test_the_right_password_again_gives_no_further_guesses_at_the_code(guarded):
    for _ in range(4):
        give(at_the_code(guarded), WRONG)
    client = at_the_code(guarded)
    assert give(client, WRONG)["Location"] == LOGIN
    assert User.objects.get(pk=guarded.pk).is_locked


def test_wrong_passwords_and_wrong_codes_are_one_row_that_the_right_code_ends(guarded):
    log_in(Client(), guarded.username, "wrong")
    log_in(Client(), guarded.username, "wrong")
    client = at_the_code(guarded)
    give(client, WRONG)
    give(client, WRONG)
    assert User.objects.get(pk=guarded.pk).failed_logins == 4
    assert give(client, code_of(guarded)).status_code == 302
    assert User.objects.get(pk=guarded.pk).failed_logins == 0


def test_a_right_code_does_not_help_once_someone_locked_the_account(guarded):
    client = at_the_code(guarded)
    for _ in range(5):
        log_in(Client(), guarded.username, "wrong")
    assert give(client, code_of(guarded))["Location"] == LOGIN
    assert not is_inside(client)


def test_twenty_wrong_codes_a_day_close_the_door_to_codes_whoever_unlocks(guarded, client):
    for number in range(20):
        if User.objects.get(pk=guarded.pk).is_locked:
            services.unlock(user=guarded, reason="Called")
        give(at_the_code(guarded, REMOTE_ADDR=f"192.0.2.{number}"), WRONG)
    services.unlock(user=guarded, reason="Called")
    client = at_the_code(guarded, REMOTE_ADDR="192.0.2.200")
    assert "too many tries" in text_of(give(client, code_of(guarded)))


def test_five_minutes_after_the_password_it_is_asked_again(guarded, time_machine):
    time_machine.move_to("2026-11-25 12:00:00+00:00", tick=False)
    client = at_the_code(guarded)
    time_machine.move_to("2026-11-25 12:04:59+00:00", tick=False)
    assert client.get(CODE).status_code == 200
    time_machine.move_to("2026-11-25 12:05:00+00:00", tick=False)
    response = client.post(CODE, {"code": code_of(guarded)}, follow=True)
    assert "Log in with your username and password first" in text_of(response)
    assert not is_inside(client)


def test_nobody_reaches_the_code_page_without_a_password(client):
    for method in (client.get, client.post):
        assert method(CODE)["Location"] == LOGIN


@pytest.mark.parametrize("change", ["password", "closed", "removed"])
def test_what_changed_meanwhile_ends_the_wait(guarded, change):
    client = at_the_code(guarded)
    code = code_of(guarded)
    user = User.objects.get(pk=guarded.pk)
    if change == "password":
        user.set_password("violet tram harbor onion")
    elif change == "closed":
        user.is_active = False
    else:
        user.second_step_at = None
    user.save()
    assert give(client, code)["Location"] == LOGIN
    assert not is_inside(client)


def test_a_new_password_by_email_does_not_replace_the_code(guarded):
    token = default_token_generator.make_token(guarded)
    services.reset_password(user_id=guarded.pk, token=token, password="violet tram harbor onion")
    client = Client()
    assert log_in(client, guarded.username, "violet tram harbor onion")["Location"] == CODE
    assert not is_inside(client)
    assert give(client, code_of(guarded)).status_code == 302


def test_a_wrong_password_says_the_same_whether_or_not_a_code_would_follow(guarded):
    plain = factories.user()
    pages = {
        text_of(log_in(Client(), name, "wrong")).replace(name, "").split("<main")[1].split("csrfmiddlewaretoken")[0]
        for name in (guarded.username, plain.username, "nobody")
    }
    assert len(pages) == 1


def test_a_code_is_never_shown_again(guarded):
    assert WRONG not in text_of(give(at_the_code(guarded), WRONG)).replace('value="000000"', "")


def test_an_unconfirmed_or_locked_account_never_reaches_the_code(guarded):
    User.objects.filter(pk=guarded.pk).update(email_confirmed_at=None)
    assert log_in(Client(), guarded.username, factories.PASSWORD).status_code == 200

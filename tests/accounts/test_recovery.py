"""Getting back in: forgotten password, forgotten username."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Inquiry, User
from tests import factories
from tests.accounts.conftest import link_in, log_in

pytestmark = pytest.mark.django_db(transaction=True)
FORGOT_PASSWORD, FORGOT_USERNAME = reverse("accounts:password_forgot"), reverse("accounts:username_forgot")
NEW = "canoe orbit lamp river"


def plain(response):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def reset_link(client, user):
    client.post(FORGOT_PASSWORD, {"username": user.username})
    return link_in(mail.outbox[-1])


def choose(client, link, password=NEW):
    """Open the link, as a browser does, and send a new password."""
    page = client.get(link)
    return client.post(page["Location"] if page.status_code == 302 else link, {"password": password})


def test_a_forgotten_password_is_replaced_by_a_link_sent_to_the_owner(client):
    user = factories.user()
    link = reset_link(client, user)
    assert mail.outbox[0].to == [user.email]
    response = choose(client, link)
    assert response["Location"] == reverse("accounts:login")
    assert log_in(client, user.username, factories.PASSWORD).status_code == 200
    assert log_in(client, user.username, NEW).status_code == 302


def test_the_owner_is_told_and_nobody_is_logged_in_by_it(client):
    user = factories.user()
    choose(client, reset_link(client, user))
    assert mail.outbox[-1].subject == "Your password was changed"
    assert "_auth_user_id" not in client.session


def test_other_sessions_end_with_the_old_password(client):
    user = factories.user()
    elsewhere = Client()
    log_in(elsewhere, user.username, factories.PASSWORD)
    assert elsewhere.post(reverse("accounts:session_extend")).status_code == 204
    choose(client, reset_link(client, user))
    assert elsewhere.post(reverse("accounts:session_extend")).status_code == 401


def test_a_link_works_once(client):
    user = factories.user()
    link = reset_link(client, user)
    choose(client, link)
    again = Client()
    assert "no longer works" in choose(again, link, "another lamp river orbit").content.decode()
    assert log_in(client, user.username, NEW).status_code == 302


def test_a_link_that_was_used_up_while_its_page_was_open_changes_nothing(client):
    user = factories.user()
    link = reset_link(client, user)
    open_page = Client()
    form = open_page.get(link)["Location"]
    choose(client, link)
    assert "no longer works" in open_page.post(form, {"password": "another lamp river orbit"}).content.decode()
    assert log_in(client, user.username, NEW).status_code == 302


def test_a_link_works_for_thirty_minutes(client, time_machine):
    time_machine.move_to("2026-11-24 12:00:00+00:00")
    user = factories.user()
    link = reset_link(client, user)
    time_machine.move_to("2026-11-24 12:30:30+00:00")
    assert "no longer works" in choose(client, link).content.decode()


def test_the_secret_leaves_the_address_before_the_page_is_shown(client):
    link = reset_link(client, factories.user())
    page = client.get(link, follow=True)
    secret = link.rstrip("/").split("/")[-1]
    assert secret not in page.redirect_chain[-1][0]
    assert secret not in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_an_easy_password_is_refused_and_the_link_still_works(client):
    user = factories.user()
    link = reset_link(client, user)
    assert "easy to guess" in choose(client, link, "passwordpassword").content.decode()
    assert choose(client, link).status_code == 302


def test_a_completed_reset_lifts_the_lock_and_says_so(client):
    user = factories.user()
    for _ in range(5):
        log_in(client, user.username, "wrong")
    choose(client, reset_link(client, user))
    assert log_in(client, user.username, NEW).status_code == 302
    assert "Your account is unlocked" in [m.subject for m in mail.outbox]


def test_whether_a_reset_lifts_the_lock_is_a_setting(client, settings):
    settings.RESET_LIFTS_LOCK = False
    user = factories.user()
    for _ in range(5):
        log_in(client, user.username, "wrong")
    choose(client, reset_link(client, user))
    assert log_in(client, user.username, NEW).status_code == 200


def test_requests_never_lock_and_end_in_silence(client):
    user = factories.user()
    for number in range(8):
        response = client.post(FORGOT_PASSWORD, {"username": user.username}, REMOTE_ADDR=f"192.0.2.{number}")
        assert response.status_code == 200
    assert len(mail.outbox) == 5
    assert log_in(client, user.username, factories.PASSWORD).status_code == 302


def test_ten_requests_an_hour_from_one_address_are_enough(client):
    for number in range(10):
        assert client.post(FORGOT_PASSWORD, {"username": f"nobody{number}"}).status_code == 200
    assert client.post(FORGOT_USERNAME, {"email": "a@example.test"}).status_code == 429


def test_the_page_is_the_same_whether_an_account_exists_or_not(client):
    known, closed, unconfirmed = factories.user(), factories.user(is_active=False), factories.user(confirmed=False)
    names = [known.username, closed.username, unconfirmed.username, "nobody"]
    assert len({plain(client.post(FORGOT_PASSWORD, {"username": name})) for name in names}) == 1
    emails = [known.email, closed.email, unconfirmed.email, "nobody@example.test"]
    assert len({plain(client.post(FORGOT_USERNAME, {"email": email})) for email in emails}) == 1


def test_an_address_that_was_never_confirmed_gets_a_confirmation_link_and_no_way_in(client):
    user = factories.user(confirmed=False)
    client.post(FORGOT_PASSWORD, {"username": user.username})
    client.post(FORGOT_USERNAME, {"email": user.email})
    assert [m.subject for m in mail.outbox] == ["Confirm your email address"]


def test_a_closed_account_gets_nothing(client):
    user = factories.user(is_active=False)
    client.post(FORGOT_PASSWORD, {"username": user.username})
    client.post(FORGOT_USERNAME, {"email": user.email})
    assert mail.outbox == []


def test_all_usernames_of_an_address_come_in_one_message(client):
    for username in ("firstname", "secondname"):
        factories.user(username=username, email="Shared@example.test")
    client.post(FORGOT_USERNAME, {"email": "shared@EXAMPLE.test"})
    (message,) = mail.outbox
    assert message.to == ["Shared@example.test"]
    assert "firstname" in message.body
    assert "secondname" in message.alternatives[0][0]


def test_what_was_typed_is_forgotten_when_it_is_answered(client):
    client.post(FORGOT_USERNAME, {"email": "nobody@example.test"})
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("link", ["x/y", "MQ/set-password", "MQ/abc-def", "!!/abc-def"])
def test_a_false_link_is_answered_with_the_way_to_a_new_one(client, link):
    factories.user()
    page = client.get(f"/accounts/password/reset/{link}/")
    assert page.status_code == 200
    assert FORGOT_PASSWORD in page.content.decode()


def test_a_link_made_for_one_account_opens_no_other(client):
    one, other = factories.user(), factories.user()
    secret = reset_link(client, one).rstrip("/").split("/")[-1]
    from django.utils.encoding import force_bytes
    from django.utils.http import urlsafe_base64_encode

    uid = urlsafe_base64_encode(force_bytes(other.pk))
    assert "no longer works" in client.get(f"/accounts/password/reset/{uid}/{secret}/").content.decode()
    assert User.objects.get(pk=other.pk).check_password(factories.PASSWORD)

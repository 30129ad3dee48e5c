"""The link that confirms an email address."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from accounts.tokens import confirmation_token
from tests import factories
from tests.accounts.conftest import link_in, log_in

pytestmark = pytest.mark.django_db(transaction=True)
PRESS = reverse("accounts:email_confirm_press")


def open_link(client, user):
    return client.get(reverse("accounts:email_confirm", args=[confirmation_token(user)]))


def is_confirmed(user):
    user.refresh_from_db()
    return user.email_confirmed_at is not None


def test_the_button_behind_the_link_confirms_and_log_in_then_works(client):
    user = factories.user(confirmed=False)
    assert log_in(client, user.username, factories.PASSWORD).status_code == 200
    response = open_link(client, user)
    assert response["Location"] == PRESS
    page = client.get(PRESS).content.decode()
    assert "<form" in page
    response = client.post(PRESS, follow=True)
    assert "confirmed" in response.content.decode()
    assert is_confirmed(user)
    assert log_in(client, user.username, factories.PASSWORD).status_code == 302


def test_a_mail_scanner_that_opens_the_link_confirms_nothing(client):
    user = factories.user(confirmed=False)
    open_link(client, user)
    client.head(PRESS)
    client.get(PRESS)
    assert not is_confirmed(user)


def test_a_link_works_once(client):
    user = factories.user(confirmed=False)
    link = reverse("accounts:email_confirm", args=[confirmation_token(user)])
    client.get(link)
    client.post(PRESS)
    client.get(link)
    assert "no longer works" in client.post(PRESS).content.decode()


def test_a_used_link_says_so_before_anything_is_pressed(client):
    user = factories.user(confirmed=False)
    link = reverse("accounts:email_confirm", args=[confirmation_token(user)])
    client.get(link)
    client.post(PRESS)
    page = client.get(link, follow=True).content.decode()
    assert "no longer works" in page
    assert "Confirm my email address" not in page


def test_a_link_works_for_three_days(client, time_machine):
    time_machine.move_to("2026-11-24 12:00:00+00:00")
    user = factories.user(confirmed=False)
    token = confirmation_token(user)
    time_machine.move_to("2026-11-27 12:00:01+00:00")
    client.get(reverse("accounts:email_confirm", args=[token]))
    assert "no longer works" in client.post(PRESS).content.decode()
    assert not is_confirmed(user)


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), lambda t: "x", lambda t: t.upper()]
)
def test_a_false_link_confirms_nothing_and_says_what_to_do(client, spoil):
    user = factories.user(confirmed=False)
    client.get(reverse("accounts:email_confirm", args=[spoil(confirmation_token(user))]))
    page = client.post(PRESS).content.decode()
    assert reverse("accounts:email_resend") in page
    assert not is_confirmed(user)


def test_a_link_dies_with_the_address_that_it_was_sent_to(client):
    user = factories.user(confirmed=False)
    token = confirmation_token(user)
    user.email = "other@example.test"
    user.save()
    client.get(reverse("accounts:email_confirm", args=[token]))
    client.post(PRESS)
    assert not is_confirmed(user)


def test_the_link_holds_no_personal_data_and_its_page_no_secret(client):
    user = factories.user(confirmed=False, email="someone@example.test")
    client.get(reverse("accounts:email_confirm", args=[confirmation_token(user)]))
    page = client.get(PRESS)
    assert confirmation_token(user)[:20] not in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]


def test_a_new_link_is_sent_to_who_waits_and_the_page_is_the_same_for_all(client):
    waiting = factories.user(confirmed=False, email="Waiting@example.test")
    factories.user(email="done@example.test")
    pages = set()
    for email in ("waiting@EXAMPLE.test", "done@example.test", "nobody@example.test"):
        page = client.post(reverse("accounts:email_resend"), {"email": email}).content.decode()
        pages.add(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page))
    assert len(pages) == 1
    assert [m.to for m in mail.outbox] == [["Waiting@example.test"]]
    client.get(link_in(mail.outbox[0]))
    client.post(PRESS)
    assert is_confirmed(waiting)


def test_the_host_that_a_request_claims_is_never_in_a_link(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    factories.user(confirmed=False, email="waiting@example.test")
    client.post(reverse("accounts:email_resend"), {"email": "waiting@example.test"}, HTTP_HOST="evil.example")
    assert "http://testserver/" in mail.outbox[0].body
    assert "evil.example" not in mail.outbox[0].body + str(mail.outbox[0].alternatives)

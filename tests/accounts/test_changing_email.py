"""A new email address counts once the link that was sent to it is pressed; until then the old one does."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import ContactChange, PendingContact
from portal.shared.models import AuditEntry
from tests import factories
from tests.accounts.conftest import PromptClient, link_in, log_in

pytestmark = pytest.mark.django_db
PROFILE, EMAIL, PRESS = (reverse(f"accounts:{name}") for name in ("profile", "change_email", "contact_email_press"))
NEW = {"email": "new@example.test", "password": factories.PASSWORD}


def text_of(response):
    return re.sub(r"<[^>]*>|\s+", " ", response.content.decode())


def errors(response):
    return {name: found[0] for name, found in response.context["form"].errors.items()}


def sent():
    return [(message.to[0], message.subject) for message in mail.outbox]


def asked(prompt_member):
    """Ask for the new address and return the link that was sent to it."""
    prompt_member.post(EMAIL, NEW)
    return link_in(next(message for message in mail.outbox if message.to == ["new@example.test"]))


def press(client, link):
    client.get(link)
    return client.post(PRESS, follow=True)


def test_a_new_email_address_counts_when_its_link_is_pressed_and_not_before(prompt_member):
    user, old = prompt_member.user, prompt_member.user.email
    link = asked(prompt_member)
    user.refresh_from_db()
    assert user.email == old
    assert "We sent a link to new@example.test" in text_of(prompt_member.get(PROFILE))
    assert set(sent()) == {
        ("new@example.test", "Confirm your new email address"),
        (old, "Someone asked to change your email address"),
    }
    mail.outbox.clear()
    assert "from now on" in press(prompt_member, link).content.decode()
    user.refresh_from_db()
    assert user.email == "new@example.test"
    subject = "Your contact details were changed"
    assert set(sent()) == {("new@example.test", subject), (old, subject)}
    change = ContactChange.objects.get()
    assert (change.old, change.new) == ({"email": old}, {"email": "new@example.test"})
    assert change.asked_at < change.proved_at
    assert change.proved_from == "127.0.0.1"
    assert not PendingContact.objects.exists()


def test_the_link_works_logged_out_and_only_by_a_press(prompt_member):
    link = asked(prompt_member)
    elsewhere = PromptClient()
    elsewhere.get(link)
    elsewhere.head(PRESS)
    assert "Confirm my new email address" in elsewhere.get(PRESS).content.decode()
    assert not ContactChange.objects.exists()
    answer = elsewhere.post(PRESS)
    assert answer["Location"] == reverse("accounts:login")
    assert ContactChange.objects.count() == 1


def test_a_link_works_once(prompt_member):
    link = asked(prompt_member)
    press(prompt_member, link)
    assert "no longer works" in press(PromptClient(), link).content.decode()
    assert ContactChange.objects.count() == 1


def test_a_link_dies_after_a_day(prompt_member, time_machine):
    time_machine.move_to("2026-11-24 12:00:00+00:00")
    link = asked(prompt_member)
    time_machine.move_to("2026-11-25 12:00:01+00:00")
    assert "no longer works" in press(PromptClient(), link).content.decode()
    assert not ContactChange.objects.exists()


def test_a_canceled_change_is_gone_with_its_link(prompt_member):
    link = asked(prompt_member)
    cancel = reverse("accounts:cancel_contact", args=["email"])
    assert "Canceled" in prompt_member.post(cancel, follow=True).content.decode()
    assert "no longer works" in press(PromptClient(), link).content.decode()
    assert "Nothing waits" in prompt_member.post(cancel, follow=True).content.decode()
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["ask_contact_change", "cancel_contact_change"]


def test_a_link_that_is_sent_again_replaces_the_one_before(prompt_member):
    first = asked(prompt_member)
    mail.outbox.clear()
    prompt_member.post(reverse("accounts:send_contact_again", args=["email"]))
    second = link_in(mail.outbox[0])
    assert "no longer works" in press(PromptClient(), first).content.decode()
    assert "from now on" in press(prompt_member, second).content.decode()


def test_a_new_password_stops_what_an_intruder_asked_for(prompt_member):
    link = asked(prompt_member)
    prompt_member.user.set_password("another lamp river orbit")
    prompt_member.user.save()
    assert "no longer works" in press(PromptClient(), link).content.decode()


@pytest.mark.parametrize("token", ["x", "1.", ".x", "9" * 30 + ".x", "².x", "%2E", "1.x"])
def test_a_false_link_is_answered_and_changes_nothing(prompt_member, token):
    asked(prompt_member)
    assert "no longer works" in press(PromptClient(), f"/accounts/profile/email/confirm/{token}/").content.decode()


def test_a_link_of_one_account_changes_no_other(prompt_member):
    link = asked(prompt_member)
    other = PromptClient()
    other.force_login(factories.user())
    press(other, link)
    prompt_member.user.refresh_from_db()
    assert prompt_member.user.email == "new@example.test"
    assert ContactChange.objects.get().user == prompt_member.user


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"email": "new"}, "email", "name@example.com"),
        ({"email": ""}, "email", "Enter your email address"),
        ({"email": "a@b.test\nBcc: c@d.test"}, "email", "name@example.com"),
        ({"password": ""}, "password", "Enter your password"),
        ({"password": "not the password"}, "password", "not your password"),
    ],
)
def test_what_is_wrong_about_a_new_email_address_is_said(prompt_member, typed, field, words):
    page = prompt_member.post(EMAIL, NEW | typed)
    assert words in errors(page)[field]
    assert page.context["form"]["email"].value() == (NEW | typed)["email"]
    assert factories.PASSWORD not in page.content.decode()
    assert not PendingContact.objects.exists()


def test_the_address_that_we_have_is_no_new_one(prompt_member):
    page = prompt_member.post(EMAIL, NEW | {"email": prompt_member.user.email.upper()})
    assert "the address that we have" in errors(page)["email"]


def test_wrong_passwords_here_count_as_at_the_door(prompt_member):
    wrong = NEW | {"password": "not the password"}
    user = prompt_member.user
    for _ in range(2):
        log_in(PromptClient(), user.username, "wrong")
    for _ in range(3):
        page = prompt_member.post(EMAIL, wrong)
    assert "account is locked" in errors(page)["password"]
    user.refresh_from_db()
    assert user.is_locked
    assert "account is locked" in errors(prompt_member.post(EMAIL, NEW))["password"]
    assert log_in(PromptClient(), user.username, factories.PASSWORD).status_code == 200


def test_a_typing_mistake_elsewhere_uses_up_no_try(prompt_member):
    prompt_member.post(EMAIL, {"email": "new", "password": "not the password"})
    prompt_member.user.refresh_from_db()
    assert prompt_member.user.failed_logins == 0


def test_five_messages_an_hour_are_enough(prompt_member):
    again = reverse("accounts:send_contact_again", args=["email"])
    asked(prompt_member)
    for _ in range(4):
        assert "Sent again" in prompt_member.post(again, follow=True).content.decode()
    assert "too many tries" in prompt_member.post(again, follow=True).content.decode()
    page = prompt_member.post(EMAIL, NEW | {"email": "third@example.test"})
    assert page.status_code == 429
    assert page.context["form"]["email"].value() == "third@example.test"
    assert len([1 for to, _ in sent() if to == "new@example.test"]) == 5


def test_nobody_is_flooded_by_many_accounts(db):
    for _ in range(6):
        client = PromptClient()
        client.force_login(factories.user())
        client.post(EMAIL, NEW)
    assert len([1 for to, _ in sent() if to == "new@example.test"]) == 5


@pytest.mark.parametrize("kind", ["address", "x"])
def test_only_what_is_proved_can_be_sent_again_or_canceled(prompt_member, kind):
    for name in ("send_contact_again", "cancel_contact"):
        assert prompt_member.post(reverse(f"accounts:{name}", args=[kind])).status_code == 404
        assert prompt_member.get(reverse(f"accounts:{name}", args=["email"])).status_code == 405


def test_sending_again_when_nothing_waits_says_so(prompt_member):
    page = prompt_member.post(reverse("accounts:send_contact_again", args=["email"]), follow=True)
    assert "Nothing waits" in page.content.decode()

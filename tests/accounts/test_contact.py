"""A member's own details: what counts at once, and a new email address, which counts once its link is pressed."""

import re

import pytest
from django.core import mail
from django.db import DatabaseError, connection
from django.urls import reverse

from accounts.models import ContactChange, PendingContact
from portal.shared.models import AuditEntry
from tests import factories
from tests.accounts.conftest import PromptClient, link_in, log_in

pytestmark = pytest.mark.django_db
PROFILE, ADDRESS, READING, EMAIL, PRESS = (
    reverse(f"accounts:{name}")
    for name in ("profile", "change_address", "change_reading", "change_email", "contact_email_press")
)
HOME = {
    "where": "us",
    "address_line1": "2 Invented Road",
    "address_line2": "",
    "city": "Lowell",
    "state": "MA",
    "zip_code": "01850",
}
AWAY = {"where": "abroad", "address_abroad": "12  Erfundene Gasse\n\n1010 Nirgends ", "country": "Austria"}
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


def test_the_page_shows_what_we_have_and_how_to_change_it(prompt_member):
    user = prompt_member.user
    user.phone, user.address_line1, user.city, user.state, user.zip_code = "+16175550123", *HOME_VALUES
    user.save()
    page = prompt_member.get(PROFILE)
    for words in (user.email, "(617) 555-0123", "2 Invented Road", "Lowell, MA 01850", "English"):
        assert words in page.content.decode()
    for name in ("change_email", "change_phone", "change_address", "change_reading"):
        assert reverse(f"accounts:{name}") in page.content.decode()


HOME_VALUES = ("2 Invented Road", "Lowell", "MA", "01850")


def test_the_page_is_in_the_frame_of_every_page_and_for_members_alone(prompt_member):
    assert f'href="{PROFILE}"' in prompt_member.get(reverse("billing:overview")).content.decode()
    assert PromptClient().get(PROFILE)["Location"].startswith(reverse("accounts:login"))
    staff = PromptClient()
    staff.force_login(factories.user(is_staff=True))
    assert [staff.get(page).status_code for page in (PROFILE, ADDRESS, READING, EMAIL)] == [404] * 4


def test_a_new_mailing_address_counts_at_once_and_is_told_and_kept(prompt_member):
    assert "Saved" in prompt_member.post(ADDRESS, HOME, follow=True).content.decode()
    prompt_member.user.refresh_from_db()
    assert prompt_member.user.postal_lines == ["2 Invented Road", "Lowell, MA 01850"]
    change = ContactChange.objects.get()
    assert (change.kind, change.old["city"], change.new["city"]) == ("address", "", "Lowell")
    assert (change.asked_from, change.proved_at) == ("127.0.0.1", None)
    assert sent() == [(prompt_member.user.email, "Your contact details were changed")]
    assert "Mailing address" in mail.outbox[0].body
    assert "Lowell" not in mail.outbox[0].body
    assert AuditEntry.objects.get().action == "change_contact"


def test_an_address_in_another_country_is_free_lines_and_a_country(prompt_member):
    prompt_member.post(ADDRESS, HOME)
    prompt_member.post(ADDRESS, AWAY | {"zip_code": "not looked at"})
    prompt_member.user.refresh_from_db()
    assert prompt_member.user.postal_lines == ["12 Erfundene Gasse", "1010 Nirgends", "Austria"]
    assert prompt_member.user.zip_code == ""
    page = prompt_member.get(ADDRESS).content.decode()
    assert re.search(r'value="abroad"[^>]*checked', page)
    assert "12 Erfundene Gasse" in page


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"zip_code": "O185O"}, "zip_code", "letter O for the digit 0"),
        ({"zip_code": "٠١٨٥٠"}, "zip_code", "digits 0 to 9"),
        ({"zip_code": "1850"}, "zip_code", "5 digits"),
        ({"zip_code": "01850-12"}, "zip_code", "5 digits"),
        ({"zip_code": "Lowell"}, "zip_code", "5 digits"),
        ({"zip_code": " "}, "zip_code", "Enter your ZIP code"),
        ({"state": "XX"}, "state", "from the list"),
        ({"city": " "}, "city", "city or town"),
        ({"address_line1": ""}, "address_line1", "street and number"),
        ({"address_line1": "x" * 101}, "address_line1", "100"),
        ({"where": "moon"}, "where", "Choose where"),
        (AWAY | {"address_abroad": ""}, "address_abroad", "lines of your address"),
        (AWAY | {"country": " "}, "country", "Enter the country"),
        (AWAY | {"address_abroad": "a\n" * 6}, "address_abroad", "up to 5 lines"),
        (AWAY | {"address_abroad": "a" * 61}, "address_abroad", "60 characters"),
    ],
)
def test_a_wrong_address_is_refused_in_words_and_stays_as_typed(prompt_member, changed, field, words):
    typed = HOME | {"address_line2": "Floor 3"} | changed
    page = prompt_member.post(ADDRESS, typed)
    assert words in errors(page)[field]
    assert set(errors(page)) == {field}
    assert {name: page.context["form"][name].value() for name in typed} == typed
    assert not ContactChange.objects.exists()


@pytest.mark.parametrize("typed", ["01850-1234", "01850 1234", "018501234", " 01850\u20131234 "])
def test_a_long_zip_code_is_kept_in_one_way(prompt_member, typed):
    prompt_member.post(ADDRESS, HOME | {"zip_code": typed})
    prompt_member.user.refresh_from_db()
    assert prompt_member.user.zip_code == "01850-1234"


def test_saving_what_we_had_changes_nothing(prompt_member):
    prompt_member.post(ADDRESS, HOME)
    assert "Nothing changed" in prompt_member.post(ADDRESS, HOME, follow=True).content.decode()
    assert ContactChange.objects.count() == 1
    assert len(mail.outbox) == 1


def test_large_print_enlarges_every_page_and_is_kept(prompt_member):
    assert "ma__large-print" not in prompt_member.get(PROFILE).content.decode()
    prompt_member.post(READING, {"language": "en", "large_print": "on"})
    assert '<html lang="en" class="ma__large-print">' in prompt_member.get(reverse("help")).content.decode()
    assert [(row.kind, row.new) for row in ContactChange.objects.all()] == [("large_print", {"large_print": True})]
    prompt_member.post(READING, {"language": "en"})
    assert "ma__large-print" not in prompt_member.get(PROFILE).content.decode()


def test_the_language_is_one_of_those_offered(prompt_member, settings):
    settings.LANGUAGES = [("en", "English"), ("es", "Español")]
    prompt_member.post(READING, {"language": "es"})
    prompt_member.user.refresh_from_db()
    assert prompt_member.user.language == "es"
    assert "from the list" in errors(prompt_member.post(READING, {"language": "xx"}))["language"]


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


@pytest.mark.parametrize("act", ["UPDATE accounts_contactchange SET kind = 'x'", "DELETE FROM accounts_contactchange"])
def test_the_database_refuses_to_change_or_delete_the_history(prompt_member, act):
    prompt_member.post(ADDRESS, HOME)
    with pytest.raises(DatabaseError, match="what is written stays"), connection.cursor() as cursor:
        cursor.execute(act)


def test_no_page_needs_more_than_eight_queries(prompt_member, django_assert_max_num_queries):
    asked(prompt_member)
    for page in (PROFILE, ADDRESS, READING, EMAIL):
        with django_assert_max_num_queries(8):
            prompt_member.get(page)

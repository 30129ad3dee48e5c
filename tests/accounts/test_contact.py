"""A member's own details: what we have, and what counts at once."""

import re

import pytest
from django.core import mail
from django.db import DatabaseError, connection
from django.urls import reverse

from accounts.models import ContactChange
from portal.shared.models import AuditEntry
from tests import factories
from tests.accounts.conftest import PromptClient

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


def errors(response):
    return {name: found[0] for name, found in response.context["form"].errors.items()}


def sent():
    return [(message.to[0], message.subject) for message in mail.outbox]


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


def test_the_language_chosen_at_the_head_of_a_page_is_in_the_history_too(prompt_member, settings):
    settings.LANGUAGES = [("en", "English"), ("es", "Español")]
    for _ in range(2):
        prompt_member.post(reverse("language"), {"language": "es"})
    change = ContactChange.objects.get()
    assert (change.kind, change.old, change.new) == ("language", {"language": "en"}, {"language": "es"})
    assert change.asked_from == "127.0.0.1"
    assert not mail.outbox


def test_no_email_tells_of_another_language_or_larger_letters_and_the_page_says_so(prompt_member):
    answer = prompt_member.post(READING, {"language": "en", "large_print": "on"}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["Saved."]
    assert not mail.outbox


def test_the_language_is_one_of_those_offered(prompt_member, settings):
    settings.LANGUAGES = [("en", "English"), ("es", "Español")]
    prompt_member.post(READING, {"language": "es"})
    prompt_member.user.refresh_from_db()
    assert prompt_member.user.language == "es"
    assert "de la lista" in errors(prompt_member.post(READING, {"language": "xx"}))["language"]


@pytest.mark.parametrize("act", ["UPDATE accounts_contactchange SET kind = 'x'", "DELETE FROM accounts_contactchange"])
def test_the_database_refuses_to_change_or_delete_the_history(prompt_member, act):
    prompt_member.post(ADDRESS, HOME)
    with pytest.raises(DatabaseError, match="what is written stays"), connection.cursor() as cursor:
        cursor.execute(act)


def test_no_page_needs_more_than_eight_queries(prompt_member, django_assert_max_num_queries):
    for page in (PROFILE, ADDRESS, READING, EMAIL):
        with django_assert_max_num_queries(8):
            prompt_member.get(page)

"""Coverage: what the roster says of the people whom a log-in may see, and no more."""

import re
from datetime import date

import pytest

from accounts.models import Household, Member
from portal.shared.models import AuditEntry
from tests import factories

URL = "/coverage/"


@pytest.fixture
def child(member_client):
    return factories.member(
        household=member_client.user.member.household,
        first_name="Ilona",
        last_name="Muster",
        masshealth_id="123456789012",
        date_of_birth=date(2016, 5, 1),
        responsible=False,
        coverage_type="Family Assistance",
        coverage_status="active",
        coverage_start=date(2024, 3, 1),
    )


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_each_person_stands_with_type_status_and_since_when_and_a_masked_id(member_client, child):
    text = text_of(member_client.get(URL))
    assert "Ilona Muster Coverage type Family Assistance Status Active Since March 1, 2024" in text
    assert "MassHealth ID ends in 9012" in text
    assert "12345678" not in text.replace(" ", "")


@pytest.mark.parametrize(("known", "shown"), [("PENDING", "Being decided"), ("terminated", "Ended"), ("new", "New")])
def test_a_status_that_we_know_has_a_plain_word_and_any_other_stands_as_it_came(member_client, child, known, shown):
    Member.objects.filter(pk=child.pk).update(coverage_status=known)
    assert f"Ilona Muster Coverage type Family Assistance Status {shown} Since" in text_of(member_client.get(URL))


def test_what_the_roster_does_not_say_is_not_said(member_client, child):
    Member.objects.filter(pk=child.pk).update(coverage_start=None, coverage_type="")
    text = text_of(member_client.get(URL))
    assert "Coverage type Not in our records" in text
    assert "Since Not in our records" in text
    assert not re.search(r"will end|ends on|terminat|cancel", text)


def test_a_press_shows_one_id_once_and_is_written_down(member_client, child):
    answer = member_client.post(URL, {"person": child.pk})
    assert "1234 5678 9012" in answer.content.decode()
    assert answer.content.decode().count("ends in") == 1  # the member's own stays masked
    assert "no-store" in answer["Cache-Control"]
    entry = AuditEntry.objects.get(action="show_masshealth_id")
    assert (entry.actor, entry.subject_id, entry.data) == (member_client.user, str(child.pk), {})
    assert "1234 5678 9012" not in member_client.get(URL).content.decode()


def test_an_id_is_never_shown_by_an_address(member_client, child):
    assert "1234 5678 9012" not in member_client.get(f"{URL}?person={child.pk}").content.decode()
    assert AuditEntry.objects.filter(action="show_masshealth_id").count() == 0


@pytest.mark.parametrize("person", ["other", "", "x", "0", "9" * 30, "\x00"])
def test_nobody_elses_id_is_shown(member_client, child, person):
    other = factories.member(masshealth_id="999988887777")
    answer = member_client.post(URL, {"person": other.pk if person == "other" else person})
    assert answer.status_code == 200
    assert "9999 8888 7777" not in answer.content.decode()
    assert AuditEntry.objects.filter(action="show_masshealth_id").count() == 0


def test_after_twenty_looks_in_an_hour_no_more_are_shown(member_client, child):
    for _ in range(20):
        assert member_client.post(URL, {"person": child.pk}).status_code == 200
    answer = member_client.post(URL, {"person": child.pk})
    assert answer.status_code == 429
    assert "You looked at many numbers in a short time." in text_of(answer)
    assert "1234 5678 9012" not in answer.content.decode()


def test_who_is_not_responsible_any_more_sees_only_themselves(member_client, child):
    Member.objects.filter(pk=member_client.user.member_id).update(responsible=False)
    answer = member_client.post(URL, {"person": child.pk})
    assert [row["pk"] for row in answer.context["people"]] == [member_client.user.member_id]
    assert "Ilona" not in answer.content.decode()


def test_staff_read_why_there_is_nothing_and_a_stranger_is_asked_to_log_in(client, db):
    assert client.get(URL)["Location"].startswith("/accounts/login/")
    client.force_login(factories.user(is_staff=True))
    assert "No bills for this log-in" in client.get(URL).content.decode()


def test_the_page_tells_what_the_premium_is_for_why_amounts_differ_and_where_tax_forms_are(member_client, db):
    page = member_client.get(URL).content.decode()
    assert "What the premium is for" in page
    assert "The amount on a MassHealth notice may not match the bill. The bill is what you owe." in page
    assert 'href="https://masshealthtaxform.com/"' in page
    assert 'href="/cases/new/?about=coverage"' in page
    assert "About Coverage" in text_of(member_client.get("/cases/new/other/?about=coverage"))


def test_a_household_of_five_hundred_comes_twelve_a_page_in_few_queries(member_client, django_assert_max_num_queries):
    household = Household.objects.get(pk=member_client.user.member.household_id)
    Member.objects.bulk_create(
        Member(
            household=household, masshealth_id=f"{100000000000 + n}", first_name="Testa", last_name="Viele",
            search_name="testa viele", date_of_birth=date(2000, 1, 1), responsible=False,
        )
        for n in range(500)
    )  # fmt: skip
    url, seen = URL, []
    for _ in range(3):
        with django_assert_max_num_queries(12):
            answer = member_client.get(url)
        seen += [row["pk"] for row in answer.context["people"]]
        url = URL + answer.context["older_url"]
    assert len(set(seen)) == 36
    assert member_client.post(url, {"person": seen[-1] + 1}).context["people"][0]["number"]

"""Cases in lists of any length, in few queries; and the bills that they keep reminders from."""

import pytest

from billing import services
from billing.models import Case, CaseMessage
from billing.selectors import bills_in_question
from tests import factories


@pytest.fixture
def bill(member_client):
    return factories.bill(household=member_client.user.member.household)


def opened(client, **facts) -> Case:
    return services.open_case(client.user, **({"kind": "other", "text": "Hello"} | facts))


def reply(case, status):
    return services.reply_to_case(factories.user(is_staff=True), case, text="We looked into it.", status=status)


def test_without_cases_the_list_says_so(member_client):
    assert "No cases yet" in member_client.get("/cases/").content.decode()


def test_five_hundred_cases_come_twelve_a_page_in_few_queries(member_client, django_assert_max_num_queries):
    user = member_client.user
    Case.objects.bulk_create(Case(household=user.member.household, opened_by=user, kind="other") for _ in range(500))
    url, seen = "/cases/", []
    for _ in range(3):
        with django_assert_max_num_queries(12):
            page = member_client.get(url)
        seen += [row["number"] for row in page.context["rows"]]
        url = "/cases/" + page.context["older_url"]
    assert len(set(seen)) == 36


def test_five_hundred_messages_come_twenty_a_page_in_few_queries(member_client, bill, django_assert_max_num_queries):
    case = opened(member_client, about=services.About(bills=[bill], line=bill.revisions.get().lines.get()))
    CaseMessage.objects.bulk_create(
        CaseMessage(case=case, author=member_client.user, is_staff=False, text=f"No. {number}") for number in range(500)
    )
    url = f"/cases/{case.number}/"
    with django_assert_max_num_queries(12):
        page = member_client.get(url)
    assert [said["text"] for said in page.context["said"]][::19] == ["No. 480", "No. 499"]
    page = member_client.get(url + page.context["older_url"])
    assert page.context["said"][-1]["text"] == "No. 479"
    for nonsense in ("x", "²", "9" * 30):
        assert member_client.get(f"{url}?before={nonsense}").status_code == 200


# --- what it pauses -----------------------------------------------------------------------------------------------
def test_a_bill_is_in_question_while_a_case_about_it_waits_for_an_answer(member_client, bill):
    other = factories.bill(household=bill.household)
    ids = [bill.pk, other.pk]
    assert bills_in_question(ids) == set()
    case = opened(member_client, kind="charge", about=services.About(bills=[bill]))
    assert bills_in_question(ids) == {bill.pk}
    reply(case, "waiting")
    assert bills_in_question(ids) == {bill.pk}
    reply(case, "answered")
    assert bills_in_question(ids) == set()
    services.answer_case(member_client.user, case, text="Still wrong")
    assert bills_in_question(ids) == {bill.pk}
    reply(case, "closed")
    assert bills_in_question(ids) == set()

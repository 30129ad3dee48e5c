"""*I can't pay this*: part payment, hardship waiver, payment plan. What is asked for is sent; nothing is promised."""

import re
from datetime import date

import pytest

from billing import rules
from billing.models import Case
from billing.selectors import bills_in_question
from tests import factories
from tests.billing.uploads import picture

PAGE, WAIVER, PLAN = "/bills/help-paying/", "/bills/help-paying/waiver/", "/bills/help-paying/plan/"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-11-24 15:00:00+00:00")


@pytest.fixture
def bill(member_client):
    return factories.bill(household=member_client.user.member.household, lines=[("Monthly premium", 10001)])


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_it_stands_beside_pay_on_every_bill_that_is_due_and_nowhere_else(member_client, bill):
    url = f"/bills/{bill.reference}/"
    buttons = re.findall(r'<a class="ma__button[^>]*>([^<]+)<', member_client.get(url).content.decode())
    assert buttons[:2] == ["Pay", "I can&#x27;t pay this"] or buttons[:2] == ["Pay", "I can't pay this"]
    factories.pay(bill.household, "AAAA", 10001)
    assert "help-paying" not in member_client.get(url).content.decode()


def test_one_page_names_all_that_can_be_done_today(member_client, bill, settings):
    settings.INCOME_REPORT_URL = "https://income.example/"
    page = member_client.get(f"{PAGE}?bill={bill.reference}").content.decode()
    for link in (
        "/payments/new/?part=yes",
        f"{WAIVER}?bill={bill.reference}",
        PLAN,
        f"/cases/new/?bill={bill.reference}",
        "https://income.example/",
        "tel:8008412900",
    ):
        assert f'href="{link}"' in page


def test_the_way_to_a_part_payment_has_another_amount_chosen(member_client, bill):
    page = member_client.get("/payments/new/?part=yes").content.decode()
    assert re.search(r'<input[^>]*value="other"[^>]*checked', page)
    assert not re.search(r'<input[^>]*value="other"[^>]*checked', member_client.get("/payments/new/").content.decode())


def test_a_waiver_is_asked_for_with_grounds_own_words_and_files(member_client, bill, folder):
    facts = {"grounds": ["income", "medical"], "text": "Since May", "attachments": [picture()]}
    page = member_client.post(f"{WAIVER}?bill={bill.reference}", facts, follow=True)
    case = Case.objects.get()
    assert (case.kind, case.grounds, list(case.bills.all())) == ("waiver", ["income", "medical"], [bill])
    text = text_of(page)
    assert "We sent your request." in text
    assert "My income went down; I have high medical or dental costs" in text
    assert "File 1: PNG" in text
    assert not re.search(r"approved|granted|agreed to", text)
    assert bills_in_question([bill.pk]) == {bill.pk}


def test_a_waiver_without_a_ground_says_what_to_tick_and_keeps_the_words(member_client, bill):
    text = text_of(member_client.post(WAIVER, {"text": "Since May"}))
    assert "Tick at least one box." in text
    assert "Since May" in text
    assert Case.objects.count() == 0


# --- the payment plan ---------------------------------------------------------------------------------------------
def test_a_plan_shows_its_schedule_before_it_is_sent(member_client, bill):
    page = member_client.post(PLAN, {"amount": "$33.33", "day": "5", "text": "My pay day is the 1st"})
    assert [row["day"] for row in page.context["schedule"]] == [
        "Dec. 5, 2026",
        "Jan. 5, 2027",
        "Feb. 5, 2027",
        "March 5, 2027",
    ]
    assert [row["amount"] for row in page.context["schedule"]] == ["$33.33", "$33.33", "$33.33", "$0.02"]
    assert "Nothing is sent yet." in text_of(page)
    assert Case.objects.count() == 0


def sent(client, **facts):
    page = client.post(PLAN, facts)
    shown = re.search(r'name="shown" value="([^"]+)"', page.content.decode())[1]
    return client.post(PLAN, facts | {"shown": shown}, follow=True)


def test_a_plan_is_sent_as_it_was_shown(member_client, bill):
    text = text_of(sent(member_client, amount="50", day="28", text=""))
    case = Case.objects.get()
    assert case.plan == [["2026-11-28", 5000], ["2026-12-28", 5000], ["2027-01-28", 1]]
    assert list(case.bills.all()) == [bill]
    assert "We sent your request." in text
    assert "Nothing is agreed yet. Until we answer, your bills stay as they are." in text


def test_a_plan_that_was_changed_or_whose_debt_changed_is_shown_again_first(member_client, bill):
    facts = {"amount": "50", "day": "28"}
    shown = re.search(r'name="shown" value="([^"]+)"', member_client.post(PLAN, facts).content.decode())[1]
    changed = member_client.post(PLAN, {"amount": "60", "day": "28", "shown": shown})
    assert changed.context["schedule"][0]["amount"] == "$60.00"
    factories.bill(household=bill.household)
    assert member_client.post(PLAN, facts | {"shown": shown}).context["schedule"][-1]["amount"] == "$24.01"
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        ("", "Type how much you can pay each month."),
        ("a lot", "Type an amount in dollars and cents, for example 24.00."),
        ("-5", "Type an amount in dollars and cents, for example 24.00."),
        ("2.77", "Type $2.78 or more, so that it takes no longer than 36 months."),
        ("100.02", "You owe $100.01. Type that or less."),
    ],
)
def test_an_amount_that_makes_no_plan_says_how_to_mend_it(member_client, bill, amount, message):
    page = member_client.post(PLAN, {"amount": amount, "day": "1", "text": "My words"})
    assert message in text_of(page)
    assert "My words" in text_of(page)


def test_all_that_is_wrong_is_said_at_once_and_stays_typed(member_client, bill):
    page = member_client.post(PLAN, {"amount": "a lot", "text": "My story"})
    assert "Type an amount in dollars and cents, for example 24.00." in text_of(page)
    assert "Choose a day." in text_of(page)
    assert 'value="a lot"' in page.content.decode()
    assert "My story" in text_of(page)


def test_the_smallest_amount_that_is_offered_takes_36_months(member_client, bill):
    assert len(member_client.post(PLAN, {"amount": "2.78", "day": "1"}).context["schedule"]) == 36


def test_who_owes_nothing_has_nothing_to_plan(member_client):
    assert "You owe nothing now, so there is nothing to plan." in text_of(member_client.get(PLAN))


def test_a_schedule_adds_up_to_the_cent_and_begins_after_today():
    assert rules.schedule(1, 1, 24, date(2026, 11, 24)) == [(date(2026, 12, 24), 1)]
    assert rules.schedule(100, 40, 25, date(2026, 12, 24)) == [
        (date(2026, 12, 25), 40),
        (date(2027, 1, 25), 40),
        (date(2027, 2, 25), 20),
    ]
    for owed, each in ((10001, 3333), (500, 500), (7, 2)):
        parts = [cents for _, cents in rules.schedule(owed, each, 1, date(2026, 11, 24))]
        assert sum(parts) == owed
        assert min(parts) > 0


@pytest.mark.parametrize("path", [PAGE, WAIVER, PLAN])
def test_each_page_stays_within_twelve_queries_with_many_bills(member_client, django_assert_max_num_queries, path):
    for _ in range(30):
        factories.bill(household=member_client.user.member.household)
    with django_assert_max_num_queries(12):
        assert member_client.get(path).status_code == 200


@pytest.mark.parametrize("path", [PAGE, WAIVER, PLAN, "/cases/", "/cases/new/", "/cases/new/other/"])
def test_staff_without_a_household_read_why_there_is_nothing(client, db, path):
    client.force_login(factories.user(is_staff=True))
    assert "No bills for this log-in" in client.get(path).content.decode()

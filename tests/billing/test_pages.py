"""What a member reads: only what the data says, only of the own household, in few queries."""

from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing import services
from billing.models import Bill, BillLine, BillRevision
from tests import factories

OVERVIEW = "/bills/"


@pytest.fixture
def household(member_client):
    return member_client.user.member.household


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-11-24 15:00:00+00:00")


def make_bill(household, month: int, cents: int = 2400, year: int = 2026, **fields) -> Bill:
    """A bill of a month, due on the 15th of it."""
    days = {"period": date(year, month, 1), "issued_on": date(year, month, 1), "due_on": date(year, month, 15)}
    return factories.bill(household=household, lines=[("Monthly premium", cents)], **(days | fields))


def page(client, url: str = OVERVIEW) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


# --- the first line ----------------------------------------------------------------------------------------------
def test_without_bills_nothing_is_due(member_client, household):
    html = page(member_client)
    assert "Nothing is due today." in html
    assert "No bills here" in html


def test_a_bill_before_its_due_day_says_by_when_to_pay(member_client, household):
    make_bill(household, 12)
    html = page(member_client)
    assert "Pay by Dec. 15, 2026." in html
    assert "late" not in html


def test_a_late_bill_says_pay_or_talk_to_us(member_client, household):
    make_bill(household, 11)
    assert "A payment is late. Pay or talk to us." in page(member_client)


def test_a_paid_bill_leaves_nothing_due(member_client, household):
    make_bill(household, 11)
    factories.pay(household, "AAAA", 2400)
    html = page(member_client)
    assert "Nothing is due today." in html
    assert "You owe nothing now." in html


def test_money_on_its_way_is_named_and_its_bill_is_not_called_late(member_client, household):
    make_bill(household, 11)
    services.hold(household=household, source="AAAA", amount_cents=2400)
    html = page(member_client)
    assert "A payment of $24.00 is not finished yet." in html
    assert "Nothing is due today." not in html
    assert "Payment on its way" in html
    assert "late" not in html


@pytest.mark.parametrize("month", [11, 12])
def test_no_page_says_that_coverage_ends(member_client, household, month):
    bill = make_bill(household, month)
    for url in (OVERVIEW, f"/bills/{bill.reference}/", "/bills/help-paying/"):
        words = page(member_client, url).lower()
        assert not any(word in words for word in ("lose", "terminat", "cancel", "coverage will", "coverage ends"))


# --- the overview ------------------------------------------------------------------------------------------------
def test_the_overview_adds_up_what_is_owed_and_names_the_next_due_day(member_client, household):
    make_bill(household, 12), make_bill(household, 10)
    response = member_client.get(OVERVIEW)
    assert response.context["account"].owed_cents == 4800
    assert response.context["account"].next_due_on == date(2026, 10, 15)
    assert "$48.00" in response.content.decode()


def test_pay_is_the_first_button_with_i_cannot_pay_beside_it(member_client, household):
    make_bill(household, 12)
    main = unescape(page(member_client)).split("<main")[1].split("</main>")[0]
    assert [part.split(">")[1].split("<")[0] for part in main.split('class="ma__button')[1:]] == [
        "Pay",
        "I can't pay this",
    ]


def test_who_owes_nothing_may_pay_ahead(member_client, household):
    make_bill(household, 11)
    factories.pay(household, "AAAA", 2400)
    assert "Pay ahead" in page(member_client)


def test_while_money_is_on_its_way_there_is_no_pay_button(member_client, household):
    make_bill(household, 11)
    services.hold(household=household, source="AAAA", amount_cents=2400)
    html = page(member_client)
    assert reverse("payments:new") not in html
    assert "You can pay again when the money on its way has arrived." in html


def test_credit_of_the_household_is_shown(member_client, household):
    make_bill(household, 11)
    factories.pay(household, "AAAA", 3000)
    assert "You have a credit of $6.00" in page(member_client)


def test_a_payment_over_two_bills_is_one_line_with_its_whole_amount(member_client, household):
    make_bill(household, 10), make_bill(household, 11)
    factories.pay(household, "AAAA", 4800)
    (row,) = member_client.get(OVERVIEW).context["last_payments"]
    assert (row.amount, row.state, row.url) == ("$48.00", "Paid", "/payments/AAAA/")


def test_a_payment_sent_back_is_told_in_plain_words_and_the_bill_is_open_again(member_client, household):
    bill = make_bill(household, 11)
    factories.pay(household, "AAAA", 2400)
    services.reverse(source="AAAA")
    for url in (OVERVIEW, f"/bills/{bill.reference}/"):
        html = page(member_client, url)
        assert "Not counted any more" in html
        assert "Late" in html


def months(household, count: int) -> list[Bill]:
    """Open bills of as many months from January 2015 on."""
    return [make_bill(household, n % 12 + 1, year=2015 + n // 12) for n in range(count)]


def test_older_bills_are_reached_page_by_page_and_each_is_shown_once(member_client, household):
    made = {f"/bills/{bill.reference}/" for bill in months(household, 40)}
    context = member_client.get(OVERVIEW).context
    seen = [row.url for row in context["open_rows"] + context["other_rows"]]
    while context["older_url"]:
        context = member_client.get(OVERVIEW + context["older_url"]).context
        seen += [row.url for row in context["other_rows"]]
    assert len(seen) == 40
    assert set(seen) == made


@pytest.mark.parametrize("before", ["x", "' OR 1=1", "%00", "99999999999999999999", "22222222222", "%F0%9F", "-1"])
def test_a_made_up_page_starts_at_the_newest(member_client, household, before):
    months(household, 30)
    first = member_client.get(OVERVIEW).context["other_rows"]
    assert member_client.get(f"{OVERVIEW}?before={before}").context["other_rows"] == first


def test_the_overview_needs_the_same_few_queries_at_1_and_at_120_bills(member_client, household):
    make_bill(household, 11, year=2027)
    factories.pay(household, "AAAA", 600)
    with CaptureQueriesContext(connection) as few:
        page(member_client)
    months(household, 119)
    with CaptureQueriesContext(connection) as many:
        page(member_client)
    assert len(many) == len(few) <= 12


# --- one bill ----------------------------------------------------------------------------------------------------
def test_a_bill_names_person_and_charge_and_the_bill_before_explains_the_difference(member_client, household):
    member = member_client.user.member
    make_bill(household, 10, member=member)
    bill = make_bill(household, 11, cents=3000, member=member)
    html = page(member_client, f"/bills/{bill.reference}/")
    (change,) = member_client.get(f"/bills/{bill.reference}/").context["changes"]
    assert (change.person, change.before, change.now) == (str(member), "$24.00", "$30.00")
    assert str(member) in html
    assert "This amount may differ from your notice" in html


def test_a_bill_like_the_one_before_says_that_nothing_changed(member_client, household):
    make_bill(household, 10)
    bill = make_bill(household, 11)
    assert "Nothing changed." in page(member_client, f"/bills/{bill.reference}/")


def test_a_bill_names_what_is_still_owed_from_earlier_ones(member_client, household):
    make_bill(household, 9), make_bill(household, 10, cents=1000)
    bill = make_bill(household, 11)
    assert "You still owe $34.00 from earlier bills." in page(member_client, f"/bills/{bill.reference}/")


def test_a_partly_paid_bill_shows_each_payment_and_what_is_left(member_client, household):
    bill = make_bill(household, 11)
    factories.pay(household, "AAAA", 1000)
    services.hold(household=household, source="CCCC", amount_cents=400)
    response = member_client.get(f"/bills/{bill.reference}/")
    assert [(row.amount, row.state) for row in response.context["credits"]] == [
        ("$10.00", "Paid"),
        ("$4.00", "On its way"),
    ]
    assert ("Left to pay", "$10.00") in response.context["facts"]
    assert "You can pay the rest when the money on its way has arrived." in response.content.decode()


def test_money_that_never_came_is_not_shown(member_client, household):
    bill = make_bill(household, 11)
    services.hold(household=household, source="AAAA", amount_cents=2400)
    services.release(source="AAAA")
    assert member_client.get(f"/bills/{bill.reference}/").context["credits"] == []


def test_a_changed_bill_says_when_and_what_it_was_before(member_client, household):
    bill = make_bill(household, 11)
    second = BillRevision.objects.create(
        bill=bill, number=2, period=bill.period, issued_on=bill.issued_on, due_on=bill.due_on, total_cents=2000
    )
    BillLine.objects.create(revision=second, position=1, description="Reduced premium", amount_cents=2000)
    Bill.objects.filter(pk=bill.pk).update(revision=2, total_cents=2000)
    html = page(member_client, f"/bills/{bill.reference}/")
    assert "This bill was changed on" in html
    assert "the total was $24.00" in html
    assert "Reduced premium" in html
    assert "Monthly premium" not in html


def test_the_pay_button_of_a_bill_names_it(member_client, household):
    bill = make_bill(household, 11)
    assert f"{reverse('payments:new')}?bill={bill.reference}" in page(member_client, f"/bills/{bill.reference}/")


def test_the_page_of_a_bill_needs_few_queries_however_many_bills_there_are(member_client, household):
    bill = make_bill(household, 11, year=2027)
    months(household, 1)
    with CaptureQueriesContext(connection) as few:
        page(member_client, f"/bills/{bill.reference}/")
    months(household, 118)
    with CaptureQueriesContext(connection) as many:
        page(member_client, f"/bills/{bill.reference}/")
    assert len(many) == len(few) <= 12


# --- whose -------------------------------------------------------------------------------------------------------
def test_a_bill_of_another_household_does_not_exist(member_client):
    other = make_bill(factories.household(), 11)
    for number in (other.reference, other.number, "nothing", "22222222222", "%00", "1" * 500):
        assert member_client.get(f"/bills/{number}/").status_code == 404


def test_older_bills_of_another_household_cannot_be_paged_from(member_client, household):
    mine = make_bill(household, 11)
    other = make_bill(factories.household(), 1)
    context = member_client.get(f"{OVERVIEW}?before={other.reference}").context
    assert [row.url for row in context["open_rows"]] == [f"/bills/{mine.reference}/"]


@pytest.mark.parametrize("url", [OVERVIEW, "/bills/ABC/", "/bills/help-paying/"])
def test_a_stranger_is_asked_to_log_in(client, db, url):
    response = client.get(url)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:login"))


def test_staff_without_a_household_read_why_there_is_nothing(client, db):
    client.force_login(factories.user(is_staff=True))
    assert "No bills for this log-in" in page(client)
    assert "No bills for this log-in" in page(client, "/bills/ABC/")


def test_who_is_no_longer_responsible_sees_no_bill_any_more(member_client, household):
    bill = make_bill(household, 11)
    member = member_client.user.member
    member.responsible = False
    member.save()
    for url in (OVERVIEW, f"/bills/{bill.reference}/"):
        html = page(member_client, url)
        assert "No bills for this log-in" in html
        assert "$24.00" not in html


def test_bills_are_read_and_never_posted_to(member_client, household):
    assert member_client.post(OVERVIEW).status_code == 405


# --- I can't pay this ----------------------------------------------------------------------------------------------
def test_who_cannot_pay_reads_what_can_be_done_and_whom_to_call(member_client, household, settings):
    html = page(member_client, "/bills/help-paying/")
    for words in ("$0.50", "income", "hardship waiver", "payment plan", settings.SUPPORT_PHONE):
        assert words in html

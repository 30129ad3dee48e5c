"""Statements by year: the list, the year's summary as page and PDF, and all its statements as one ZIP."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from billing.models import Bill, BillLine, BillRevision, Credit
from tests import factories
from tests.papers import paper, unzipped

NOW = datetime(2026, 11, 25, 17, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def month(household, number, year=2026, **fields):
    first = date(year, number, 1)
    return factories.bill(household=household, period=first, issued_on=first, due_on=first.replace(day=28), **fields)


def test_statements_are_listed_by_year_newest_first(member_client, home):
    month(home, 12, year=2025)
    month(home, 1)
    month(home, 2)
    page = member_client.get(reverse("billing:statements"))
    assert page.context["years"] == [(2026, 2), (2025, 1)]
    assert "/bills/statements/2025/statements.zip" in page.content.decode()
    assert "/bills/statements/2026/summary.pdf" in page.content.decode()


def test_without_a_bill_the_list_says_that_none_is_here_yet(member_client):
    assert "No statements yet" in member_client.get(reverse("billing:statements")).content.decode()
    assert member_client.get(reverse("billing:year", args=[2026])).status_code == 404


@pytest.mark.parametrize("year", [0, 1, 9999, 10000, 123456789012])
def test_a_year_without_anything_is_not_found(member_client, year):
    factories.bill(household=member_client.user.member.household)
    for name in ("year", "summary", "archive"):
        assert member_client.get(reverse(f"billing:{name}", args=[year])).status_code == 404


@time_machine.travel(NOW)
def test_the_summary_says_what_was_billed_for_whom_and_what_was_paid_when(member_client, home, imported):
    imported("24.00", "10.00", number="B-9", month="2026-09", due="2026-09-28")
    imported("24.00", number="B-10", month="2026-10", due="2026-10-28")
    with time_machine.travel(datetime(2026, 10, 3, 17, tzinfo=UTC)):
        factories.pay(home, "ACDEFHJKMPR", 3400)
    factories.pay(home, "WXYACDEFHJK", 1000)
    printed = paper(member_client.get(reverse("billing:summary", args=[2026])))
    assert printed.lines == [
        "MassHealth Bill Pay",
        "Demonstration. This is not an official document.",
        "Summary for 2026",
        "Billed for 2026 $58.00",
        "Paid of these bills $44.00",
        "Left to pay $14.00",
        "Paid in 2026, for any bill $44.00",
        f"Made for {member_client.user.get_full_name()}",
        "The date of a payment is the day on which it was sent. A bank payment arrives some days later.",
        "Money that was sent back, or that a bank looks into, is not counted as paid.",
        "Bills",
        "Month Due date Billed Paid Left to pay",
        "September 2026 Sept. 28, 2026 $34.00 $34.00 $0.00",
        "October 2026 Oct. 28, 2026 $24.00 $10.00 $14.00",
        "For whom",
        "Person Billed",
        f"{member_client.user.member} $48.00",
        "Ilona Muster $10.00",
        "Payments in 2026",
        "Date Confirmation number Amount",
        "Oct. 3, 2026 ACDE-FHJK-MPR $34.00",
        "Nov. 25, 2026 WXYA-CDEF-HJK $10.00",
        "Made on Nov. 25, 2026 Page 1 / 1",
    ]
    assert printed.claims_ua
    page = member_client.get(reverse("billing:year", args=[2026])).content.decode()
    for said in ("$58.00", "Ilona Muster", "ACDE-FHJK-MPR", "September 2026", "Summary for 2026 (PDF)"):
        assert said in page
    assert "tax" not in page.lower()


def test_a_payment_counts_in_the_year_in_which_it_was_sent_in_massachusetts(member_client, home):
    month(home, 12)
    with time_machine.travel(datetime(2027, 1, 1, 4, 59, tzinfo=UTC)):  # 11:59 pm on December 31 in Boston
        factories.pay(home, "OLDYEAR", 1000)
    with time_machine.travel(datetime(2027, 1, 1, 5, 1, tzinfo=UTC)):
        factories.pay(home, "NEWYEAR", 700)
    assert member_client.get(reverse("billing:statements")).context["years"] == [(2027, 0), (2026, 1)]
    old, new = (member_client.get(reverse("billing:year", args=[year])).context for year in (2026, 2027))
    assert [paid["amount"] for paid in old["payments"]] == ["$10.00"]
    assert [paid["amount"] for paid in new["payments"]] == ["$7.00"]
    assert member_client.get(reverse("billing:archive", args=[2027])).status_code == 404


def test_money_that_was_taken_back_is_not_in_the_summary(member_client, home):
    month(home, 11)
    factories.pay(home, "GONE", 1000)
    Credit.objects.filter(source="GONE").update(status="reversed")
    shown = member_client.get(reverse("billing:year", args=[2026]))
    assert shown.context["payments"] == []
    assert ("Paid of these bills", "$0.00") in shown.context["facts"]


def test_a_year_comes_as_one_zip_with_every_version_of_every_statement(member_client, home, imported):
    first = month(home, 1).reference
    imported("24.00")
    changed = imported("30.00").reference
    files = unzipped(member_client.get(reverse("billing:archive", args=[2026])))
    assert list(files) == [
        f"statement-2026-01-{first}.pdf",
        f"statement-2026-11-{changed}-version-1.pdf",
        f"statement-2026-11-{changed}-version-2.pdf",
    ]
    old, new = files[f"statement-2026-11-{changed}-version-1.pdf"], files[f"statement-2026-11-{changed}-version-2.pdf"]
    assert "Bill total $24.00" in old.lines
    assert any("It was replaced on" in line for line in old.lines)
    assert "Bill total $30.00" in new.lines
    assert "Still owed from earlier bills, not part of this bill $24.00" in new.lines


def many_in_november(household, count):
    first = date(2026, 11, 1)
    dates = {"period": first, "issued_on": first, "due_on": first, "total_cents": 2400}
    bills = Bill.objects.bulk_create(Bill(household=household, number=f"N-{n}", **dates) for n in range(count))
    versions = BillRevision.objects.bulk_create(BillRevision(bill=bill, number=1, **dates) for bill in bills)
    BillLine.objects.bulk_create(
        BillLine(revision=version, position=1, description="Monthly premium", amount_cents=2400) for version in versions
    )


def test_500_bills_in_one_year_are_shown_24_at_a_time_in_at_most_12_queries(
    member_client, home, django_assert_max_num_queries
):
    many_in_november(home, 500)
    Credit.objects.bulk_create(
        Credit(household=home, source=f"S{n:010}", amount_cents=100, status="settled") for n in range(500)
    )
    address = reverse("billing:year", args=[2026])
    with django_assert_max_num_queries(12):
        page = member_client.get(address)
    assert len(page.context["payments"]) == 24
    assert "since=2026-01-01" in page.context["all_payments_url"]
    second = member_client.get(address + page.context["older_url"])
    shown = [row.url for row in page.context["rows"] + second.context["rows"]]
    assert len(set(shown)) == 48
    last = Bill.objects.order_by("-pk")[10].reference
    end = member_client.get(address, {"after": last})
    assert len(end.context["rows"]) == 10
    assert end.context["older_url"] == ""
    assert end.context["newer_url"] == address
    with django_assert_max_num_queries(12):
        printed = paper(member_client.get(reverse("billing:summary", args=[2026])))
    assert printed.text.count("November 2026") >= 500
    with django_assert_max_num_queries(12):
        assert member_client.get(reverse("billing:statements")).context["years"] == [(2026, 500)]


def test_a_zip_asks_the_database_no_more_for_more_statements(member_client, home, django_assert_max_num_queries):
    for number in range(1, 13):
        month(home, number, lines=[("Monthly premium", 2400), ("Credit", -100)])
    assert BillLine.objects.count() == 24
    with django_assert_max_num_queries(12):
        files = unzipped(member_client.get(reverse("billing:archive", args=[2026])))
    assert len(files) == 12

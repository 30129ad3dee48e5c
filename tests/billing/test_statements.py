"""Statements as PDF, those of a year, and the year's summary."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from billing.models import Bill, BillLine, BillRevision, Credit
from billing.services import import_bills
from portal.shared import pdf
from tests import factories
from tests.papers import paper, unzipped

HEAD = "bill_number,household_id,period,issued_on,due_on,masshealth_id,description,amount\n"
NOW = datetime(2026, 11, 25, 17, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def home(member_client):
    """The household of the member at the client, with a second person."""
    household = member_client.user.member.household
    factories.member(household=household, first_name="Ilona", last_name="Muster", responsible=False)
    return household


@pytest.fixture
def imported(home, tmp_path):
    """Bring a bill by the agency's file: one line a person; other amounts of the same bill make a new version."""

    def bring(*amounts, number="B-77", month="2026-11", due="2026-12-15"):
        people = home.members.order_by("pk")
        rows = [
            f"{number},{home.number},{month},{month}-01,{due},{person.masshealth_id},Premium,{amount}\n"
            for person, amount in zip(people, amounts, strict=False)
        ]
        path = tmp_path / "bills.csv"
        path.write_text(HEAD + "".join(rows))
        assert import_bills(path=path).refused == []
        return Bill.objects.get(number=number)

    return bring


def statement(client, bill, **asked):
    return client.get(reverse("billing:statement", args=[bill.reference]), asked)


# --- one statement ---------------------------------------------------------------------------------------------------
@time_machine.travel(NOW)
def test_the_statement_says_line_by_line_what_the_bill_is(member_client, settings):
    settings.SITE_URL = "https://billpay.example"
    household = member_client.user.member.household
    bill = factories.bill(household=household, number="B-1", lines=[("Monthly premium", 2400), ("Credit", -300)])
    factories.pay(household, "SOURCE", 500)
    answer = statement(member_client, bill)
    printed = paper(answer)
    assert printed.lines == [
        "MassHealth Bill Pay",
        "Demonstration. This is not an official document.",
        "Bill for November 2026",
        "Bill number B-1",
        "Bill date Nov. 1, 2026",
        "Due date Dec. 1, 2026",
        f"Made for {member_client.user.get_full_name()}",
        "Why this amount?",
        "Person What it is for Amount",
        "Your household Monthly premium $24.00",
        "Your household Credit -$3.00",
        "Bill total $21.00",
        "On Nov. 25, 2026",
        "Status Due",
        "Bill total $21.00",
        "Paid $5.00",
        "Left to pay $16.00",
        "Questions?",
        "The amount on a MassHealth notice may not match the bill. The bill is what you owe.",
        "Pay at https://billpay.example, or call (800) 841-2900 (TTY 711).",
        "You cannot pay this? See what can be done: https://billpay.example/bills/help-paying/",
        "Bill B-1 Page 1 / 1",
    ]
    assert printed.claims_ua
    assert printed.title == "Bill for November 2026"


def test_a_statement_is_a_private_file_whose_name_names_nobody(member_client):
    bill = factories.bill(household=member_client.user.member.household)
    answer = statement(member_client, bill)
    assert answer["Content-Disposition"] == f'attachment; filename="statement-2026-11-{bill.reference}.pdf"'
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))
    assert answer["X-Robots-Tag"] == "noindex"


def test_a_statement_names_each_person_and_what_is_owed_from_before(member_client, home, imported):
    factories.bill(household=home, period=date(2026, 10, 1), issued_on=date(2026, 10, 1), due_on=date(2026, 11, 1))
    bill = imported("24.00", "12.50")
    printed = paper(statement(member_client, bill))
    assert f"{member_client.user.member} Premium $24.00" in printed.lines
    assert "Ilona Muster Premium $12.50" in printed.lines
    assert "Still owed from earlier bills, not part of this bill $24.00" in printed.lines


def test_each_version_of_a_changed_bill_keeps_its_statement(member_client, imported):
    imported("24.00")
    bill = imported("30.00")
    new, old = paper(statement(member_client, bill)), paper(statement(member_client, bill, revision=1))
    assert "Bill total $30.00" in new.lines
    assert "Version 2 / 2" in new.lines
    assert "Bill total $24.00" in old.lines
    assert "Version 1 / 2" in old.lines
    assert any(line.startswith("This is an earlier version of the bill. It was replaced on") for line in old.lines)
    assert "earlier version" not in new.text
    assert "Left to pay" not in old.text
    page = member_client.get(reverse("billing:bill", args=[bill.reference])).content.decode()
    assert f"/bills/{bill.reference}/statement.pdf?revision=1" in page
    assert "Statement to keep (PDF)" in page


@pytest.mark.parametrize("asked", ["2", "0", "-1", "x", "1e3", "²", "99999999999999999999", "1\x00"])
def test_a_version_that_is_not_there_is_not_found(member_client, asked):
    bill = factories.bill(household=member_client.user.member.household)
    assert statement(member_client, bill, revision=asked).status_code == 404


def test_another_household_s_documents_are_not_found(member_client):
    other = factories.bill(household=factories.household())
    assert statement(member_client, other).status_code == 404
    for name in ("year", "summary", "archive"):
        assert member_client.get(reverse(f"billing:{name}", args=[2026])).status_code == 404


def test_documents_need_a_log_in(client):
    bill = factories.bill(household=factories.household())
    for address in (reverse("billing:statement", args=[bill.reference]), reverse("billing:summary", args=[2026])):
        assert client.get(address).url.startswith("/accounts/login/")


def test_the_statement_is_in_the_reader_s_language(member_client, settings):
    settings.LANGUAGES = [("en", "English"), ("zh-hant", "繁體中文")]
    bill = factories.bill(household=member_client.user.member.household)
    address = reverse("billing:statement", args=[bill.reference])
    printed = paper(member_client.get(address, headers={"Accept-Language": "zh-hant"}))
    assert printed.language == "zh-TW"
    assert "2026年12月1日" in printed.text.replace(" ", "")


def test_when_documents_cannot_be_made_the_page_says_when_to_try_again(member_client, settings):
    settings.PDF_WAIT_SECONDS = 0.01
    bill = factories.bill(household=member_client.user.member.household)
    pool = pdf._compilers()
    taken = [pool.get() for _ in range(pool.qsize())]
    try:
        answers = [statement(member_client, bill), member_client.get(reverse("billing:archive", args=[2026]))]
    finally:
        for compiler in taken:
            pool.put(compiler)
    for answer in answers:
        assert answer.status_code == 503
        assert answer["Retry-After"] == "10"
        assert "Please try again in a moment" in answer.content.decode()
    assert statement(member_client, bill).status_code == 200


# --- a year ----------------------------------------------------------------------------------------------------------
def month(household, number, year=2026, **fields):
    first = date(year, number, 1)
    return factories.bill(household=household, period=first, issued_on=first, due_on=first.replace(day=28), **fields)


def test_statements_are_listed_by_year_newest_first(member_client, home):
    month(home, 12, year=2025)
    month(home, 1)
    month(home, 2)
    page = member_client.get(reverse("billing:statements"))
    assert page.context["years"] == [(2026, 2), (2025, 1)]
    assert "All statements of 2025 (ZIP of PDFs)" in page.content.decode()
    assert "Summary for 2026 (PDF)" in page.content.decode()


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

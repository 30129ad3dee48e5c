"""The statement of a bill as PDF: what it says, of which version, and to whom."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from portal.shared import pdf
from tests import factories
from tests.papers import paper

NOW = datetime(2026, 11, 25, 17, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def statement(client, bill, **asked):
    return client.get(reverse("billing:statement", args=[bill.reference]), asked)


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
    member_client.user.language = "zh-hant"
    member_client.user.save()
    printed = paper(member_client.get(address))
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


def test_what_the_agency_writes_on_a_line_is_said_in_the_reader_s_language_where_we_know_it(member_client, settings):
    user = member_client.user
    user.language = "es"
    user.save()
    bill = factories.bill(
        household=user.member.household, lines=[("MONTHLY PREMIUM", 2400), ("Some other charge", 100)]
    )
    printed = paper(statement(member_client, bill)).text
    assert "Prima mensual $24.00" in printed
    assert "Some other charge $1.00" in printed
    page = member_client.get(reverse("billing:bill", args=[bill.reference])).content.decode()
    assert ">Prima mensual<" in page

"""The day's remittance: one line a cleared bill part, control totals, and the same bytes for ever."""

import csv
import importlib
import json
import os
import threading
from datetime import date, datetime, time, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from billing import services as billing
from payments import services
from payments.models import Posting
from payments.rules import EASTERN
from payments.services import posting
from payments.states import Status
from tests import factories
from tests.payments.reconciling.looking import unguarded

TODAY = timezone.now().astimezone(EASTERN).date()
NEXT_NOON = datetime.combine(TODAY + timedelta(days=1), time(12), EASTERN)


def export(*arguments, day=TODAY, now=None):
    """Run the command as if it were `now` (noon of the next day); return what it wrote and its exit status."""
    out, errors = StringIO(), StringIO()
    try:
        with time_machine.travel(now or NEXT_NOON, tick=False):
            call_command("export_payments", "--day", str(day), *arguments, stdout=out, stderr=errors)
    except CommandError as error:
        return str(error), error.returncode
    return out.getvalue(), 0


def parts(text):
    """Return the detail lines as (kind, confirmation number, household, where, bill, method, cents, dollars)."""
    names = "kind confirmation_number household_number applied_to bill_number method amount_cents amount_dollars"
    rows = csv.DictReader(text.splitlines())
    return [tuple(row[name] for name in names.split()) for row in rows if row["record"] == "detail"]


def totals(text):
    """Return the control totals: kind -> (count, cents)."""
    rows = [row for row in csv.DictReader(text.splitlines()) if row["record"] == "total"]
    return {row["kind"]: (int(row["line"]), int(row["amount_cents"])) for row in rows}


def returned(payment):
    services.move(payment.pk, Status.RETURNED, via="webhook", code="insufficient_funds")


def test_a_day_has_one_line_for_each_bill_part_and_its_control_totals(paying):
    second = factories.bill(household=paying.household, due_on=date(2027, 1, 1), lines=[("Monthly premium", 1000)])
    payment = paying.pay(cents=4000)
    text, status = export()
    assert status == 0
    household = paying.household.number
    assert parts(text) == [
        ("payment", payment.reference, household, "bill", paying.bill.number, "card", "2400", "24.00"),
        ("payment", payment.reference, household, "bill", second.number, "card", "1000", "10.00"),
        ("payment", payment.reference, household, "household_credit", "", "card", "600", "6.00"),
    ]
    assert totals(text) == {
        "payment": (3, 4000),
        "return": (0, 0),
        "refund": (0, 0),
        "dispute": (0, 0),
        "all": (3, 4000),
    }


def test_the_file_is_exactly_as_documented(paying):
    payment = paying.pay(cents=1000)
    household, bill = paying.household.number, paying.bill.number
    assert export()[0] == (
        "record,day,line,kind,confirmation_number,household_number,applied_to,bill_number,method,amount_cents,"
        "amount_dollars\n"
        f"detail,{TODAY},1,payment,{payment.reference},{household},bill,{bill},card,1000,10.00\n"
        f"total,{TODAY},1,payment,,,,,,1000,10.00\n"
        f"total,{TODAY},0,return,,,,,,0,0.00\n"
        f"total,{TODAY},0,refund,,,,,,0,0.00\n"
        f"total,{TODAY},0,dispute,,,,,,0,0.00\n"
        f"total,{TODAY},1,all,,,,,,1000,10.00\n"
    )


def test_a_return_is_negative_lines_for_the_parts_that_were_told_last_cleared_first(paying):
    payment = paying.pay(cents=3000, method="bank")
    paying.fake.settle(payment.intent_id)
    services.refresh(payment, via="sweep")
    returned(payment)
    text, _ = export()
    household, bill = paying.household.number, paying.bill.number
    assert parts(text)[2:] == [
        ("return", payment.reference, household, "household_credit", "", "bank", "-600", "-6.00"),
        ("return", payment.reference, household, "bill", bill, "bank", "-2400", "-24.00"),
    ]
    assert totals(text) == {
        "payment": (2, 3000),
        "return": (2, -3000),
        "refund": (0, 0),
        "dispute": (0, 0),
        "all": (4, 0),
    }


def test_a_payment_that_did_not_arrive_is_no_line(paying):
    paying.pay(behaviour="card_declined")
    paying.pay(method="bank")
    assert parts(export()[0]) == []


def test_the_file_stays_the_same_after_returns_revisions_and_moves_of_credit(paying):
    payment, household = paying.pay(cents=3000), paying.household
    before = export(), export("--json")
    paying.bill.total_cents = 1000
    paying.bill.save()
    billing.move_excess(bill=paying.bill)
    factories.bill(household=household, due_on=date(2027, 1, 1))
    billing.take_up(household=household)
    household.number = "H-renamed"
    household.save()
    with time_machine.travel(NEXT_NOON, tick=False):
        returned(payment)
    assert Posting.objects.filter(kind="return").count() == 2
    assert (export(), export("--json")) == before
    assert len(parts(before[0][0])) == 2


def test_part_of_a_payment_goes_back_from_its_end_and_never_more_than_is_left(paying):
    payment = paying.pay(cents=3000)
    posting.taken_back(payment, posting.Kind.REFUND, "refund:1", 1000)
    posting.taken_back(payment, posting.Kind.REFUND, "refund:1", 1000)
    posting.taken_back(payment, posting.Kind.DISPUTE, "dispute:1")
    posting.given_again(payment, posting.Kind.DISPUTE, "dispute won:1", "dispute:1")
    posting.given_again(payment, posting.Kind.REFUND, "refund failed:1", "refund:1")
    posting.taken_back(payment, posting.Kind.RETURN, "return:1")
    rows = [(row[0], row[4] or "credit", int(row[6])) for row in parts(export()[0])]
    bill = paying.bill.number
    assert rows == [
        ("payment", bill, 2400),
        ("payment", "credit", 600),
        ("refund", "credit", -600),
        ("refund", bill, -400),
        ("dispute", bill, -2000),
        ("dispute", bill, 2000),
        ("refund", "credit", 600),
        ("refund", bill, 400),
        ("return", "credit", -600),
        ("return", bill, -2400),
    ]


@pytest.mark.parametrize("statement", ["UPDATE payments_posting SET amount_cents = 1", "DELETE FROM payments_posting"])
def test_the_database_refuses_to_change_or_delete_a_posting(paying, statement):
    paying.pay()
    with pytest.raises(DatabaseError, match="never changed or deleted"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_payments_made_before_there_were_postings_are_posted_as_they_were(paying):
    kept = paying.pay(cents=3000)
    factories.bill(household=paying.household, due_on=date(2027, 1, 1))
    gone = paying.pay(cents=1000, method="bank")
    paying.fake.settle(gone.intent_id)
    services.refresh(gone, via="sweep")
    returned(gone)
    paying.pay(behaviour="card_declined")
    facts = [field.name for field in Posting._meta.fields if field.name not in ("id", "posted_at")]
    before = list(Posting.objects.values_list(*facts))
    migration = importlib.import_module("payments.migrations.0041_postings_stand")
    with unguarded(), connection.cursor() as cursor:
        Posting.objects.all().delete()
        cursor.execute(migration.POST)
    assert len(before) == 4
    assert list(Posting.objects.values_list(*facts)) == before
    assert kept.postings.first().posted_at == kept.receipt.issued_at


@pytest.mark.parametrize("day", [TODAY, TODAY + timedelta(days=1)])
def test_a_day_that_is_not_over_is_refused(db, day):
    assert export(day=day, now=timezone.now()) == ("That day is not over yet.", 2)


@pytest.mark.parametrize("minutes", [-5, 5])
def test_a_day_is_over_ten_minutes_after_midnight_in_boston(db, minutes):
    over_at = datetime(2026, 3, 9, 0, 10, tzinfo=EASTERN)  # the clocks went forward on the 8th
    assert export(day="2026-03-08", now=over_at + timedelta(minutes=minutes))[1] == (0 if minutes > 0 else 2)


@pytest.mark.parametrize("day", ["", "today", "2026-02-30", "2026-1-1", "٢٠٢٦-٠١-٠١"])
def test_a_day_that_is_none_is_refused_with_a_reason(db, day):
    assert export(day=day) == ("Could not run: A real day as YYYY-MM-DD is needed.", 2)


def test_json_is_one_line_that_says_the_same(paying):
    paying.pay(cents=3000)
    text, _ = export("--json")
    told = json.loads(text)
    assert text.count("\n") == 1
    assert (told["format"], told["day"]) == (1, str(TODAY))
    assert [(line["line"], line["applied_to"], line["amount_cents"]) for line in told["lines"]] == [
        (1, "bill", 2400),
        (2, "household_credit", 600),
    ]
    assert told["totals"][0] == {"line": 2, "kind": "payment", "amount_cents": 3000, "amount_dollars": "30.00"}
    assert json.loads(export("--json", day="2026-01-01")[0])["lines"] == []


def test_a_file_is_whole_or_not_there_and_only_its_owner_reads_it(paying, tmp_path, monkeypatch):
    paying.pay()
    target = tmp_path / "day.csv"
    assert export("--output", str(target)) == ("", 0)
    assert target.read_text() == export()[0]
    assert target.stat().st_mode & 0o777 == 0o600
    before = target.read_bytes()

    def disk_is_full(fd):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", disk_is_full)
    assert export("--output", str(target)) == ("Could not run: No space left on device", 2)
    assert (target.read_bytes(), list(tmp_path.iterdir())) == (before, [target])


def test_a_folder_that_is_not_there_is_a_clear_refusal(db, tmp_path):
    text, status = export("--output", str(tmp_path / "nowhere" / "day.csv"), day="2026-01-01")
    assert (text, status) == ("Could not run: No such file or directory", 2)


def test_a_number_of_the_agency_that_looks_like_a_formula_is_made_harmless(paying):
    type(paying.bill).objects.filter(pk=paying.bill.pk).update(number="=1+1")
    paying.pay()
    assert parts(export()[0])[0][4] == "'=1+1"


@pytest.mark.django_db(transaction=True)
def test_the_file_waits_for_a_payment_that_is_being_written_at_that_moment(fake):
    user = factories.user()
    bill = factories.bill(household=user.member.household)
    payment = services.start(user=user, household=user.member.household, amount_cents=2400, method="card")
    waited = []

    def wait():
        try:
            services.wait_for_postings()
            waited.append(Posting.objects.count())
        finally:
            connection.close()

    thread = threading.Thread(target=wait)
    with transaction.atomic():
        posting.paid(payment, [(bill.number, 2400)])
        thread.start()
        thread.join(0.5)
        assert waited == []
    thread.join(10)
    assert waited == [1]

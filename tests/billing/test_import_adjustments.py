"""import_adjustments: a further line of a bill with its reason, once, for good, and never below zero."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import selectors, services
from billing.models import Adjustment, Bill, BillLine, BillRevision
from tests import factories
from tests.billing import test_import_bills

pytestmark = pytest.mark.django_db
HEADER = "adjustment_id,bill_number,masshealth_id,kind,reason,amount,effective_on"
GOOD = "A-1,B-1,900000000001,waiver,Hardship waiver,-5.00,2026-11-10"
household = test_import_bills.household


@pytest.fixture
def path(tmp_path):
    return tmp_path / "adjustments.csv"


@pytest.fixture
def bill(household, path):
    """Bill B-1 of household H-1: $24.00 for Ana, as the agency's file brought it."""
    bills(path)
    return Bill.objects.get(number="B-1")


def bills(path, *lines: str):
    return test_import_bills.take(path, *(lines or (test_import_bills.GOOD,)))


def take(path, *lines: str, dry_run: bool = False):
    path.write_text("".join(f"{line}\n" for line in (HEADER, *lines)), encoding="utf-8")
    return services.import_adjustments(path=path, dry_run=dry_run)


def counts(report) -> tuple[int, int, int]:
    assert report.refused == []
    return report.added, report.changed, report.unchanged


def line(**cells: str) -> str:
    """GOOD with some cells replaced."""
    good = dict(zip(HEADER.split(","), GOOD.split(","), strict=True))
    return ",".join((good | cells).values())


def lines_of(bill) -> list[tuple[str, int, str | None]]:
    """Return description, cents and kind of the lines of a bill's newest revision."""
    return [
        (found.description, found.amount_cents, found.adjustment and found.adjustment.kind)
        for found in selectors.lines_for(Bill.objects.get(pk=bill.pk))
    ]


def payable(household) -> list[int]:
    return [bill.payable_cents for bill in selectors.bills_for(household)]


PREMIUM = ("Monthly premium", 2400, None)


def test_an_adjustment_is_one_more_line_in_a_new_revision_and_the_old_one_stays(bill, path):
    assert counts(take(path, GOOD)) == (1, 0, 0)
    bill.refresh_from_db()
    assert (bill.total_cents, bill.revision) == (1900, 2)
    assert lines_of(bill) == [PREMIUM, ("Hardship waiver", -500, "waiver")]
    first, second = bill.revisions.all()
    assert (first.total_cents, first.lines.count()) == (2400, 1)
    assert (second.total_cents, second.lines.count()) == (1900, 2)
    assert (second.period, second.issued_on, second.due_on) == (first.period, first.issued_on, first.due_on)
    kept = Adjustment.objects.get()
    assert (kept.number, kept.bill, kept.member.first_name) == ("A-1", bill, "Ana")
    assert (kept.kind, kept.reason, kept.effective_on) == ("waiver", "Hardship waiver", date(2026, 11, 10))


@pytest.mark.parametrize("kind", ["waiver", "credit", "correction", "write_off"])
def test_each_kind_lowers_a_bill_and_nobody_needs_to_be_named(bill, path, kind):
    take(path, line(kind=kind, masshealth_id=""))
    assert lines_of(bill) == [PREMIUM, ("Hardship waiver", -500, kind)]
    assert Adjustment.objects.get().member is None


def test_a_correction_may_raise_a_bill_and_what_it_adds_is_due(bill, household, path):
    factories.pay(household, "P1", 2400)
    assert payable(household) == [0]
    take(path, line(kind="correction", amount="3.50"))
    assert payable(household) == [350]


def test_several_adjustments_of_one_bill_are_one_new_revision(bill, path):
    assert counts(take(path, GOOD, line(adjustment_id="A-2", kind="credit", amount="-1.00"))) == (2, 0, 0)
    assert Bill.objects.get().revision == 2
    assert [cents for _, cents, _ in lines_of(bill)] == [2400, -500, -100]


def test_a_second_file_adds_to_the_first(bill, path):
    take(path, GOOD)
    take(path, line(adjustment_id="A-2", amount="-1.00"))
    assert [cents for _, cents, _ in lines_of(bill)] == [2400, -500, -100]
    assert list(BillRevision.objects.values_list("number", "total_cents")) == [(1, 2400), (2, 1900), (3, 1800)]


def test_the_same_file_twice_changes_nothing(bill, path):
    take(path, GOOD)
    assert counts(take(path, GOOD)) == (0, 0, 1)
    assert counts(take(path, GOOD, line(adjustment_id="A-2"))) == (1, 0, 1)
    assert BillRevision.objects.count() == 3


@pytest.mark.parametrize(
    "cells",
    [
        {"amount": "-5.01"},
        {"kind": "credit"},
        {"reason": "Other"},
        {"masshealth_id": ""},
        {"effective_on": "2026-11-11"},
        {"bill_number": "B-2"},
    ],
)
def test_an_adjustment_that_was_taken_in_is_never_edited(bill, path, cells):
    bills(path, test_import_bills.line(bill_number="B-2"))
    take(path, GOOD)
    (error,) = take(path, line(adjustment_id="A-9"), line(**cells)).refused
    assert (error.line, error.column) == (3, "adjustment_id")
    assert "none is edited" in error.reason
    assert Adjustment.objects.count() == 1


# --- a later import of the bill --------------------------------------------------------------------------------------
def test_the_same_bill_imported_again_changes_nothing_and_keeps_the_adjustment(bill, path):
    take(path, GOOD)
    assert counts(bills(path)) == (0, 0, 1)
    assert lines_of(bill) == [PREMIUM, ("Hardship waiver", -500, "waiver")]
    assert Bill.objects.get().total_cents == 1900


def test_a_bill_that_the_agency_changes_keeps_its_adjustments_after_its_new_lines(bill, path):
    take(path, GOOD)
    take(path, line(adjustment_id="A-2", kind="credit", amount="-1.00"))
    changed = [test_import_bills.line(amount="20.00"), test_import_bills.line(description="Fee", amount="2.00")]
    assert counts(bills(path, *changed)) == (0, 1, 0)
    assert [cents for _, cents, _ in lines_of(bill)] == [2000, 200, -500, -100]
    assert Bill.objects.get().total_cents == 1600
    assert counts(bills(path, *changed)) == (0, 0, 1)
    assert BillLine.objects.filter(revision__number=1).count() == 1


def test_a_line_of_the_agency_with_the_same_words_is_not_taken_for_the_adjustment(bill, path):
    take(path, GOOD)
    waived = test_import_bills.line(description="Hardship waiver", amount="-5.00")
    assert counts(bills(path, test_import_bills.GOOD, waived)) == (0, 1, 0)
    assert [cents for _, cents, _ in lines_of(bill)] == [2400, -500, -500]


def test_a_bill_that_would_fall_below_zero_with_its_adjustments_is_refused_whole(bill, path):
    take(path, line(amount="-20.00"))
    report = bills(path, test_import_bills.line(bill_number="B-2"), test_import_bills.line(amount="19.99"))
    assert [str(error) for error in report.refused] == [
        "line 3, amount: With the adjustments taken in for it, this bill adds up to less than zero."
    ]
    assert Bill.objects.get().total_cents == 400
    assert counts(bills(path, test_import_bills.line(amount="20.00"))) == (0, 1, 0)
    assert Bill.objects.get().total_cents == 0


# --- refused ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"bill_number": "B-9"}, "bill_number", "No such bill"),
        ({"bill_number": ""}, "bill_number", "1 to 40"),
        ({"adjustment_id": ""}, "adjustment_id", "1 to 40"),
        ({"adjustment_id": "A" * 41}, "adjustment_id", "1 to 40"),
        ({"masshealth_id": "900000000009"}, "masshealth_id", "no such MassHealth ID"),
        ({"masshealth_id": "900000000002"}, "masshealth_id", "household of the bill"),
        ({"masshealth_id": "9"}, "masshealth_id", "12 digits"),
        ({"kind": "gift"}, "kind", "waiver, credit, correction, write_off"),
        ({"kind": "Waiver"}, "kind", "waiver, credit, correction, write_off"),
        ({"kind": ""}, "kind", "waiver, credit, correction, write_off"),
        ({"reason": ""}, "reason", "1 to 200"),
        ({"reason": "x" * 201}, "reason", "1 to 200"),
        ({"reason": "a\x00b"}, "", "control character"),
        ({"amount": "5.00"}, "amount", "Only a correction may raise"),
        ({"amount": "-5"}, "amount", "two decimals"),
        ({"amount": "-0.00"}, "amount", "other than zero"),
        ({"amount": "NaN"}, "amount", "two decimals"),
        ({"amount": "-24.01"}, "amount", "below zero"),
        ({"kind": "correction", "amount": "-24.01"}, "amount", "below zero"),
        ({"effective_on": "11/10/2026"}, "effective_on", "YYYY-MM-DD"),
        ({"effective_on": "2026-02-30"}, "effective_on", "real day"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_written(bill, path, cells, column, words):
    report = take(path, line(adjustment_id="A-0", amount="-0.01"), line(**cells))
    (error,) = report.refused
    assert (error.line, error.column) == (3, column)
    assert words in error.reason
    assert not Adjustment.objects.exists()
    assert (Bill.objects.get().revision, Bill.objects.get().total_cents) == (1, 2400)


def test_a_bill_may_go_down_to_zero_and_the_line_that_goes_further_is_refused(bill, path):
    report = take(path, line(amount="-20.00"), line(adjustment_id="A-2", amount="-4.00"))
    assert counts(report) == (2, 0, 0)
    assert Bill.objects.get().total_cents == 0
    report = take(path, line(adjustment_id="A-3", amount="-0.01"))
    assert [str(error) for error in report.refused] == ["line 2, amount: This would take the bill below zero."]


def test_the_lines_of_one_bill_are_added_up_in_their_order(bill, path):
    report = take(path, line(amount="-20.00"), line(adjustment_id="A-2", amount="-4.01"))
    assert [str(error) for error in report.refused] == ["line 3, amount: This would take the bill below zero."]
    raised = line(adjustment_id="A-2", kind="correction", amount="1.00")
    assert counts(take(path, raised, line(amount="-25.00"))) == (2, 0, 0)


def test_the_same_adjustment_twice_in_one_file_is_refused(bill, path):
    report = take(path, GOOD, line(adjustment_id="A-2"), GOOD)
    assert [str(error) for error in report.refused] == ["line 4, adjustment_id: Line 2 has this adjustment_id too."]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cells=st.dictionaries(st.sampled_from(HEADER.split(",")), st.text(max_size=20), min_size=1))
def test_no_text_whatever_in_a_cell_breaks_the_import(bill, path, cells):
    quoted = {name: '"' + text.replace('"', '""') + '"' for name, text in cells.items()}
    path.write_bytes(f"{HEADER}\n{line(**quoted)}\n".encode("utf-8", "surrogatepass"))
    report = services.import_adjustments(path=path, dry_run=True)
    assert report.refused or report.added == 1


# --- the database ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"amount_cents": 0}, "adjustment_not_zero"),
        ({"amount_cents": 5}, "only_a_correction_raises"),
        ({"number": "A-1"}, "number"),
    ],
)
def test_the_database_refuses_a_wrong_adjustment(bill, path, fields, name):
    take(path, GOOD)
    facts = {"number": "A-5", "bill": bill, "kind": "waiver", "reason": "x", "amount_cents": -5}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Adjustment.objects.create(**facts | {"effective_on": date(2026, 11, 1)} | fields)


# --- the command -----------------------------------------------------------------------------------------------------
def test_a_dry_run_reports_and_writes_nothing(bill, path, capsys):
    path.write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-8")
    call_command("import_adjustments", path, "--dry-run")
    assert "Tried, nothing written: 1 added, 0 changed, 0 unchanged." in capsys.readouterr().out
    assert not Adjustment.objects.exists()


def test_the_command_says_that_nothing_changed(bill, path, capsys):
    path.write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-8")
    call_command("import_adjustments", path)
    call_command("import_adjustments", path)
    assert "0 added, 0 changed, 1 unchanged. Nothing changed." in capsys.readouterr().out


def test_refused_lines_end_with_status_1_and_json_names_them(bill, path, capsys):
    path.write_text(f"{HEADER}\n{line(amount='NaN')}\n", encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        call_command("import_adjustments", path, "--json")
    assert end.value.code == 1
    (refused,) = json.loads(capsys.readouterr().out)["refused"]
    assert (refused["line"], refused["column"]) == (2, "amount")


def test_a_missing_file_ends_with_status_2(db, path):
    with pytest.raises(CommandError) as end:
        call_command("import_adjustments", path)
    assert end.value.returncode == 2

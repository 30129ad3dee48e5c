"""import_bills: the whole file or nothing, every refused line named, the same file twice changes nothing."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import selectors, services
from billing.models import Bill, BillLine, BillRevision, Credit
from tests import factories

pytestmark = pytest.mark.django_db
HEADER = "bill_number,household_id,period,issued_on,due_on,masshealth_id,description,amount"
GOOD = "B-1,H-1,2026-11,2026-11-01,2026-12-01,900000000001,Monthly premium,24.00"


@pytest.fixture
def household():
    """Household H-1 with Ana (…001), and H-2 with Ben (…002)."""
    household = factories.household(number="H-1")
    factories.member(household=household, masshealth_id="900000000001", first_name="Ana")
    factories.member(household=factories.household(number="H-2"), masshealth_id="900000000002", first_name="Ben")
    return household


@pytest.fixture
def path(tmp_path):
    return tmp_path / "bills.csv"


def take(path, *lines: str, header: str = HEADER, dry_run: bool = False):
    path.write_text("".join(f"{line}\n" for line in (header, *lines)), encoding="utf-8")
    return services.import_bills(path=path, dry_run=dry_run)


def counts(report) -> tuple[int, int, int]:
    assert report.refused == []
    return report.added, report.changed, report.unchanged


def line(**cells: str) -> str:
    """GOOD with some cells replaced."""
    good = dict(zip(HEADER.split(","), GOOD.split(","), strict=True))
    return ",".join((good | cells).values())


def test_a_bill_is_taken_in_with_its_lines(household, path):
    report = take(
        path,
        GOOD,
        line(description="Credit for October", amount="-5.50"),
        line(masshealth_id="", description="Fee", amount="0.01"),
    )
    assert counts(report) == (1, 0, 0)
    bill = Bill.objects.get()
    assert (bill.number, bill.household, bill.total_cents, bill.revision) == ("B-1", household, 1851, 1)
    assert (bill.period, bill.issued_on, bill.due_on) == (date(2026, 11, 1), date(2026, 11, 1), date(2026, 12, 1))
    lines = BillLine.objects.values_list("position", "member__first_name", "description", "amount_cents")
    assert list(lines) == [
        (1, "Ana", "Monthly premium", 2400),
        (2, "Ana", "Credit for October", -550),
        (3, None, "Fee", 1),
    ]


def test_lines_of_a_bill_need_not_stand_together(household, path):
    report = take(path, GOOD, line(bill_number="B-2"), line(description="Arrears", amount="1.00"))
    assert counts(report) == (2, 0, 0)
    assert set(Bill.objects.values_list("number", "total_cents")) == {("B-1", 2500), ("B-2", 2400)}


def test_every_bill_gets_a_number_for_addresses_that_cannot_be_walked(household, path):
    take(path, *(line(bill_number=f"B-{n}") for n in range(30)))
    references = set(Bill.objects.values_list("reference", flat=True))
    assert len(references) == 30
    assert all(len(reference) == 11 for reference in references)


def test_the_same_file_twice_changes_nothing(household, path):
    lines = (GOOD, line(description="Fee", amount="1.00", masshealth_id=""))
    take(path, *lines)
    assert counts(take(path, *lines)) == (0, 0, 1)
    assert counts(take(path, *lines[::-1])) == (0, 0, 1), "nor does another order of the lines"
    assert BillRevision.objects.count() == 1


@pytest.mark.parametrize(
    "cells",
    [
        {"amount": "20.00"},
        {"description": "Premium"},
        {"masshealth_id": ""},
        {"due_on": "2026-12-05"},
        {"issued_on": "2026-11-02"},
        {"period": "2026-10"},
    ],
)
def test_a_changed_bill_is_a_new_revision_and_the_old_one_is_kept(household, path, cells):
    take(path, GOOD)
    assert counts(take(path, line(**cells))) == (0, 1, 0)
    bill = Bill.objects.get()
    assert bill.revision == 2
    first, second = bill.revisions.all()
    assert (first.total_cents, first.lines.get().description) == (2400, "Monthly premium")
    assert (second.total_cents, second.due_on, second.period) == (bill.total_cents, bill.due_on, bill.period)


def test_a_bill_can_be_changed_back(household, path):
    take(path, GOOD)
    take(path, line(amount="20.00"))
    assert counts(take(path, GOOD)) == (0, 1, 0)
    assert list(BillRevision.objects.values_list("number", "total_cents")) == [(1, 2400), (2, 2000), (3, 2400)]


def test_bills_that_the_file_does_not_name_stay(household, path):
    take(path, GOOD)
    assert counts(take(path, line(bill_number="B-2"))) == (1, 0, 0)
    assert Bill.objects.count() == 2


def test_a_bill_may_add_up_to_nothing(household, path):
    take(path, GOOD, line(description="Waived", amount="-24.00"))
    assert Bill.objects.get().total_cents == 0


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"amount": "24.001"}, "amount", "two decimals"),
        ({"amount": "NaN"}, "amount", "two decimals"),
        ({"amount": "2.4E1"}, "amount", "exponents"),
        ({"amount": '"1,024.00"'}, "amount", "no commas"),
        ({"amount": "$24.00"}, "amount", "signs"),
        ({"amount": "٢٤.١٢"}, "amount", "two decimals"),
        ({"amount": "99999999.00"}, "amount", "two decimals"),
        ({"amount": "0.00"}, "amount", "other than zero"),
        ({"amount": "-0.00"}, "amount", "other than zero"),
        ({"amount": ""}, "amount", "two decimals"),
        ({"amount": "-24.00"}, "amount", "less than zero"),
        ({"household_id": "H-9"}, "household_id", "no such household"),
        ({"due_on": "2026-10-31"}, "due_on", "before it is issued"),
        ({"due_on": "12/01/2026"}, "due_on", "YYYY-MM-DD"),
        ({"due_on": "2026-02-30"}, "due_on", "real day"),
        ({"period": "2026-13"}, "period", "YYYY-MM"),
        ({"period": "2026-11-01"}, "period", "YYYY-MM"),
        ({"masshealth_id": "900000000009"}, "masshealth_id", "no such MassHealth ID"),
        ({"masshealth_id": "900000000002"}, "masshealth_id", "another household"),
        ({"masshealth_id": "90000000000"}, "masshealth_id", "12 digits"),
        ({"masshealth_id": "٩٠٠٠٠٠٠٠٠٠٠١"}, "masshealth_id", "12 digits"),
        ({"bill_number": ""}, "bill_number", "characters are needed"),
        ({"bill_number": "B" * 41}, "bill_number", "1 to 40"),
        ({"description": ""}, "description", "characters are needed"),
        ({"description": "x" * 201}, "description", "1 to 200"),
        ({"description": "a\x00b"}, "", "control character"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_written(household, path, cells, column, words):
    report = take(path, line(bill_number="B-0"), line(**cells))
    (error,) = report.refused
    assert (error.line, error.column) == (3, column)
    assert words in error.reason
    assert not Bill.objects.exists()


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"household_id": "H-2", "masshealth_id": ""}, "household_id"),
        ({"period": "2026-10"}, "period"),
        ({"issued_on": "2026-11-02"}, "issued_on"),
        ({"due_on": "2026-12-02"}, "due_on"),
    ],
)
def test_lines_of_one_bill_must_agree_on_its_facts(household, path, cells, column):
    report = take(path, GOOD, line(description="Fee", **cells))
    (error,) = report.refused
    assert (error.line, error.column) == (3, column)
    assert "Line 2 of the same bill says otherwise" in error.reason
    assert not Bill.objects.exists()


def test_a_repeated_line_is_refused(household, path):
    report = take(path, GOOD, line(bill_number="B-2"), GOOD)
    assert [str(error) for error in report.refused] == ["line 4: Repeats line 2."]


def test_a_bill_cannot_move_to_another_household(household, path):
    take(path, GOOD)
    report = take(path, line(household_id="H-2", masshealth_id=""))
    assert [str(error) for error in report.refused] == [
        "line 2, household_id: This bill was imported for another household."
    ]
    assert Bill.objects.get().household == household


def test_all_refused_lines_are_named_at_once(household, path):
    report = take(path, line(amount="x", due_on="x"), line(household_id="H-9", masshealth_id=""), line(amount="1e3"))
    named = sorted((error.line, error.column) for error in report.refused)
    assert named == [(2, "amount"), (2, "due_on"), (3, "household_id"), (4, "amount")]


@pytest.mark.parametrize(
    ("content", "number", "words"),
    [
        (b"", 1, "empty"),
        (b"\xef\xbb\xbf" + f"{HEADER}\n{GOOD}\n".encode(), 1, "byte order mark"),
        (f"{HEADER},more\n{GOOD},1\n".encode(), 1, "header must be"),
        (f"{HEADER}\n{GOOD}\n{GOOD[:40]}".encode(), 3, "cut off"),
        (f"{HEADER}\n{GOOD}".encode(), 2, "cut off"),
        (f"{HEADER}\n{GOOD.replace('Monthly', 'Prämie')}\n".encode("latin-1"), 2, "not UTF-8"),
        (f"{HEADER}\n{GOOD},\n".encode(), 2, "columns"),
        (f"{HEADER}\n\n{GOOD}\n".encode(), 2, "columns"),
        (f"{HEADER}\n{GOOD.replace('Monthly', chr(34) + 'Monthly')}\n".encode(), 2, "quotation mark"),
    ],
)
def test_a_file_that_is_not_as_agreed_is_refused(household, path, content, number, words):
    path.write_bytes(content)
    report = services.import_bills(path=path)
    assert [error.line for error in report.refused] == [number]
    assert words in report.refused[0].reason
    assert not Bill.objects.exists()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cells=st.dictionaries(st.sampled_from(HEADER.split(",")), st.text(max_size=20), min_size=1))
def test_no_text_whatever_in_a_cell_breaks_the_import(household, path, cells):
    quoted = {name: '"' + text.replace('"', '""') + '"' for name, text in cells.items()}
    path.write_bytes(f"{HEADER}\n{line(**quoted)}\n".encode("utf-8", "surrogatepass"))
    report = services.import_bills(path=path, dry_run=True)
    assert report.refused or report.added == 1


# --- money follows ---------------------------------------------------------------------------------------------------
def payable(household) -> list[int]:
    return [bill.payable_cents for bill in selectors.bills_for(household)]


def test_a_new_bill_takes_up_money_paid_ahead(household, path):
    take(path, GOOD)
    factories.pay(household, "P1", 3000)
    take(path, line(bill_number="B-2", due_on="2027-01-01"))
    assert payable(household) == [0, 1800]


def test_a_lowered_bill_gives_its_excess_to_the_next_open_one(household, path):
    take(path, GOOD)
    factories.pay(household, "P1", 2400)
    take(path, line(bill_number="B-2", due_on="2027-01-01"))
    take(path, line(amount="20.00"))
    assert payable(household) == [0, 2000]


def test_a_raised_bill_takes_up_the_credit_of_the_household(household, path):
    take(path, GOOD)
    factories.pay(household, "P1", 3000)
    take(path, line(amount="28.00"))
    assert payable(household) == [0]
    assert Credit.objects.filter(bill=None, status="settled").cents() == 200


def test_a_bill_lowered_while_money_is_on_its_way_keeps_the_rest_as_credit(household, path):
    take(path, GOOD)
    services.hold(household=household, source="P1", amount_cents=2400)
    take(path, line(amount="20.00"))
    assert payable(household) == [0]
    assert services.settle(source="P1") == [("B-1", 2000), (None, 400)]


# --- the command -----------------------------------------------------------------------------------------------------
def test_a_dry_run_reports_and_writes_nothing(household, path, capsys):
    path.write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-8")
    call_command("import_bills", path, "--dry-run")
    assert "Tried, nothing written: 1 added, 0 changed, 0 unchanged." in capsys.readouterr().out
    assert not Bill.objects.exists()


def test_the_command_says_that_nothing_changed(household, path, capsys):
    path.write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-8")
    call_command("import_bills", path)
    call_command("import_bills", path)
    assert "0 added, 0 changed, 1 unchanged. Nothing changed." in capsys.readouterr().out


def test_refused_lines_end_with_status_1_and_json_names_them(household, path, capsys):
    path.write_text(f"{HEADER}\n{line(amount='NaN')}\n", encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        call_command("import_bills", path, "--json")
    assert end.value.code == 1
    (refused,) = json.loads(capsys.readouterr().out)["refused"]
    assert (refused["line"], refused["column"]) == (2, "amount")


def test_a_missing_file_ends_with_status_2(db, path):
    with pytest.raises(CommandError) as end:
        call_command("import_bills", path)
    assert end.value.returncode == 2

"""The roster comes in whole or not at all."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Household, Member
from accounts.selectors import household_for
from tests import factories

HEADER = (
    "household_id,masshealth_id,first_name,last_name,date_of_birth,responsible,"
    "coverage_type,coverage_status,coverage_start\n"
)
ANNA = "H-1,900000000001,Anna,Muster,1980-02-03,yes,CommonHealth,active,2025-01-01\n"
BEN = "H-1,900000000002,Ben,Muster,2015-06-07,no,Family Assistance,active,\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def roster(tmp_path):
    """Return a function that writes a roster file from text or bytes."""

    def write(content, name="roster.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def take(path, *options):
    """Run the command; return its exit status and what it said."""
    out = StringIO()
    try:
        call_command("import_members", str(path), *options, stdout=out)
    except SystemExit as stop:
        return stop.code, out.getvalue()
    return 0, out.getvalue()


def test_a_roster_becomes_households_and_members(roster):
    assert take(roster(HEADER + ANNA + BEN)) == (0, "2 added, 0 changed, 0 unchanged.\n")
    anna, ben = Member.objects.order_by("masshealth_id")
    assert anna.household == ben.household == Household.objects.get(number="H-1")
    assert (anna.responsible, ben.responsible) == (True, False)
    assert (anna.search_name, ben.coverage_start) == ("anna muster", None)


def test_the_same_file_twice_changes_nothing_and_says_so(roster):
    path = roster(HEADER + ANNA + BEN)
    take(path)
    before = list(Member.objects.order_by("pk").values())
    assert take(path) == (0, "0 added, 0 changed, 2 unchanged. Nothing changed.\n")
    assert list(Member.objects.order_by("pk").values()) == before


def test_only_what_changed_is_counted_as_changed(roster):
    take(roster(HEADER + ANNA + BEN))
    moved = BEN.replace("H-1", "H-2")
    assert take(roster(HEADER + ANNA + moved))[1] == "0 added, 1 changed, 1 unchanged.\n"
    assert Member.objects.get(masshealth_id="900000000002").household.number == "H-2"


def test_someone_no_longer_responsible_sees_no_bill_from_that_moment(roster):
    take(roster(HEADER + ANNA))
    user = factories.user(member=Member.objects.get(masshealth_id="900000000001"))
    assert household_for(user).number == "H-1"
    take(roster(HEADER + ANNA.replace(",yes,", ",no,")))
    assert household_for(user) is None


def test_a_dry_run_tells_what_would_happen_and_writes_nothing(roster):
    assert take(roster(HEADER + ANNA), "--dry-run") == (0, "Tried, nothing written: 1 added, 0 changed, 0 unchanged.\n")
    assert not Member.objects.exists()
    assert not Household.objects.exists()


def test_json_is_one_line(roster):
    _status, said = take(roster(HEADER + ANNA), "--json")
    assert json.loads(said) == {"added": 1, "changed": 0, "unchanged": 0, "refused": [], "dry_run": False}
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("column", "good", "bad", "reason"),
    [
        ("masshealth_id", "900000000001", "90000000001", "12 digits"),
        ("masshealth_id", "900000000001", "9000000000011", "12 digits"),
        ("masshealth_id", "900000000001", "9000000000AB", "12 digits"),
        ("masshealth_id", "900000000001", "٩00000000001", "12 digits"),
        ("date_of_birth", "1980-02-03", "2180-02-03", "last 125 years"),
        ("date_of_birth", "1980-02-03", "1780-02-03", "last 125 years"),
        ("date_of_birth", "1980-02-03", "1980-02-30", "YYYY-MM-DD"),
        ("date_of_birth", "1980-02-03", "19800203", "YYYY-MM-DD"),
        ("date_of_birth", "1980-02-03", "02/03/1980", "YYYY-MM-DD"),
        ("responsible", ",yes,", ",maybe,", "yes or no"),
        ("responsible", ",yes,", ",YES,", "yes or no"),
        ("household_id", "H-1,", ",", "1 to 40 characters"),
        ("household_id", "H-1,", "H" * 41 + ",", "1 to 40 characters"),
        ("first_name", ",Anna,", ",,", "letter"),
        ("first_name", ",Anna,", "," + "A" * 81 + ",", "1 to 80 characters"),
        ("last_name", ",Muster,", ",---,", "letter"),
        ("coverage_type", ",CommonHealth,", ",,", "1 to 60 characters"),
        ("coverage_status", ",active,", ",,", "1 to 40 characters"),
        ("coverage_start", "2025-01-01", "2025-13-01", "YYYY-MM-DD"),
    ],
)
def test_a_bad_cell_is_named_with_its_line_and_nothing_is_written(roster, column, good, bad, reason):
    status, said = take(roster(HEADER + BEN + ANNA.replace(good, bad, 1)))
    assert status == 1
    assert f"line 3, {column}: " in said
    assert reason in said
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "empty"),
        (b"\xef\xbb\xbf" + (HEADER + ANNA).encode(), 1, "byte order mark"),
        (HEADER.replace("responsible", "guardian") + ANNA, 1, "header must be"),
        (HEADER.replace("household_id,masshealth_id", "masshealth_id,household_id") + ANNA, 1, "header must be"),
        ((HEADER + ANNA).encode("utf-16"), 1, "header must be"),
        (HEADER + BEN + ANNA.rstrip("\n"), 3, "cut off"),
        (HEADER + BEN + ANNA[:30], 3, "cut off"),
        ((HEADER + BEN + ANNA.replace("Anna", "José")).encode("latin-1"), 3, "not UTF-8"),
        (HEADER + BEN + ANNA.replace(",active", ""), 3, "9 columns"),
        (HEADER + BEN + "\n" + ANNA, 3, "9 columns"),
        (HEADER + BEN + ANNA.replace("Anna", '"Anna'), 3, "quotation mark"),
        (HEADER + BEN + ANNA.replace("Anna", "An\x00na"), 3, "control character"),
        (HEADER + BEN + ANNA.replace("Anna", "An\tna"), 3, "control character"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_written(roster, content, line, reason):
    status, said = take(roster(content))
    assert status == 1
    assert f"line {line}: " in said
    assert reason in said
    assert not Member.objects.exists()


def test_an_id_twice_in_the_file_is_named_with_the_first_line(roster):
    status, said = take(roster(HEADER + ANNA + BEN + ANNA))
    assert status == 1
    assert "line 4, masshealth_id: This MassHealth ID is already on line 2." in said


def test_every_refused_line_is_named_and_no_value_is_repeated(roster):
    status, said = take(roster(HEADER + ANNA.replace("yes", "1") + BEN.replace("2015", "3015")), "--json")
    report = json.loads(said)
    assert status == 1
    assert [(error["line"], error["column"]) for error in report["refused"]] == [
        (2, "responsible"),
        (3, "date_of_birth"),
    ]
    assert "3015" not in said


def test_a_refused_file_leaves_what_was_there(roster):
    take(roster(HEADER + ANNA))
    take(roster(HEADER + ANNA.replace("yes", "no") + "x\n"))
    assert Member.objects.get().responsible


def test_quotes_commas_backslashes_windows_line_ends_and_accents_come_in_as_they_are(roster):
    odd = ANNA.replace("Anna", '"Añ\\n""a, B"').replace("\n", "\r\n")
    assert take(roster(HEADER.replace("\n", "\r\n") + odd))[0] == 0
    assert Member.objects.get().first_name == 'Añ\\n"a, B'


def test_a_file_that_is_not_there_could_not_run(tmp_path):
    with pytest.raises(CommandError) as failed:
        call_command("import_members", str(tmp_path / "absent.csv"))
    assert failed.value.returncode == 2
    with pytest.raises(CommandError) as failed:
        call_command("import_members", str(tmp_path))
    assert failed.value.returncode == 2


def test_a_header_alone_changes_nothing(roster):
    assert take(roster(HEADER)) == (0, "0 added, 0 changed, 0 unchanged. Nothing changed.\n")

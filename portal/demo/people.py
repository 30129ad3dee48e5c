"""Invented households and their bills, as the agency would send them: CSV files with dates around today."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

PREFIX = "DEMO-"
PASSWORD = "copper kettle under stairs"  # noqa: S105 - of the demonstration alone
LOG_INS = ("rosa", "sam", "support", "finance", "admin")
CASE = "Milo was away the whole month. Why is there a charge for him?"
CASE_QUESTION = "Thank you for asking. From which day to which day was he away?"
REACHED = {
    "phone": "+16175550142",
    "phone_is_mobile": True,
    "address_line1": "1 Invented Way",
    "city": "Boston",
    "state": "MA",
    "zip_code": "02108",
}
MEMBER_HEADER = (
    "household_id",
    "masshealth_id",
    "first_name",
    "last_name",
    "date_of_birth",
    "responsible",
    "coverage_type",
    "coverage_status",
    "coverage_start",
)
BILL_HEADER = ("bill_number", "household_id", "period", "issued_on", "due_on", "masshealth_id", "description", "amount")
MEMBERS = (
    ("DEMO-1", "900000000011", "Rosa", "Muster", "1984-05-06", "yes", "CommonHealth", "active", "2024-03-01"),
    ("DEMO-1", "900000000012", "Milo", "Muster", "2016-09-10", "no", "Family Assistance", "active", "2024-03-01"),
    ("DEMO-1", "900000000013", "Ana", "Muster", "2019-02-03", "no", "Family Assistance", "active", "2024-03-01"),
    ("DEMO-2", "900000000021", "Jean-Luc", "O'Beispiel", "1951-11-30", "yes", "CommonHealth", "active", "2022-07-01"),
    ("DEMO-3", "900000000031", "Zoë", "Exemplo", "1990-01-15", "yes", "Standard", "active", "2025-01-01"),
    ("DEMO-4", "900000000041", "Linh", "Esempio", "1978-12-24", "yes", "CommonHealth", "active", "2023-05-01"),
    ("DEMO-4", "900000000042", "Bao", "Esempio", "1976-03-08", "yes", "CommonHealth", "active", "2023-05-01"),
    ("DEMO-5", "900000000051", "Sam", "Przyklad", "1969-08-19", "yes", "CommonHealth", "active", "2021-10-01"),
)
CHARGES = (  # household, for how many months back, person, what for, dollars
    ("DEMO-1", 2, "900000000012", "Monthly premium", "12.00"),
    ("DEMO-1", 2, "900000000013", "Monthly premium", "12.00"),
    ("DEMO-2", 2, "900000000021", "Monthly premium", "35.00"),
    ("DEMO-3", 1, "900000000031", "Monthly premium", "28.00"),
    ("DEMO-3", 1, "900000000031", "Hardship waiver", "-28.00"),  # nothing due
    ("DEMO-4", 3, "900000000041", "Monthly premium", "40.00"),  # arrears of two months
    ("DEMO-4", 3, "900000000042", "Monthly premium", "40.00"),
    ("DEMO-4", 1, "900000000042", "Credit for a correction", "-15.50"),
    ("DEMO-5", 1, "900000000051", "Monthly premium", "28.00"),
)
ADJUSTMENT_HEADER = ("adjustment_id", "bill_number", "masshealth_id", "kind", "reason", "amount", "effective_on")
ADJUSTED = (  # household, person, kind, reason, dollars; on the bill of this month
    ("DEMO-1", "900000000013", "waiver", "Hardship waiver for half of the month", "-6.00"),
)
REVISED = {"DEMO-2": "20.00"}  # what the premium of this month became in a second file


def write_members(path: Path) -> None:
    """Write the demonstration's roster."""
    _write(path, MEMBER_HEADER, MEMBERS)


def write_bills(path: Path, today: date, *, revised: bool = False) -> None:
    """Write the bills of up to three months that end with the month of `today`, or the later file that revises some.

    A bill is issued on the first of its month and due on the first of the next.
    """
    _write(path, BILL_HEADER, _revised_rows(today) if revised else _rows(today))


def write_adjustments(path: Path, today: date) -> None:
    """Write what the agency adjusted on bills of the month of `today`."""
    rows = (
        (f"{household}-A{number}", _bill(household, today, 0)[0], member, kind, reason, dollars, f"{today}")
        for number, (household, member, kind, reason, dollars) in enumerate(ADJUSTED, start=1)
    )
    _write(path, ADJUSTMENT_HEADER, rows)


def _rows(today: date) -> Iterator[tuple[str, ...]]:
    for back in range(3):
        for household, months, member, text, dollars in CHARGES:
            if back < months:
                yield (*_bill(household, today, back), member, text, dollars)


def _revised_rows(today: date) -> Iterator[tuple[str, ...]]:
    for household, _, member, text, _ in CHARGES:
        if household in REVISED:
            yield (*_bill(household, today, 0), member, text, REVISED[household])


def _bill(household: str, today: date, back: int) -> tuple[str, ...]:
    first = today.replace(day=1)
    for _ in range(back):
        first = (first - timedelta(days=1)).replace(day=1)
    due = (first + timedelta(days=31)).replace(day=1)
    return (f"{household}-{first:%Y%m}", household, f"{first:%Y-%m}", f"{first}", f"{due}")


def _write(path: Path, header: tuple[str, ...], rows: Iterator[tuple[str, ...]] | tuple[tuple[str, ...], ...]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)

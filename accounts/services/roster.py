"""Taking in the agency's roster: a file whole or not at all."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.rules import comparable_name, is_possible_birth_date
from portal.shared.imports import (
    Report,
    Rows,
    exact_day,
    line_errors,
    read_rows,
    run_sql,
    stage,
    wait_for_others,
)

_TWELVE_DIGITS = re.compile("[0-9]{12}")
log = logging.getLogger(__name__)
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
_COLUMNS = {
    "household": "text",
    "masshealth_id": "text",
    "first_name": "text",
    "last_name": "text",
    "date_of_birth": "date",
    "responsible": "boolean",
    "coverage_type": "text",
    "coverage_status": "text",
    "coverage_start": "date",
    "search_name": "text",
}
_TWICE = """
SELECT line, 'masshealth_id', 'This MassHealth ID is already on line ' || first_line || '.'
FROM (SELECT line, min(line) OVER (PARTITION BY masshealth_id) AS first_line FROM staged_members) AS staged
WHERE line > first_line ORDER BY line
"""
_HOUSEHOLDS = """
INSERT INTO accounts_household (number, created_at)
SELECT DISTINCT household, now() FROM staged_members ON CONFLICT (number) DO NOTHING
"""
_MEMBERS = """
WITH written AS (
    INSERT INTO accounts_member AS old (
        household_id, masshealth_id, first_name, last_name, search_name, date_of_birth, responsible,
        coverage_type, coverage_status, coverage_start, updated_at)
    SELECT household.id, masshealth_id, first_name, last_name, search_name, date_of_birth, responsible,
        coverage_type, coverage_status, coverage_start, now()
    FROM staged_members JOIN accounts_household AS household ON household.number = staged_members.household
    ORDER BY line
    ON CONFLICT (masshealth_id) DO UPDATE SET
        household_id = EXCLUDED.household_id, first_name = EXCLUDED.first_name, last_name = EXCLUDED.last_name,
        search_name = EXCLUDED.search_name, date_of_birth = EXCLUDED.date_of_birth,
        responsible = EXCLUDED.responsible, coverage_type = EXCLUDED.coverage_type,
        coverage_status = EXCLUDED.coverage_status, coverage_start = EXCLUDED.coverage_start,
        updated_at = EXCLUDED.updated_at
    WHERE (old.household_id, old.first_name, old.last_name, old.search_name, old.date_of_birth, old.responsible,
        old.coverage_type, old.coverage_status, old.coverage_start)
        IS DISTINCT FROM
        (EXCLUDED.household_id, EXCLUDED.first_name, EXCLUDED.last_name, EXCLUDED.search_name,
        EXCLUDED.date_of_birth, EXCLUDED.responsible, EXCLUDED.coverage_type, EXCLUDED.coverage_status,
        EXCLUDED.coverage_start)
    RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
"""


def import_members(path: Path, *, dry_run: bool = False) -> Report:
    """Take the roster file whole or not at all. People whom it does not name stay as they are.

    The columns are those of MEMBER_HEADER. Raises OSError when the file cannot be read.
    """
    rows = read_rows(path, MEMBER_HEADER)
    with transaction.atomic():
        wait_for_others("import_members")
        stage("staged_members", _COLUMNS, _cells(rows, today=timezone.localdate()))
        rows.refused += line_errors(_TWICE)
        report = Report(refused=rows.refused) if rows.refused else _write()
        if dry_run:
            transaction.set_rollback(True)
    log.info("import_members: %d added, %d changed, %d refused", report.added, report.changed, len(report.refused))
    return report


def _write() -> Report:
    run_sql(_HOUSEHOLDS)
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS)
        added, changed = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM staged_members")
        (total,) = cursor.fetchone()
    return Report(added=added, changed=changed, unchanged=total - added - changed)


def _cells(rows: Rows, *, today: date) -> Iterator[tuple[Any, ...]]:
    readers = _readers(today)
    for line, row in rows:
        cells: list[Any] = [line]
        for column, read in readers.items():
            try:
                cells.append(read(row[column]))
            except ValueError as error:
                rows.refuse(line, column, str(error))
                cells.append(None)
        cells.append(comparable_name(f"{row['first_name']} {row['last_name']}")[:170])
        yield tuple(cells)


def _readers(today: date) -> dict[str, Callable[[str], Any]]:
    """Return how each column is read: text to value, or ValueError with the reason."""
    return {
        "household_id": partial(_text, longest=40),
        "masshealth_id": _masshealth_id,
        "first_name": partial(_name, longest=80),
        "last_name": partial(_name, longest=80),
        "date_of_birth": partial(_birth_date, today=today),
        "responsible": _yes_or_no,
        "coverage_type": partial(_text, longest=60),
        "coverage_status": partial(_text, longest=40),
        "coverage_start": lambda text: exact_day(text) if text else None,
    }


def _text(text: str, *, longest: int) -> str:
    if not text or len(text) > longest:
        raise ValueError(f"1 to {longest} characters are needed.")
    return text


def _name(text: str, *, longest: int) -> str:
    if not comparable_name(text):
        raise ValueError("A name with at least one letter is needed.")
    return _text(text, longest=longest)


def _masshealth_id(text: str) -> str:
    if not _TWELVE_DIGITS.fullmatch(text):
        raise ValueError("12 digits are needed.")
    return text


def _birth_date(text: str, *, today: date) -> date:
    day = exact_day(text)
    if not is_possible_birth_date(day, today=today):
        raise ValueError("A day in the last 125 years is needed.")
    return day


def _yes_or_no(text: str) -> bool:
    if text not in {"yes", "no"}:
        raise ValueError("yes or no is needed.")
    return text == "yes"

"""Takes in the agency's bills: the whole file or nothing, each changed bill as a new revision, all in set-based SQL."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from billing.services import cells
from billing.services.revising import lock_households, revise, rows_of
from portal.shared.imports import (
    LineError,
    Report,
    Rows,
    line_errors,
    read_rows,
    run_sql,
    stage,
    wait_for_others,
)
from portal.shared.references import new_reference

HEADER = (
    "bill_number",
    "household_id",
    "period",
    "issued_on",
    "due_on",
    "masshealth_id",
    "description",
    "amount",
)


def import_bills(*, path: Path, dry_run: bool = False) -> Report:
    """Take in a CSV file of bills, one row a bill line; return what was added, changed, unchanged or refused, in bills.

    With one refused line nothing is written. Raises OSError when the file cannot be read.
    """
    with transaction.atomic():
        wait_for_others("bills")
        rows = read_rows(path, HEADER)
        stage("staged_line", _COLUMNS, _staged(rows))
        report = Report(refused=rows.refused + _refused_lines())
        if not report.refused:
            report.refused = line_errors(_BELOW_ZERO)
        if not report.refused:
            run_sql("DROP TABLE IF EXISTS pg_temp.staged_bill")
            run_sql(_STAGE_BILLS)
            ((report.added, report.changed, report.unchanged),) = rows_of(_COUNTS)
        if not (report.refused or dry_run):
            _write(report.added)
    return report


# --- one row at a time ---------------------------------------------------------------------------------------------
_COLUMNS = {
    "bill_number": "text",
    "household_id": "text",
    "period": "date",
    "issued_on": "date",
    "due_on": "date",
    "masshealth_id": "text",
    "description": "text",
    "amount_cents": "bigint",
}


def _staged(rows: Rows) -> Iterator[tuple[Any, ...]]:
    """Yield the rows whose every cell can be read, and refuse the others by line and column."""
    for line, row in rows:
        values = cells.read(rows, line, row, _READERS)
        if {"issued_on", "due_on"} <= values.keys() and values["due_on"] < values["issued_on"]:
            rows.refuse(line, "due_on", "A bill cannot be due before it is issued.")
        elif len(values) == len(HEADER):
            yield (line, *values.values())


_READERS: cells.Readers = {
    "bill_number": cells.text(40),
    "household_id": cells.text(40),
    "period": cells.month,
    "issued_on": cells.day,
    "due_on": cells.day,
    "masshealth_id": cells.masshealth_id,
    "description": cells.text(200),
    "amount": cells.cents_of,
}


# --- all rows at once ----------------------------------------------------------------------------------------------
_CHECKS = (
    # a household or person whom the roster does not know, or a person of another household
    """
    SELECT s.line, 'household_id', 'The roster has no such household.'
    FROM staged_line s LEFT JOIN accounts_household h ON h.number = s.household_id WHERE h.id IS NULL
    """,
    """
    SELECT s.line, 'masshealth_id', 'The roster has no such MassHealth ID.'
    FROM staged_line s LEFT JOIN accounts_member m ON m.masshealth_id = s.masshealth_id
    WHERE s.masshealth_id <> '' AND m.id IS NULL
    """,
    """
    SELECT s.line, 'masshealth_id', 'This person belongs to another household.'
    FROM staged_line s JOIN accounts_household h ON h.number = s.household_id
    JOIN accounts_member m ON m.masshealth_id = s.masshealth_id WHERE m.household_id <> h.id
    """,
    """
    SELECT s.line, 'household_id', 'This bill was imported for another household.'
    FROM staged_line s JOIN accounts_household h ON h.number = s.household_id
    JOIN billing_bill b ON b.number = s.bill_number WHERE b.household_id <> h.id
    """,
    # lines of one bill that contradict its first line, or repeat another
    """
    SELECT s.line, d.name, 'Line ' || f.line || ' of the same bill says otherwise.'
    FROM staged_line s
    JOIN (SELECT DISTINCT ON (bill_number) * FROM staged_line ORDER BY bill_number, line) f USING (bill_number)
    CROSS JOIN LATERAL (VALUES ('household_id', s.household_id <> f.household_id), ('period', s.period <> f.period),
        ('issued_on', s.issued_on <> f.issued_on), ('due_on', s.due_on <> f.due_on)) AS d (name, differs)
    WHERE d.differs
    """,
    """
    SELECT line, '', 'Repeats line ' || first || '.' FROM (
        SELECT line, min(line) OVER (PARTITION BY bill_number, masshealth_id, description, amount_cents) AS first
        FROM staged_line) AS lines
    WHERE line <> first
    """,
)
_BELOW_ZERO = """
    SELECT s.line, 'amount', CASE WHEN s.cents < 0 THEN 'The lines of this bill add up to less than zero.'
        ELSE 'With the adjustments taken in for it, this bill adds up to less than zero.' END
    FROM (SELECT bill_number, min(line) AS line, sum(amount_cents) AS cents FROM staged_line GROUP BY bill_number) s
    LEFT JOIN LATERAL (
        SELECT sum(a.amount_cents) AS cents FROM billing_bill b JOIN billing_adjustment a ON a.bill_id = b.id
        WHERE b.number = s.bill_number
    ) a ON true WHERE least(s.cents, s.cents + coalesce(a.cents, 0)) < 0
"""

# What each bill of the file is to the ones we have. Lines are compared in any order; no text holds chr(31). Lines of
# adjustments are none of the file's: they are not compared, and stay.
_STAGE_BILLS = """
    CREATE TEMPORARY TABLE staged_bill ON COMMIT DROP AS
    WITH coming AS (
        SELECT bill_number AS number, min(household_id) AS household, min(period) AS period,
            min(issued_on) AS issued_on, min(due_on) AS due_on, sum(amount_cents)::bigint AS total_cents,
            array_agg(text ORDER BY text COLLATE "C") AS lines
        FROM (SELECT *, concat_ws(chr(31), masshealth_id, description, amount_cents) AS text FROM staged_line) AS s
        GROUP BY bill_number
    ), present AS (
        SELECT b.id, array_agg(l.text ORDER BY l.text COLLATE "C") AS lines
        FROM coming c JOIN billing_bill b ON b.number = c.number
        JOIN billing_billrevision r ON r.bill_id = b.id AND r.number = b.revision
        JOIN LATERAL (
            SELECT concat_ws(chr(31), coalesce(m.masshealth_id, ''), l.description, l.amount_cents) AS text
            FROM billing_billline l LEFT JOIN accounts_member m ON m.id = l.member_id
            WHERE l.revision_id = r.id AND l.adjustment_id IS NULL
        ) l ON true GROUP BY b.id
    )
    SELECT c.number, h.id AS household_id, c.period, c.issued_on, c.due_on, b.id IS NULL AS is_new,
        c.total_cents + coalesce((SELECT sum(amount_cents) FROM billing_adjustment WHERE bill_id = b.id), 0)::bigint
            AS total_cents,
        b.id IS NULL OR (b.period, b.issued_on, b.due_on, p.lines)
            IS DISTINCT FROM (c.period, c.issued_on, c.due_on, c.lines) AS is_due
    FROM coming c JOIN accounts_household h ON h.number = c.household
    LEFT JOIN billing_bill b ON b.number = c.number LEFT JOIN present p ON p.id = b.id
"""
_COUNTS = """
    SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE is_due AND NOT is_new),
        count(*) FILTER (WHERE NOT is_due) FROM staged_bill
"""


def _refused_lines() -> list[LineError]:
    return [error for check in _CHECKS for error in line_errors(check)]


# --- writing -------------------------------------------------------------------------------------------------------
_NEW_BILLS = """
    INSERT INTO billing_bill (number, reference, household_id, period, issued_on, due_on, total_cents, revision,
        created_at, notice_due)
    SELECT s.number, f.reference, s.household_id, s.period, s.issued_on, s.due_on, s.total_cents, 0, now(),
        s.due_on >= (now() AT TIME ZONE 'America/New_York')::date AND s.total_cents > 0
    FROM (SELECT *, row_number() OVER () AS place FROM staged_bill WHERE is_new) s
    LEFT JOIN (SELECT reference, row_number() OVER () AS place FROM
        (SELECT DISTINCT reference FROM staged_reference) AS fresh
        WHERE NOT EXISTS (SELECT FROM billing_bill b WHERE b.reference = fresh.reference)) f USING (place)
"""
_LINES = """
    INSERT INTO billing_billline (revision_id, position, member_id, description, amount_cents)
    SELECT r.id, row_number() OVER (PARTITION BY b.id ORDER BY l.line), m.id, l.description, l.amount_cents
    FROM staged_line l JOIN staged_bill s ON s.number = l.bill_number AND s.is_due
    JOIN billing_bill b ON b.number = s.number
    JOIN billing_billrevision r ON r.bill_id = b.id AND r.number = b.revision
    LEFT JOIN accounts_member m ON m.masshealth_id = l.masshealth_id
"""


def _write(new_bills: int) -> None:
    """Write the new and changed bills, then let money follow them, all under the households' locks."""
    lock_households()
    spare = new_bills // 1000 + 10  # for references that exist already
    stage("staged_reference", {"reference": "text"}, ((n, new_reference()) for n in range(new_bills + spare)))
    run_sql(_NEW_BILLS)
    revise(_LINES)

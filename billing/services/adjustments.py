"""Takes in what the agency adjusts on its bills: the whole file or nothing, each a line of its bill from then on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from billing.models import Adjustment
from billing.services import cells
from billing.services.revising import lock_households, revise, rows_of
from portal.shared.imports import Report, Rows, line_errors, read_rows, run_sql, stage, wait_for_others

HEADER = ("adjustment_id", "bill_number", "masshealth_id", "kind", "reason", "amount", "effective_on")


def import_adjustments(*, path: Path, dry_run: bool = False) -> Report:
    """Take in a CSV file of adjustments; return how many were added, unchanged (taken in before) or refused.

    An amount below zero lowers its bill. With one refused line nothing is written, and no bill ever goes below zero.
    Raises OSError when the file cannot be read.
    """
    with transaction.atomic():
        wait_for_others("bills")
        rows = read_rows(path, HEADER)
        stage("staged_adjustment", _COLUMNS, _staged(rows))
        report = Report(refused=rows.refused + [error for check in _CHECKS for error in line_errors(check)])
        if not report.refused:
            report.refused = line_errors(_BELOW_ZERO)
        if not report.refused:
            ((report.added, report.unchanged),) = rows_of(_COUNTS)
        if report.added and not (report.refused or dry_run):
            _write()
    return report


# --- one row at a time ---------------------------------------------------------------------------------------------
_COLUMNS = {
    "adjustment_id": "text",
    "bill_number": "text",
    "masshealth_id": "text",
    "kind": "text",
    "reason": "text",
    "amount_cents": "bigint",
    "effective_on": "date",
}


def _staged(rows: Rows) -> Iterator[tuple[Any, ...]]:
    """Yield the rows whose every cell can be read, and refuse the others by line and column."""
    for line, row in rows:
        values = cells.read(rows, line, row, _READERS)
        if {"kind", "amount"} <= values.keys() and values["amount"] > 0 and values["kind"] != _K.CORRECTION:
            rows.refuse(line, "amount", "Only a correction may raise a bill. A minus sign is needed, as -5.00.")
        elif len(values) == len(HEADER):
            yield (line, *values.values())


def _kind(cell: str) -> str:
    if cell not in Adjustment.Kind.values:
        raise ValueError(f"One of {', '.join(Adjustment.Kind.values)} is needed.")
    return cell


_K = Adjustment.Kind
_READERS: cells.Readers = {
    "adjustment_id": cells.text(40),
    "bill_number": cells.text(40),
    "masshealth_id": cells.masshealth_id,
    "kind": _kind,
    "reason": cells.text(200),
    "amount": cells.cents_of,
    "effective_on": cells.day,
}


# --- all rows at once ----------------------------------------------------------------------------------------------
_CHECKS = (
    """
    SELECT s.line, 'bill_number', 'No such bill was taken in.'
    FROM staged_adjustment s LEFT JOIN billing_bill b ON b.number = s.bill_number WHERE b.id IS NULL
    """,
    """
    SELECT s.line, 'masshealth_id', 'The roster has no such MassHealth ID.'
    FROM staged_adjustment s LEFT JOIN accounts_member m ON m.masshealth_id = s.masshealth_id
    WHERE s.masshealth_id <> '' AND m.id IS NULL
    """,
    """
    SELECT s.line, 'masshealth_id', 'This person does not belong to the household of the bill.'
    FROM staged_adjustment s JOIN billing_bill b ON b.number = s.bill_number
    JOIN accounts_member m ON m.masshealth_id = s.masshealth_id WHERE m.household_id <> b.household_id
    """,
    """
    SELECT line, 'adjustment_id', 'Line ' || first || ' has this adjustment_id too.' FROM (
        SELECT line, min(line) OVER (PARTITION BY adjustment_id) AS first FROM staged_adjustment) AS lines
    WHERE line <> first
    """,
    """
    SELECT s.line, 'adjustment_id', 'This adjustment was taken in with other contents. Send a new one: none is edited.'
    FROM staged_adjustment s JOIN billing_adjustment a ON a.number = s.adjustment_id
    JOIN billing_bill b ON b.id = a.bill_id LEFT JOIN accounts_member m ON m.id = a.member_id
    WHERE (b.number, coalesce(m.masshealth_id, ''), a.kind, a.reason, a.amount_cents, a.effective_on)
        IS DISTINCT FROM (s.bill_number, s.masshealth_id, s.kind, s.reason, s.amount_cents, s.effective_on)
    """,
)
_NEW = """
    staged_adjustment s JOIN billing_bill b ON b.number = s.bill_number
    WHERE NOT EXISTS (SELECT FROM billing_adjustment a WHERE a.number = s.adjustment_id)
"""
_BELOW_ZERO = f"""
    SELECT line, 'amount', 'This would take the bill below zero.' FROM (
        SELECT s.line, s.amount_cents, b.total_cents + sum(s.amount_cents) OVER (PARTITION BY b.id ORDER BY s.line)
            AS cents FROM {_NEW}) AS lines
    WHERE cents < 0 AND amount_cents < 0
"""  # noqa: S608 - our own words alone
_COUNTS = f"""
    SELECT count(*), (SELECT count(*) FROM staged_adjustment) - count(*) FROM {_NEW}
"""  # noqa: S608 - our own words alone
_STAGE_BILLS = f"""
    CREATE TEMPORARY TABLE staged_bill ON COMMIT DROP AS
    SELECT b.number, b.household_id, b.period, b.issued_on, b.due_on, false AS is_new, true AS is_due,
        (b.total_cents + sum(s.amount_cents))::bigint AS total_cents
    FROM {_NEW} GROUP BY b.id
"""  # noqa: S608 - our own words alone
_ADJUSTMENTS = f"""
    INSERT INTO billing_adjustment (number, bill_id, member_id, kind, reason, amount_cents, effective_on, imported_at)
    SELECT s.adjustment_id, b.id, (SELECT id FROM accounts_member m WHERE m.masshealth_id = s.masshealth_id),
        s.kind, s.reason, s.amount_cents, s.effective_on, now() FROM {_NEW} ORDER BY s.line
"""  # noqa: S608 - our own words alone
_LINES = """
    INSERT INTO billing_billline (revision_id, position, member_id, description, amount_cents)
    SELECT r.id, row_number() OVER (PARTITION BY b.id ORDER BY l.position), l.member_id, l.description, l.amount_cents
    FROM staged_bill s JOIN billing_bill b USING (number)
    JOIN billing_billrevision r ON r.bill_id = b.id AND r.number = b.revision
    JOIN billing_billrevision before ON before.bill_id = b.id AND before.number = b.revision - 1
    JOIN billing_billline l ON l.revision_id = before.id AND l.adjustment_id IS NULL
"""


def _write() -> None:
    """Write the new adjustments and their bills' next revisions, under the households' locks; money follows."""
    run_sql("DROP TABLE IF EXISTS pg_temp.staged_bill")
    run_sql(_STAGE_BILLS)
    lock_households()
    run_sql(_ADJUSTMENTS)
    revise(_LINES)

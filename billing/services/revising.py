"""Bills get a new revision, and money follows: what the imports of bills and of adjustments have in common.

Both stage a table `staged_bill` (number, household_id, period, issued_on, due_on, total_cents, is_new, is_due); what is
due gets a revision. A bill that is new is inserted before that with revision 0.
"""

from typing import Any

from django.db import connection

from billing.models import Bill
from billing.services.credits import move_excess, take_up
from portal.shared.imports import run_sql

_LOCK = """
    SELECT count(*) FROM (SELECT id FROM accounts_household
    WHERE id IN (SELECT household_id FROM staged_bill WHERE is_due) ORDER BY id FOR UPDATE) AS locked
"""
_BILLS = """
    UPDATE billing_bill b SET period = s.period, issued_on = s.issued_on, due_on = s.due_on,
        total_cents = s.total_cents, revision = b.revision + 1
    FROM staged_bill s WHERE s.number = b.number AND s.is_due
"""
_REVISIONS = """
    INSERT INTO billing_billrevision (bill_id, number, period, issued_on, due_on, total_cents, imported_at)
    SELECT b.id, b.revision, b.period, b.issued_on, b.due_on, b.total_cents, now()
    FROM staged_bill s JOIN billing_bill b USING (number) WHERE s.is_due
"""
_ADJUSTMENTS = """
    INSERT INTO billing_billline (revision_id, position, member_id, description, amount_cents, adjustment_id)
    SELECT r.id, (SELECT count(*) FROM billing_billline l WHERE l.revision_id = r.id)
        + row_number() OVER (PARTITION BY b.id ORDER BY a.id), a.member_id, a.reason, a.amount_cents, a.id
    FROM staged_bill s JOIN billing_bill b USING (number)
    JOIN billing_billrevision r ON r.bill_id = b.id AND r.number = b.revision
    JOIN billing_adjustment a ON a.bill_id = b.id WHERE s.is_due
"""
_LOWERED = """
    SELECT b.id FROM staged_bill s JOIN billing_bill b USING (number)
    JOIN billing_credit c ON c.bill_id = b.id AND c.status NOT IN ('released', 'reversed', 'superseded')
    WHERE s.is_due AND NOT s.is_new GROUP BY b.id HAVING sum(c.amount_cents) > b.total_cents
"""
_WITH_CREDIT = """
    SELECT DISTINCT household_id FROM billing_credit WHERE bill_id IS NULL AND status = 'settled'
        AND household_id IN (SELECT household_id FROM staged_bill WHERE is_due)
"""


def lock_households() -> None:
    """Lock the households whose bills are due for a revision. First in the lock order."""
    run_sql("ANALYZE staged_bill")
    run_sql(_LOCK)


def revise(lines: str) -> None:
    """Give each bill that is due its next revision, with the agency's `lines` (an INSERT) and then all adjustments.

    Money follows: what lies above a lowered total becomes credit of the household, and credit is taken up again.
    """
    for statement in (_BILLS, _REVISIONS, lines, _ADJUSTMENTS):
        run_sql(statement)
    for bill in Bill.objects.filter(pk__in=[pk for (pk,) in rows_of(_LOWERED)]):
        move_excess(bill=bill)
    for (household_id,) in rows_of(_WITH_CREDIT):
        take_up(household=household_id)


def rows_of(sql: str) -> list[Any]:
    """Return what a query over staged rows finds."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())

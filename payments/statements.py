"""A household's account, entry by entry: what was charged, what was paid, what went back, and the balance after each.

A bill counts from the day on which it was issued; what the agency changes on it later, from the day on which that came
in. Money counts from the day on which it was posted: when it has arrived, and when it went back. So money on its way
is no entry. The balance after the last entry is what is left to pay, with what is on its way to a bill or looked into
by a card's bank, less the household's credit.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from accounts.models import Household

GROUPS = {
    "charges": ("bill", "change", "correction"),
    "credits": ("waiver", "credit", "write_off"),
    "payments": ("payment",),
    "back": ("return", "refund", "dispute"),
}
_RANKS = 4  # at one moment: bills, then their changes, then adjustments, then money
_ENTRIES = """
WITH revision AS (
    SELECT r.id, r.bill_id, r.imported_at, r.issued_on, r.total_cents - coalesce((
        SELECT sum(l.amount_cents) FROM billing_billline l WHERE l.revision_id = r.id AND l.adjustment_id IS NOT NULL
    ), 0) AS cents, lag(r.id) OVER byage AS before_id
    FROM billing_billrevision r JOIN billing_bill b ON b.id = r.bill_id WHERE b.household_id = %(household)s
    WINDOW byage AS (PARTITION BY r.bill_id ORDER BY r.number)
), entry AS (
    SELECT issued_on::timestamp AT TIME ZONE 'America/New_York' AS at, 1 AS rank, id, 'bill' AS kind, cents,
        bill_id, NULL::bigint AS payment_id, '' AS reason
    FROM revision WHERE before_id IS NULL
    UNION ALL
    SELECT now.imported_at, 2, now.id, 'change', now.cents - before.cents, now.bill_id, NULL, ''
    FROM revision now JOIN revision before ON before.id = now.before_id WHERE now.cents <> before.cents
    UNION ALL
    SELECT a.imported_at, 3, a.id, a.kind, a.amount_cents, a.bill_id, NULL, a.reason
    FROM billing_adjustment a JOIN billing_bill b ON b.id = a.bill_id WHERE b.household_id = %(household)s
    UNION ALL
    SELECT min(g.posted_at), 4, min(g.id), min(g.kind), -sum(g.amount_cents), NULL, g.payment_id, ''
    FROM payments_posting g JOIN payments_payment p ON p.id = g.payment_id
    WHERE p.household_id = %(household)s GROUP BY g.payment_id, g.cause
), balanced AS (
    SELECT *, (at AT TIME ZONE 'America/New_York')::date AS day_on,
        sum(cents) OVER (ORDER BY at, rank, id) AS balance_cents
    FROM entry
)
"""
_PAGE = """
SELECT e.at, e.rank, e.id, e.day_on, e.kind, e.cents::bigint, e.balance_cents::bigint, e.reason,
    coalesce(b.reference, ''), coalesce(b.number, ''), b.period, coalesce(p.reference, '')
FROM balanced e LEFT JOIN billing_bill b ON b.id = e.bill_id LEFT JOIN payments_payment p ON p.id = e.payment_id
WHERE (%(year)s IS NULL OR extract(year FROM e.day_on) = %(year)s)
    AND (%(kinds)s IS NULL OR e.kind = ANY(%(kinds)s))
    AND (%(at)s::timestamptz IS NULL OR (e.at, e.rank, e.id) < (%(at)s, %(rank)s, %(id)s))
ORDER BY e.at DESC, e.rank DESC, e.id DESC LIMIT %(count)s
"""
_YEARS = "SELECT extract(year FROM day_on)::int, sum(cents)::bigint FROM balanced GROUP BY 1 ORDER BY 1 DESC"


@dataclass(frozen=True)
class Entry:
    """One entry; cents above zero are charged or went back, below zero they were paid or taken off a bill."""

    at: datetime
    rank: int
    id: int
    day_on: date
    kind: str
    cents: int
    balance_cents: int
    reason: str
    bill_reference: str
    bill_number: str
    period: date | None
    payment_reference: str

    @property
    def place(self) -> str:
        """The entry's place in the account, as `entries_for` takes it."""
        return f"{self.at.isoformat()}~{self.rank}~{self.id}"


def entries_for(
    household: Household, *, year: int | None = None, group: str = "", before: str = "", count: int | None = None
) -> list[Entry]:
    """Return entries, newest first, each with the household's balance after it, in cents.

    `year` and `group` (of GROUPS) narrow the list and change no balance; `before` is the place to go on from.
    """
    place = _place_in(before)
    asked: dict[str, Any] = {"household": household.pk, "year": year, "count": count}
    asked |= {"kinds": list(GROUPS[group]) if group else None} | dict(zip(("at", "rank", "id"), place, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES + _PAGE, asked)
        return [Entry(*row) for row in cursor.fetchall()]


def years_for(household: Household) -> dict[int, int]:
    """Return the years that have entries, newest first, each with the sum of its cents; all sums are the balance."""
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES + _YEARS, {"household": household.pk})
        return dict(cursor.fetchall())


def _place_in(text: str) -> tuple[datetime, int, int] | tuple[None, None, None]:
    """Return the place that an address names; none, the beginning, when it names none."""
    try:
        at, rank, pk = text.split("~")
        moment, ranks, number = datetime.fromisoformat(at), int(rank), int(pk)
    except ValueError:
        return None, None, None
    is_place = moment.tzinfo is not None and 0 < ranks <= _RANKS and 0 < number < 2**63
    return (moment, ranks, number) if is_place else (None, None, None)

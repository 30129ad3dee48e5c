"""What a bill's amounts mean: its standing, the order of payment, the limit, and what changed. Pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

K = TypeVar("K")


class Standing(StrEnum):
    """Where a bill stands today. Computed, never stored, so that it cannot drift from the money."""

    PAID = "paid"
    IN_PROGRESS = "in progress"  # money on its way, or looked into by a bank, covers the rest
    DUE = "due"
    OVERDUE = "overdue"


def standing(total_cents: int, settled_cents: int, open_cents: int, due_on: date, today: date) -> Standing:
    """Return where a bill stands; settled cents are paid, open ones held or disputed. The due day itself is in time."""
    if settled_cents >= total_cents:
        return Standing.PAID
    if settled_cents + open_cents >= total_cents:
        return Standing.IN_PROGRESS
    return Standing.OVERDUE if due_on < today else Standing.DUE


def split(amount_cents: int, payables: Sequence[tuple[K, int]]) -> list[tuple[K | None, int]]:
    """Return which bill gets how many cents: `payables` in their order (oldest first), the rest to None.

    Oldest first by due date is the order of payment that domain.md names (*Payment order*).
    """
    parts: list[tuple[K | None, int]] = []
    rest = amount_cents
    for key, payable_cents in payables:
        part = min(rest, payable_cents)
        if part > 0:
            parts.append((key, part))
            rest -= part
    if rest > 0:
        parts.append((None, rest))
    return parts


def ahead_limit(newest_total_cents: int, unplaced_cents: int, held_cents: int, months: int) -> int:
    """Return the cents that may be paid beyond what is owed: `months` times the newest bill, less what is ahead.

    While money is on its way nothing may be paid ahead: a second try in another tab is then never taken for it.
    """
    if held_cents > 0:
        return 0
    return max(0, newest_total_cents * months - unplaced_cents)


AFTER, AFTER_DAYS = -3, 3  # the one reminder after the due date, and so many days after
LATE_BY = 1  # days that a reminder may come too late, should nothing have run on its day


def reminder_on(today: date, *, due_on: date, days_before: Iterable[int]) -> int | None:
    """Return which reminder a bill asks for today: its days before the due date, AFTER, or None.

    One whose day was missed still goes out the day after, and then no more.
    """
    left = (due_on - today).days
    for days in [*sorted(days_before), AFTER]:
        if days - LATE_BY <= left <= days:
            return days
    return None


def schedule(owed_cents: int, each_cents: int, day: int, today: date) -> list[tuple[date, int]]:
    """Return the days and cents that a debt takes in monthly parts, from the next such day on; the last is the rest.

    `day` is 1 to 28, both amounts are above zero.
    """
    first = today.year * 12 + today.month - 1 + (today.day >= day)
    count = -(-owed_cents // each_cents)
    parts = [min(each_cents, owed_cents - each_cents * number) for number in range(count)]
    return [(date((first + n) // 12, (first + n) % 12 + 1, day), cents) for n, cents in enumerate(parts)]


@dataclass(frozen=True)
class Line:
    """One line of a bill, as it is compared with last month's."""

    person: str
    description: str
    amount_cents: int


@dataclass(frozen=True)
class Change:
    """One difference between two months; None means that the line was not there."""

    person: str
    description: str
    before_cents: int | None
    now_cents: int | None


def changes(before: Iterable[Line], now: Iterable[Line]) -> list[Change]:
    """Return what differs between two bills, by person and description, in the order of the lines."""
    old, new = _sums(before), _sums(now)
    keys = [*new, *(key for key in old if key not in new)]
    return [Change(*key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)]


def _sums(lines: Iterable[Line]) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for line in lines:
        key = (line.person, line.description)
        sums[key] = sums.get(key, 0) + line.amount_cents
    return sums

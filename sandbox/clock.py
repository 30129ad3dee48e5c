"""The sandbox's own time: real time plus what was skipped, US bank days, and alarms that go off on the way."""

import contextlib
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from sandbox.errors import ApiError
from sandbox.store import store

EASTERN = ZoneInfo("America/New_York")
DAY = 86_400  # seconds
ALARMS: dict[str, Callable[[str], None]] = {}
Steps = TypeVar("Steps", bound=Callable[..., None])


def now() -> int:
    """Return the sandbox's time as unix seconds (UTC)."""
    return int(time.time() + store.meta("skipped", 0))


def today() -> date:
    """Return the sandbox's date in US Eastern time, where the banks are."""
    return datetime.fromtimestamp(now(), UTC).astimezone(EASTERN).date()


@cache
def _holidays(year: int) -> frozenset[date]:
    """Return the Federal Reserve's holidays of a year: from Sunday they move to Monday, from Saturday not at all."""
    import holidays  # noqa: PLC0415 (slow to load, and few starts need it)

    return frozenset(holidays.financial_holidays("XFED", years=year))


def is_bank_day(day: date) -> bool:
    """Say whether US banks settle on this day."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def bank_day_after(start: int, days: int) -> int:
    """Return the unix second (noon Eastern) of the bank day that is so many bank days after `start`."""
    day = datetime.fromtimestamp(start, UTC).astimezone(EASTERN).date()
    while days > 0:
        day += timedelta(days=1)
        days -= is_bank_day(day)
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=EASTERN).timestamp())


def alarm(kind: str) -> Callable[[Steps], Steps]:
    """Register what happens when an alarm of this kind goes off for an object id."""

    def keep(function: Steps) -> Steps:
        ALARMS[kind] = function
        return function

    return keep


def set_alarm(kind: str, object_id: str, due: int) -> None:
    """Let something happen to an object at a unix second of the sandbox's time."""
    store.insert("timers", due=due, kind=kind, object=object_id)


def drop_alarms(object_id: str, kind: str = "") -> None:
    """Forget an object's alarms, all or those of one kind."""
    store.rows("DELETE FROM timers WHERE object = ? AND (kind = ? OR ? = '')", object_id, kind, kind)


def advance_to(target: int) -> int:
    """Move the clock forward, setting off every alarm at its own moment. Returns the new time."""
    with store.change():
        while rows := store.rows("SELECT * FROM timers WHERE due <= ? ORDER BY due, id LIMIT 1", target):
            row = rows[0]
            store.rows("DELETE FROM timers WHERE id = ?", row["id"])
            if row["due"] > now():
                _set(row["due"])
            with contextlib.suppress(ApiError):  # what it was set for has ended in another way
                ALARMS[row["kind"]](row["object"])
        if target > now():
            _set(target)
    return now()


def advance(*, hours: float = 0, days: float = 0, business_days: int = 0) -> int:
    """Move the clock forward by calendar time, or to just after the settlement of a later bank day."""
    target = now() + int(hours * 3600 + days * DAY)
    if business_days:
        target = max(target, bank_day_after(now(), business_days) + 60)
    return advance_to(target)


def run_due() -> None:
    """Set off the alarms that real time has reached."""
    if store.rows("SELECT 1 FROM timers WHERE due <= ? LIMIT 1", now()):
        advance_to(now())


def _set(moment: int) -> None:
    store.set_meta("skipped", moment - time.time())

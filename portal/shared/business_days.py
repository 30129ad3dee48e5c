"""Days on which banks move money: the Federal Reserve's calendar."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

SATURDAY = 5


@lru_cache(maxsize=64)
def _fed_holidays(year: int) -> frozenset[date]:
    """Return a year's holidays of the Federal Reserve: from Sunday they move to Monday, from Saturday not at all."""
    named = holidays.country_holidays("US", years=year, observed=False)
    federal = {
        "New Year's Day",
        "Martin Luther King Jr. Day",
        "Washington's Birthday",
        "Memorial Day",
        "Juneteenth National Independence Day",
        "Independence Day",
        "Labor Day",
        "Columbus Day",
        "Veterans Day",
        "Thanksgiving Day",
        "Christmas Day",
    }
    days = {day for day, name in named.items() if name in federal}
    return frozenset(day + timedelta(days=1) if day.weekday() == SATURDAY + 1 else day for day in days)


def is_business_day(day: date) -> bool:
    """Return whether the Federal Reserve's payment services are open on this day."""
    return day.weekday() < SATURDAY and day not in _fed_holidays(day.year)


def subtract_business_days(day: date, count: int) -> date:
    """Return the day that is `count` business days before `day`; 0 gives the day itself or the last open one."""
    while not is_business_day(day):
        day -= timedelta(days=1)
    for _ in range(count):
        day -= timedelta(days=1)
        while not is_business_day(day):
            day -= timedelta(days=1)
    return day


def add_business_days(day: date, count: int) -> date:
    """Return the day that is `count` business days after `day`; 0 gives the day itself or the next open one."""
    while not is_business_day(day):
        day += timedelta(days=1)
    for _ in range(count):
        day += timedelta(days=1)
        while not is_business_day(day):
            day += timedelta(days=1)
    return day

"""What the cells of the agency's files may hold. Each reader raises ValueError with a reason to show."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from portal.shared.imports import Rows, exact_day

_AMOUNT = re.compile(r"(-?)([0-9]{1,7})\.([0-9]{2})")
_MASSHEALTH_ID = re.compile(r"(?:[0-9]{12})?")


Readers = dict[str, Callable[[str], Any]]


def read(rows: Rows, line: int, row: dict[str, str], readers: Readers) -> dict[str, Any]:
    """Return the values of those cells of a line that can be read; refuse the others by line and column."""
    values: dict[str, Any] = {}
    for column, reader in readers.items():
        try:
            values[column] = reader(row[column])
        except ValueError as error:
            rows.refuse(line, column, str(error))
    return values


def text(longest: int) -> Callable[[str], str]:
    """Return a reader of text with 1 to `longest` characters."""

    def reader(cell: str) -> str:
        if not 0 < len(cell) <= longest:
            raise ValueError(f"1 to {longest} characters are needed.")
        return cell

    return reader


def masshealth_id(cell: str) -> str:
    """Return 12 digits, or '' for the whole household."""
    if not _MASSHEALTH_ID.fullmatch(cell):
        raise ValueError("12 digits are needed, or nothing for a line of the whole household.")
    return cell


def cents_of(cell: str) -> int:
    """Return the cents of dollars with two decimals, never zero, perhaps below."""
    match = _AMOUNT.fullmatch(cell)
    if not match:
        raise ValueError("Dollars with two decimals are needed, as 24.00 or -5.00: no commas, signs or exponents.")
    cents = int(match[2] + match[3])
    if not cents:
        raise ValueError("An amount other than zero is needed.")
    return -cents if match[1] else cents


@lru_cache(maxsize=1024)
def day(cell: str) -> date:
    """Return a real day."""
    return exact_day(cell)


@lru_cache(maxsize=1024)
def month(cell: str) -> date:
    """Return the first day of a real month."""
    try:
        return exact_day(f"{cell}-01")
    except ValueError:
        raise ValueError("A real month as YYYY-MM is needed.") from None

"""Dollars as people write them, cents as the portal keeps them."""

import re

_TYPED = re.compile(r"\$?\s*((?:\d{1,3}(?:,\d{3})+|\d+)?)(?:\.(\d{0,2}))?", re.ASCII)
MAX_CENTS = 99_999_999  # the gateway's largest amount


class NotAnAmount(ValueError):
    """What was typed is not an amount of dollars and cents."""


def usd(cents: int) -> str:
    """Return cents as US dollars: 123450 -> '$1,234.50', -5 -> '-$0.05'."""
    sign = "-" if cents < 0 else ""
    dollars, rest = divmod(abs(cents), 100)
    return f"{sign}${dollars:,}.{rest:02d}"


def parse_usd(text: str) -> int:
    """Return the cents of an amount typed by a person: '24', '$1,234.50', ' 7.5 '.

    Raises NotAnAmount for anything else, negative amounts and more than two decimals included.
    """
    match = _TYPED.fullmatch(text.strip())
    if not match or not (match[1] or match[2]) or len(match[1]) > 12:
        raise NotAnAmount(text)
    return int(match[1].replace(",", "") or "0") * 100 + int((match[2] or "").ljust(2, "0"))

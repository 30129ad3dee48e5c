"""What a cell of a file may hold."""

from portal.shared.files import safe_cell

__all__ = ["dollars", "safe_cell"]


def dollars(cents: int) -> str:
    """Return cents as plain dollars: 2400 -> '24.00', -5 -> '-0.05'."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"

"""What the agency does: it sends bills, and changes them while money is on its way."""

import csv
from datetime import date, timedelta
from typing import Any

from billing.services import BILL_HEADER, import_bills
from tests.simulation.process import Broken

__all__ = ["bill"]


def bill(world: Any, *, rows: list[tuple[int, int, int]]) -> None:
    """Import a file: for each (household, month, cents) its bill, new or changed; 0 cents waives it."""
    path = world.folder / "bills.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(BILL_HEADER)
        for row in rows:
            writer.writerows(_lines(*row))
    report = import_bills(path=path)
    if report.refused:
        raise Broken("the agency's file is taken", str(report.refused))


def _lines(household: int, month: int, cents: int) -> list[list[Any]]:
    issued_on = date(2026, 9, 1) + timedelta(days=31 * month)
    head = [f"B-{household}-{month}", f"H-{household}", f"{issued_on:%Y-%m}", issued_on, issued_on + timedelta(days=30)]
    premium = [*head, "", "Premium", f"{max(cents, 100) // 100}.{max(cents, 100) % 100:02d}"]
    return [premium] if cents else [premium, [*head, "", "Waiver", "-1.00"]]

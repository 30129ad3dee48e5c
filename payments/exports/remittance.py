"""The day's remittance for the agency's accounting: the same file for the same day, byte for byte, for ever.

It is made of postings alone, which are written when money moves and never changed. Format: docs/remittance.md.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import IO

from django.utils import timezone

from payments import selectors
from payments.exports.cells import dollars, safe_cell
from payments.models import Posting
from payments.rules import EASTERN

FORMAT = 1
CLOCKS_AGREE_WITHIN = timedelta(minutes=10)  # a day is over only when it is over on every machine
HEADER = (
    "record",
    "day",
    "line",
    "kind",
    "confirmation_number",
    "household_number",
    "applied_to",
    "bill_number",
    "method",
    "amount_cents",
    "amount_dollars",
)


class NotOver(Exception):
    """More may still happen on this day."""


@dataclass
class Remittance:
    """One day's lines and, once they are written, their control totals: kind -> [count, cents]."""

    day: date
    totals: dict[str, list[int]] = field(default_factory=lambda: {kind: [0, 0] for kind in Posting.Kind.values})

    @property
    def count(self) -> int:
        return sum(count for count, _ in self.totals.values())

    @property
    def total_cents(self) -> int:
        return sum(cents for _, cents in self.totals.values())

    def write_csv(self, out: IO[str]) -> None:
        """Write a header, one line a bill part, and the control totals."""
        writer = csv.DictWriter(out, HEADER, lineterminator="\n", restval="")
        writer.writeheader()
        for row in self._rows():
            row["household_number"] = safe_cell(str(row["household_number"]))
            row["bill_number"] = safe_cell(str(row["bill_number"]))
            writer.writerow({"record": "detail", "day": self.day, **row})
        for total in self._totals():
            writer.writerow({"record": "total", "day": self.day, **total})

    def write_json(self, out: IO[str]) -> None:
        """Write the same as one line of JSON."""
        out.write(f'{{"format": {FORMAT}, "day": "{self.day}", "lines": [')
        for row in self._rows():
            out.write(("" if row["line"] == 1 else ", ") + json.dumps(row))
        out.write(f'], "totals": {json.dumps(list(self._totals()))}}}\n')

    def _rows(self) -> Iterator[dict[str, str | int]]:
        for number, posting in enumerate(selectors.postings_on(self.day), start=1):
            self.totals[posting.kind][0] += 1
            self.totals[posting.kind][1] += posting.amount_cents
            yield {
                "line": number,
                "kind": posting.kind,
                "confirmation_number": posting.payment.reference,
                "household_number": posting.household_number,
                "applied_to": "bill" if posting.bill_number else "household_credit",
                "bill_number": posting.bill_number,
                "method": posting.method,
                "amount_cents": posting.amount_cents,
                "amount_dollars": dollars(posting.amount_cents),
            }

    def _totals(self) -> Iterator[dict[str, str | int]]:
        sums = {**self.totals, "all": [self.count, self.total_cents]}
        for kind, (count, cents) in sums.items():
            yield {"line": count, "kind": kind, "amount_cents": cents, "amount_dollars": dollars(cents)}


def remittance_of(day: date) -> Remittance:
    """Return a day's remittance. Raises NotOver while something may still happen on the (Eastern) day."""
    following = day + timedelta(days=1)
    midnight = datetime(following.year, following.month, following.day, tzinfo=EASTERN)
    if timezone.now() < midnight + CLOCKS_AGREE_WITHIN:
        raise NotOver(day)
    return Remittance(day)

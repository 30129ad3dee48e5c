"""Changes of contact details as a file for the agency: the same bytes for the same batch, for ever.

It is made of the history alone, which nobody can change, and of the MassHealth ID. Format: docs/contact-changes.md.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import IO, Any

from accounts.models import CONTACT_FIELDS, ContactChange, ContactKind
from portal.shared.files import safe_cell

FORMAT = 1
_VALUES = tuple(name for kind in ContactKind for name in CONTACT_FIELDS[kind])
HEADER = ("batch", "line", "change", "masshealth_id", "kind", "asked_at", "proved_at", "counts_at", *_VALUES)
OLD = tuple(f"old_{name}" for name in _VALUES)


def write_contact_csv(number: int, changes: Iterable[ContactChange], out: IO[str]) -> int:
    """Write a header and one line a change; return how many. `number` is the batch's."""
    writer = csv.DictWriter(out, (*HEADER, *OLD), lineterminator="\n", restval="")
    writer.writeheader()
    count = 0
    for row in _rows(number, changes):
        old, new = row.pop("old"), row.pop("new")
        values = new | {f"old_{name}": value for name, value in old.items()}
        writer.writerow(row | {name: _cell(value) for name, value in values.items()})
        count += 1
    return count


def write_contact_json(number: int, changes: Iterable[ContactChange], out: IO[str]) -> int:
    """Write the same as one line of JSON; return how many changes."""
    rows = list(_rows(number, changes))
    out.write(json.dumps({"format": FORMAT, "batch": number, "changes": rows}) + "\n")
    return len(rows)


def _rows(number: int, changes: Iterable[ContactChange]) -> Iterator[dict[str, Any]]:
    for line, change in enumerate(changes, start=1):
        yield {
            "batch": number,
            "line": line,
            "change": change.pk,
            "masshealth_id": change.user.member.masshealth_id if change.user.member else "",
            "kind": change.kind,
            "asked_at": _moment(change.asked_at),
            "proved_at": _moment(change.proved_at),
            "counts_at": _moment(change.counts_at),
            "new": change.new,
            "old": change.old,
        }


def _cell(value: Any) -> str:
    """Return one cell: yes or no, an address's lines in one, a phone number without its plus, nothing to be run."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = " / ".join(str(value).splitlines())
    digits = text.removeprefix("+")
    return digits if digits.isascii() and digits.isdigit() else safe_cell(text)


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""

"""Taking in a CSV file whole or not at all: reading, naming refused lines, staging by COPY, reporting.

How a room uses it, inside one transaction:

    rows = read_rows(path, HEADER)  # lines that cannot be read are collected in rows.refused
    stage("staged_things", {"number": "text"}, cells)  # a generator over rows; rows.refuse(line, column, reason)
    rows.refused += line_errors("SELECT line, 'number', 'Used twice.' FROM staged_things ...")
    if rows.refused: roll back, and return Report(refused=rows.refused)
    ... INSERT ... SELECT ... ON CONFLICT ..., and return Report(added=..., changed=..., unchanged=...)

Its command is a subclass of ImportCommand with `help` and `take(path, dry_run=...) -> Report`.
Reasons never repeat a value: what a command prints ends up in logs.
"""

import csv
import json
import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection
from tqdm import tqdm

_CONTROL = re.compile("[\x00-\x1f\x7f]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BOM = b"\xef\xbb\xbf"
DONE, SOME_REFUSED, COULD_NOT_RUN = 0, 1, 2  # exit statuses


@dataclass(frozen=True)
class LineError:
    """Why one line was refused: counted from 1, the header included; `column` is empty for the whole line."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}{f', {self.column}' if self.column else ''}: {self.reason}"


@dataclass
class Report:
    """What an import did, in rows of the file's own kind; with anything refused it did nothing."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[LineError] = field(default_factory=list)

    @property
    def exit_status(self) -> int:
        return SOME_REFUSED if self.refused else DONE

    def as_json(self, *, dry_run: bool = False) -> str:
        """Return the report as one line of JSON."""
        return json.dumps(asdict(self) | {"dry_run": dry_run})

    def as_text(self, *, dry_run: bool = False) -> str:
        """Return the report for a person."""
        if self.refused:
            lines = len({error.line for error in self.refused})
            head = f"Nothing was taken: {lines} {'line is' if lines == 1 else 'lines are'} refused."
            return "\n".join([head, *map(str, sorted(self.refused, key=lambda error: error.line))])
        done = f"{self.added} added, {self.changed} changed, {self.unchanged} unchanged."
        if not self.added and not self.changed:
            done += " Nothing changed."
        return f"Tried, nothing written: {done}" if dry_run else done


class Rows:
    """The rows of one CSV file as (line number, column -> text), and the errors of lines that are none."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path, self.header = path, tuple(header)
        self.refused: list[LineError] = []

    def refuse(self, line: int, column: str, reason: str) -> None:
        """Name one line as refused; a reason says what is asked for and never repeats the value."""
        self.refused.append(LineError(line, column, reason))

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        with (
            self.path.open("rb") as file,
            tqdm(total=self.path.stat().st_size, unit="B", unit_scale=True, leave=False, disable=None) as bar,
        ):
            if not self._has_header(file.readline()):
                return
            for number, raw in enumerate(file, start=2):
                bar.update(len(raw))
                cells = self._cells(number, raw)
                if cells is not None:
                    yield number, dict(zip(self.header, cells, strict=True))

    def _has_header(self, raw: bytes) -> bool:
        if not raw:
            self.refuse(1, "", "The file is empty.")
        elif raw.startswith(_BOM):
            self.refuse(1, "", "The file starts with a byte order mark (BOM). Save it as UTF-8 without one.")
        elif raw.rstrip(b"\r\n") != ",".join(self.header).encode():
            self.refuse(1, "", f"The header must be: {','.join(self.header)}")
        return not self.refused

    def _cells(self, number: int, raw: bytes) -> list[str] | None:
        """Return the cells of one line without outer spaces, or None once the line is refused."""
        reason = ""
        try:
            text = raw.decode().removesuffix("\n").removesuffix("\r")
            cells = next(csv.reader([text], strict=True), [])
            if not raw.endswith(b"\n"):
                reason = "The last line has no line end: the file may be cut off."
            elif len(cells) != len(self.header):
                reason = f"{len(self.header)} columns are needed, this line has {len(cells)}."
            elif _CONTROL.search(text):
                reason = "A control character is not allowed."
        except UnicodeDecodeError:
            reason = "This line is not UTF-8."
        except csv.Error:
            reason = "A quotation mark is not closed, or stands where it may not."
        if reason:
            self.refuse(number, "", reason)
            return None
        return [cell.strip() for cell in cells]


def read_rows(path: Path, header: Sequence[str]) -> Rows:
    """Return the rows of a UTF-8 CSV file whose first line is exactly `header`; one line is one row.

    Raises OSError, when iterated, if the file cannot be read.
    """
    return Rows(path, header)


def exact_day(text: str) -> date:
    """Return the day written YYYY-MM-DD in ASCII digits. Raises ValueError with a reason to show."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError("A real day as YYYY-MM-DD is needed.")


def stage(table: str, columns: dict[str, str], cells: Iterable[tuple[Any, ...]]) -> None:
    """COPY rows into a fresh temporary table: its columns are `line` and then `columns` (name -> SQL type).

    Each tuple is (line, value, ...); None becomes NULL. Must run in a transaction, with which the table goes.
    """
    named = "".join(f", {name} {kind}" for name, kind in columns.items())
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        cursor.execute(f"CREATE TEMPORARY TABLE {table} (line integer{named}) ON COMMIT DROP")
        stream = _CopyStream(cells)
        with connection.wrap_database_errors:  # Django does this for the other ways to ask
            cursor.copy_expert(f"COPY {table} FROM STDIN", stream)
        if stream.error:
            raise stream.error
        cursor.execute(f"ANALYZE {table}")


def line_errors(sql: str, params: Sequence[Any] = ()) -> list[LineError]:
    """Return the errors that a query over staged rows finds; it must select line, column, reason."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [LineError(*row) for row in cursor.fetchall()]


def run_sql(sql: str, params: Sequence[Any] = ()) -> int:
    """Run one statement over staged rows and return how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def wait_for_others(name: str) -> None:
    """Let one import of this name run at a time, until the transaction ends."""
    run_sql("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])


class ImportCommand(BaseCommand):
    """A command `FILE [--dry-run] [--json]` that takes a file whole or not at all.

    Exit status: 0 taken, 1 some lines refused and nothing written, 2 could not run.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="UTF-8 CSV with a header")
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
        parser.add_argument("--json", action="store_true", help="one line of JSON instead of words")

    @abstractmethod
    def take(self, path: Path, *, dry_run: bool) -> Report:
        """Import the file, in one transaction."""

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = self.take(options["file"], dry_run=options["dry_run"])
        except (OSError, OperationalError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            if options["json"]:
                self.stdout.write(json.dumps({"error": reason}))
            raise CommandError(f"Could not run: {reason}", returncode=COULD_NOT_RUN) from error
        show = report.as_json if options["json"] else report.as_text
        self.stdout.write(show(dry_run=options["dry_run"]))
        if report.exit_status:
            raise SystemExit(report.exit_status)


class _CopyStream:
    """A file-like view of rows in COPY's text format, made while PostgreSQL reads it.

    What goes wrong while making a row ends the stream and is kept in `error`: the driver would hide it.
    """

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self.lines = map(_copy_line, rows)
        self.error: Exception | None = None

    def read(self, size: int = 8192) -> str:
        parts: list[str] = []
        length = 0
        try:
            for line in self.lines:
                parts.append(line)
                length += len(line)
                if length >= size:
                    break
        except Exception as error:  # raised again by stage()
            self.error, parts = error, []
        return "".join(parts)


def _copy_line(row: tuple[Any, ...]) -> str:
    return "\t".join(map(_copy_cell, row)) + "\n"


def _copy_cell(value: Any) -> str:
    return r"\N" if value is None else str(value).replace("\\", r"\\")

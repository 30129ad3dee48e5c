"""`export_payments --day YYYY-MM-DD`: the day's remittance for the agency's accounting."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from payments import exports, services
from portal.shared.imports import COULD_NOT_RUN, exact_day


class Command(BaseCommand):
    help = (
        "Write the remittance of one Eastern day that is over: one line a cleared bill part, and control totals. "
        "The same day gives the same file for ever. Exit status: 0 written, 2 could not run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", required=True, metavar="YYYY-MM-DD")
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="not standard output; written whole or not at all"
        )
        parser.add_argument("--json", action="store_true", help="one line of JSON instead of CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.ending = ""
        try:
            remittance = exports.remittance_of(exact_day(options["day"]))
            services.wait_for_postings()
            with _opened(options["output"], self.stdout) as out:
                (remittance.write_json if options["json"] else remittance.write_csv)(out)
        except exports.NotOver as error:
            raise CommandError("That day is not over yet.", returncode=COULD_NOT_RUN) from error
        except (ValueError, OSError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise CommandError(f"Could not run: {reason}", returncode=COULD_NOT_RUN) from error
        if options["output"]:
            self.stderr.write(f"{remittance.count} lines, {remittance.total_cents} cents.")


@contextmanager
def _opened(path: Path | None, standard: Any) -> Iterator[IO[str]]:
    """Open what is written to. A file appears under its name when all of it is on the disk, readable by its owner."""
    if path is None:
        yield standard
        return
    if path.exists() and not path.is_file():
        raise ValueError("The output must be a file: a device, a pipe or a folder cannot be put in place whole.")
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=path.name, delete=False, newline="") as out:
        try:
            yield out
            out.flush()
            os.fsync(out.fileno())
            os.replace(out.name, path)
        except BaseException:
            os.unlink(out.name)
            raise

"""`export_payments --day YYYY-MM-DD`: the day's remittance for the agency's accounting."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from payments import exports, services
from portal.shared.files import written_whole
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
            with written_whole(options["output"], self.stdout) as out:
                (remittance.write_json if options["json"] else remittance.write_csv)(out)
        except exports.NotOver as error:
            raise CommandError("That day is not over yet.", returncode=COULD_NOT_RUN) from error
        except (ValueError, OSError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise CommandError(f"Could not run: {reason}", returncode=COULD_NOT_RUN) from error
        if options["output"]:
            self.stderr.write(f"{remittance.count} lines, {remittance.total_cents} cents.")

"""`run_autopay`: announces the draws that are coming and makes those that are due today."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import timezone

from payments import services
from portal.shared.imports import COULD_NOT_RUN, DONE, SOME_REFUSED


class Command(BaseCommand):
    help = (
        "Announce the autopay draws that are coming and make those that are due today (Eastern). Running it twice, "
        "or on two machines at once, charges once. Exit status: 0 done, 1 some did not go through, 2 could not run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be announced and drawn, do nothing")
        parser.add_argument("--json", action="store_true", help="one line of JSON instead of words")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = services.run_autopay(timezone.localdate(), dry_run=options["dry_run"])
        except OperationalError as error:
            if options["json"]:
                self.stdout.write(json.dumps({"error": "the database is away"}))
            raise CommandError("Could not run: the database is away.", returncode=COULD_NOT_RUN) from error
        counts = asdict(run)
        if options["json"]:
            self.stdout.write(json.dumps(counts | {"dry_run": options["dry_run"]}))
        else:
            said = ", ".join(f"{count} {what}" for what, count in counts.items())
            self.stdout.write(f"Tried, nothing done: {said}." if options["dry_run"] else f"{said}.")
        raise SystemExit(DONE if run.is_clean else SOME_REFUSED)

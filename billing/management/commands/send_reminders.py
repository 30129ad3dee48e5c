"""`send_reminders`: queues today's reminders, each once."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import timezone

from billing import services
from portal.shared.imports import COULD_NOT_RUN


class Command(BaseCommand):
    help = (
        "Queue the reminders of today (Eastern) that were not queued yet; running it twice sends nothing twice. "
        "Nobody is named: households, log-ins and bills go by their row numbers. Exit status: 0 done, 2 could not run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say who would get what, queue nothing")
        parser.add_argument("--json", action="store_true", help="one line of JSON instead of words")

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run = options["dry_run"]
        try:
            run = services.send_reminders(timezone.localdate(), dry_run=dry_run)
        except OperationalError as error:
            if options["json"]:
                self.stdout.write(json.dumps({"error": "the database is away"}))
            raise CommandError("Could not run: the database is away.", returncode=COULD_NOT_RUN) from error
        found = sorted(map(asdict, run.reminders), key=lambda one: (one["household"], one["user"], one["bill"]))
        counts = {channel: sum(one["channel"] == channel for one in found) for channel in ("email", "text")}
        if options["json"]:
            self.stdout.write(json.dumps(counts | {"dry_run": dry_run} | ({"reminders": found} if dry_run else {})))
            return
        for one in found if dry_run else []:
            when = f"{one['when']} days before" if one["when"] > 0 else f"{-one['when']} days after"
            self.stdout.write(
                f"household {one['household']}, log-in {one['user']}: bill {one['bill']}, {one['channel']}, {when}"
            )
        said = f"{counts['email']} by email, {counts['text']} by text."
        self.stdout.write(f"Tried, nothing queued: {said}" if dry_run else f"Queued: {said}")

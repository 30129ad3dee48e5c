"""`export_contact_changes`: hands changes of contact details to the agency, each in one batch."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import exports, services
from accounts.models import ContactBatch
from accounts.selectors import changes_in_batch, contact_batch, contact_changes_due
from portal.shared.files import written_whole
from portal.shared.imports import COULD_NOT_RUN


class Command(BaseCommand):
    help = (
        "Write the changes of contact details that the agency was not handed yet, as the next batch. "
        "A batch that was settled but never written comes first. --batch writes one again, byte for byte. "
        "Exit status: 0 written or nothing to hand over, 2 could not run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, metavar="N", help="write batch N again")
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="not standard output; written whole or not at all"
        )
        parser.add_argument("--dry-run", action="store_true", help="say how many changes are due, write nothing")
        parser.add_argument("--json", action="store_true", help="one line of JSON instead of CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.ending = ""
        if options["dry_run"]:
            self._say_what_is_due(options["json"])
            return
        try:
            with services.handing_over_alone():
                self._hand_over(options)
        except services.AnotherRun as error:
            raise CommandError("Another run is at it. Try again when it is done.", returncode=COULD_NOT_RUN) from error

    def _hand_over(self, options: dict[str, Any]) -> None:
        batch = _named(options["batch"]) if options["batch"] is not None else services.next_contact_batch()
        if batch is None:
            self.stderr.write("No change is due. Nothing was written.")
            return
        try:
            with written_whole(options["output"], self.stdout) as out:
                write = exports.write_contact_json if options["json"] else exports.write_contact_csv
                count = write(batch.number, changes_in_batch(batch), out)
            self.stdout.flush()
        except (ValueError, OSError) as error:
            reason = (getattr(error, "strerror", None) or str(error)).rstrip(".")
            raise CommandError(
                f"Could not run: {reason}. Batch {batch.number} can be written again.", returncode=COULD_NOT_RUN
            ) from error
        services.contact_batch_written(batch)
        self.stderr.write(f"Batch {batch.number}: {count} changes.")

    def _say_what_is_due(self, as_json: bool) -> None:
        due = contact_changes_due().count()
        unwritten = ContactBatch.objects.filter(written_at=None).count()
        if as_json:
            facts = {"due": due, "batches_not_written": unwritten, "dry_run": True}
            self.stdout.write(json.dumps(facts) + "\n")
        else:
            self.stdout.write(f"{due} changes are due, {unwritten} batches were settled and not written.\n")


def _named(number: int) -> ContactBatch:
    batch = contact_batch(number)
    if batch is None:
        raise CommandError(f"There is no batch {number}.", returncode=COULD_NOT_RUN)
    return batch

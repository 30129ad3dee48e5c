"""`reconcile_payments`: compares our books with the gateway's, and mends what needs no person."""

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from tqdm import tqdm

from payments import exports, services
from portal.shared.imports import COULD_NOT_RUN, exact_day

DIFFERENCES = 1


class Command(BaseCommand):
    help = (
        "Compare our books with the gateway's: missed events, stalled payments, charges, payouts. "
        "Exit status: 0 they agree, 1 differences stand, 2 could not run (the next run goes on where it was)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--part", choices=[*services.PARTS, "all"], default="all")
        parser.add_argument("--since", metavar="DAY", help="from this Eastern day (YYYY-MM-DD) or moment (ISO 8601) on")
        parser.add_argument("--until", metavar="DAY", help="up to, not including, this day or moment")
        parser.add_argument("--dry-run", action="store_true", help="say what differs, change and write nothing")
        parser.add_argument("--json", action="store_true", help="one line of JSON instead of words")

    def handle(self, *args: Any, **options: Any) -> None:
        parts = services.PARTS if options["part"] == "all" else [options["part"]]
        with tqdm(unit=" things", leave=False, disable=None) as bar:
            try:
                since, until = _moment(options["since"]), _moment(options["until"])
                dry_run = options["dry_run"]
                results = services.reconcile(parts, since=since, until=until, dry_run=dry_run, tell=bar.update)
            except (ValueError, services.CannotReconcile) as error:
                if options["json"]:
                    self.stdout.write(json.dumps({"error": str(error)}))
                raise CommandError(f"Could not run: {error}", returncode=COULD_NOT_RUN) from error
        self._show(results, **options)
        runs = [result.run for result in results if result.run]
        if any(run.error for run in runs):
            raise SystemExit(COULD_NOT_RUN)
        if any(run.standing for run in runs):
            raise SystemExit(DIFFERENCES)

    def _show(self, results: list[services.Result], **options: Any) -> None:
        if options["json"]:
            told = {"dry_run": options["dry_run"], "parts": [_facts(result) for result in results]}
            self.stdout.write(json.dumps(told))
            return
        for result in results:
            self.stdout.write(_sentence(result))
            for finding in result.findings:
                facts = exports.finding_facts(finding)
                about = facts["confirmation_number"] or facts["gateway_id"]
                self.stdout.write(f"  {finding.kind}: {about}: expected {finding.expected}, found {finding.found}")
        if options["dry_run"]:
            self.stdout.write("Tried, nothing written and nothing changed.")


def _moment(text: str | None) -> datetime | None:
    """Return the moment that was typed; a day is its beginning in Eastern time. Raises ValueError."""
    if text is None:
        return None
    moment = parse_datetime(text) if "T" in text else datetime.combine(exact_day(text), datetime.min.time())
    if moment is None:
        raise ValueError("A day as YYYY-MM-DD or a moment as 2026-11-30T09:00:00-05:00 is needed.")
    return make_aware(moment) if is_naive(moment) else moment


def _facts(result: services.Result) -> dict[str, Any]:
    run = result.run
    if run is None:
        return {"part": result.part, "skipped": "another run is at work"}
    counts = {name: getattr(run, name) for name in ("looked", "mended", "canceled", "standing", "error")}
    findings = [exports.finding_facts(finding) for finding in result.findings]
    return (
        {"part": result.part, "since": run.since.isoformat(), "until": run.until.isoformat()}
        | counts
        | {"findings": findings}
    )


def _sentence(result: services.Result) -> str:
    run = result.run
    if run is None:
        return f"{result.part}: another run is at work on this; nothing done."
    told = f"{result.part}: {run.looked} looked at, {run.mended} mended, {run.standing} differences stand"
    told += f", {run.canceled} never confirmed and canceled." if run.canceled else "."
    return f"{told} Stopped: {run.error}. The next run goes on where it was." if run.error else told

"""The command that proves the books."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from tqdm import tqdm

from payments import books
from payments.gateway.port import GatewayError

DISAGREES, COULD_NOT_RUN = 1, 2  # exit statuses; 0 when all agrees


class Command(BaseCommand):
    """Print what disagrees, row by row; change nothing."""

    help = "Prove that money, histories, receipts, messages and audit agree. Exit status 1 when something does not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--gateway", action="store_true", help="compare each payment with the gateway's too")
        parser.add_argument("--json", action="store_true", help="one line of JSON a disagreement, and one at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        try:
            for wrong in _found(with_gateway=options["gateway"]):
                count += 1
                self.stdout.write(json.dumps(asdict(wrong)) if options["json"] else str(wrong))
        except (DatabaseError, GatewayError) as error:
            reason = type(error).__name__
            if options["json"]:
                self.stdout.write(json.dumps({"error": reason, "disagreements": count}))
            raise CommandError(f"Could not run: {reason}", returncode=COULD_NOT_RUN) from error
        self.stdout.write(json.dumps({"disagreements": count}) if options["json"] else _words(count))
        if count:
            raise SystemExit(DISAGREES)


def _found(*, with_gateway: bool) -> Iterator[books.Disagreement]:
    yield from books.within(books.RULES, _shown)
    if with_gateway:
        with tqdm(desc="at the gateway", unit=" payments", disable=None, leave=False) as bar:
            yield from books.against_gateway(bar.update)


def _shown(rules: Iterable[books.Rule]) -> Iterator[books.Rule]:
    """Show on a terminal how far we are."""
    with tqdm(list(rules), unit=" rules", disable=None, leave=False) as bar:
        for rule in bar:
            bar.set_description(rule.name)
            yield rule


def _words(count: int) -> str:
    return f"{count} {'disagreement' if count == 1 else 'disagreements'}." if count else "The books agree."

"""The command that unlocks an account when admin cannot be reached."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.selectors import user_named
from accounts.services import unlock


class Command(BaseCommand):
    help = "Unlock an account that wrong passwords locked; the reason goes into the audit trail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="how the owner proved who they are, ticket number")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, do nothing")
        parser.add_argument("--json", action="store_true", help="one line of JSON instead of words")

    def handle(self, *args: Any, **options: Any) -> None:
        user = user_named(options["username"])
        if user is None:
            raise CommandError("No open account has this username.", returncode=2)
        if not options["reason"].strip():
            raise CommandError("A reason is needed.", returncode=2)
        was_locked = user.is_locked
        if not options["dry_run"]:
            was_locked = unlock(user=user, reason=options["reason"].strip()[:500])
        if options["json"]:
            self.stdout.write(json.dumps({"unlocked": was_locked, "dry_run": options["dry_run"]}))
        else:
            self.stdout.write(_words(was_locked, options["dry_run"]))


def _words(was_locked: bool, dry_run: bool) -> str:
    if not was_locked:
        return "The account was not locked. Nothing changed."
    return "The account would be unlocked. Nothing changed." if dry_run else "Unlocked. The owner gets an email."

"""The command that takes in the agency's roster."""

from pathlib import Path

from accounts.services import import_members
from portal.shared.imports import ImportCommand, Report


class Command(ImportCommand):
    help = "Take in the roster, a UTF-8 CSV file, whole or not at all. The same file twice changes nothing."

    def take(self, path: Path, *, dry_run: bool) -> Report:
        return import_members(path, dry_run=dry_run)

"""`import_bills FILE`: takes in the agency's bills, the whole file or nothing."""

from pathlib import Path

from billing import services
from portal.shared.imports import ImportCommand, Report


class Command(ImportCommand):
    help = (
        "Take in bills from a UTF-8 CSV file, one row a bill line. "
        f"Header: {','.join(services.BILL_HEADER)}. A bill that changed becomes a new revision."
    )

    def take(self, path: Path, *, dry_run: bool) -> Report:
        return services.import_bills(path=path, dry_run=dry_run)

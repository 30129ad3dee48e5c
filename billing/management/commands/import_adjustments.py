"""`import_adjustments FILE`: takes in what the agency adjusts on its bills, the whole file or nothing."""

from pathlib import Path

from billing import services
from portal.shared.imports import ImportCommand, Report


class Command(ImportCommand):
    help = (
        "Take in adjustments of bills (waiver, credit, correction, write_off) from a UTF-8 CSV file. "
        f"Header: {','.join(services.ADJUSTMENT_HEADER)}. Each becomes a line in a new revision of its bill, and stays."
    )

    def take(self, path: Path, *, dry_run: bool) -> Report:
        return services.import_adjustments(path=path, dry_run=dry_run)

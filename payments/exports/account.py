"""A household's account as a file that a spreadsheet opens without running anything."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from payments.exports.cells import safe_cell


def account_csv(rows: Iterable[Sequence[str]]) -> str:
    """Return CSV with a header: day, what, number, amount and balance in dollars. Signs of amounts stay as they are."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Date"), _("What"), _("Number"), _("Amount in dollars"), _("Balance in dollars")])
    for day, what, number, cents, balance in rows:
        writer.writerow([day, safe_cell(what), safe_cell(number), cents, balance])
    return out.getvalue()

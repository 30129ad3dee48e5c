"""A household's payments as a file that a spreadsheet opens without running anything."""

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from payments import receipts
from payments.exports.cells import dollars, safe_cell
from payments.models import Payment
from payments.rules import EASTERN
from portal.shared.references import spaced


def csv_of(payments: Iterable[Payment]) -> str:
    """Return CSV with a header: confirmation number, day, amount in dollars, method, status."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Confirmation number"), _("Date"), _("Amount in dollars"), _("Paid with"), _("Status")])
    for payment in payments:
        moment = (payment.submitted_at or payment.created_at).astimezone(EASTERN)
        row = [
            spaced(payment.reference),
            f"{moment:%Y-%m-%d}",
            dollars(payment.amount_cents),
            receipts.method_text(payment),
            receipts.state_text(payment),
        ]
        writer.writerow([safe_cell(cell) for cell in row])
    return out.getvalue()

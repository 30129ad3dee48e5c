"""Part `sweep`: payments that nobody came back for, by the same sweeps that run every few minutes."""

from itertools import chain

from payments.models import Payment
from payments.services import sweeping
from payments.services.reconciling.sheets import Difference, Kind, Sheet
from payments.states import Status

OUTCOMES_UNKNOWN = (Status.SUBMITTING, Status.PROCESSING)


def sweep(sheet: Sheet) -> None:
    """Ask how every stalled payment and every debit at the bank stands; whatever its age."""
    swept = chain(sweeping.sweep_stalled(dry_run=sheet.dry_run), sweeping.sweep_processing(dry_run=sheet.dry_run))
    for before, payment in swept:
        sheet.looked(1)
        if payment.status != before and before in OUTCOMES_UNKNOWN:
            _tell(sheet, before, payment)


def _tell(sheet: Sheet, before: str, payment: Payment) -> None:
    sent_at, about = payment.submitted_at or payment.created_at, payment.intent_id or ""
    sheet.mended(Difference(Kind.BEHIND, payment.status, before, sent_at, payment, about))

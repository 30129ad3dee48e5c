"""Part `sweep`: payments that nobody came back for, by the same sweeps that run every few minutes."""

from itertools import chain

from payments.services import sweeping
from payments.services.reconciling.sheets import Difference, Kind, Sheet
from payments.states import Status

OUTCOMES_UNKNOWN = (Status.SUBMITTING, Status.PROCESSING)


def sweep(sheet: Sheet) -> None:
    """Ask how every stalled payment, every debit at the bank, every refund and every open dispute stands."""
    dry_run = sheet.dry_run
    for before, payment in chain(sweeping.sweep_stalled(dry_run=dry_run), sweeping.sweep_processing(dry_run=dry_run)):
        sheet.looked(1)
        if payment.status != before and before in OUTCOMES_UNKNOWN:
            sent_at, about = payment.submitted_at or payment.created_at, payment.intent_id or ""
            sheet.mended(Difference(Kind.BEHIND, payment.status, before, sent_at, payment, about))
    for before, refund in sweeping.sweep_refunds(dry_run=dry_run):
        sheet.looked(1)
        if refund.status != before:
            expected, found, about = f"refund {refund.status}", f"refund {before}", refund.gateway_id or ""
            sheet.mended(Difference(Kind.BEHIND, expected, found, refund.created_at, refund.payment, about))
    for _dispute in sweeping.sweep_disputes(dry_run=dry_run):
        sheet.looked(1)

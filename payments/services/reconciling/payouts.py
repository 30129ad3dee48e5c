"""Part `payouts`: what the gateway sent to the agency's bank, line by line against our payments, to the cent."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from payments import selectors
from payments.gateway import gateway, port
from payments.gateway.port import Entry, EntryKind, Payout
from payments.models import Dispute, Payment, PayoutEntry, Refund
from payments.services.reconciling.sheets import Difference, Kind, Sheet, batches
from portal.shared.money import usd

OURS = frozenset({EntryKind.PAYMENT, EntryKind.REFUND, EntryKind.DISPUTE})  # the rest are the gateway's own matters


def compare(sheet: Sheet, since: datetime, until: datetime | None) -> None:
    """Take the lines of every payout of this time: each belongs to a payment of ours, all add up to what was sent."""
    for payout in gateway().payouts(since, until):
        total_cents = 0
        for batch in batches(gateway().entries(payout.id)):
            sheet.looked(len(batch))
            total_cents += sum(line.net_cents for line in batch if line.kind is not EntryKind.PAYOUT)
            _take(sheet, payout, [line for line in batch if line.kind in OURS])
        if total_cents != payout.amount_cents:
            expected, found = usd(payout.amount_cents), usd(total_cents)
            sheet.stands(Difference(Kind.PAYOUT_SUM, expected, found, payout.created_at, gateway_id=payout.id))


def look_for_unpaid(sheet: Sheet) -> None:
    """Find the payments that should have been paid out by now, and are a line of no payout."""
    last = min(sheet.run.until, timezone.now() - timedelta(days=settings.PAID_OUT_WITHIN_DAYS))
    for payment in selectors.payments_in_no_payout(since=sheet.run.since, until=last):
        if payment.pk in sheet.paid_out:
            continue
        expected, paid_at = f"paid out within {settings.PAID_OUT_WITHIN_DAYS} days", payment.paid_at or last
        charge_id = payment.charge_id or ""
        sheet.stands(Difference(Kind.NOT_PAID_OUT, expected, "in no payout", paid_at, payment, charge_id))


def _take(sheet: Sheet, payout: Payout, lines: list[Entry]) -> None:
    charges = [line.intent_id for line in lines if line.intent_id]
    payments = {payment.intent_id: payment for payment in Payment.objects.filter(intent_id__in=charges)}
    known = _known([line.source_id for line in lines if line.kind is not EntryKind.PAYMENT])
    rows = []
    for line in lines:
        payment = payments.get(line.intent_id)
        if payment:
            rows.append(_row(payout, line, payment))
            _compare_line(sheet, line, payment, payout, is_known=line.source_id in known)
        elif not _is_foreign(line):
            _of_nobody(sheet, line, payout)
    if sheet.dry_run:
        sheet.paid_out.update(row.payment_id for row in rows if row.kind == EntryKind.PAYMENT)
    else:
        PayoutEntry.objects.bulk_create(rows, ignore_conflicts=True)


def _known(ids: list[str]) -> set[str]:
    """Return which of these refunds and disputes are in our books."""
    found = (
        model.objects.filter(gateway_id__in=ids).values_list("gateway_id", flat=True) for model in (Refund, Dispute)
    )
    return {str(gateway_id) for known in found for gateway_id in known}


def _row(payout: Payout, line: Entry, payment: Payment) -> PayoutEntry:
    return PayoutEntry(
        entry_id=line.id,
        payout_id=payout.id,
        kind=line.kind,
        payment=payment,
        amount_cents=line.amount_cents,
        fee_cents=line.fee_cents,
        booked_at=line.created_at,
    )


def _compare_line(sheet: Sheet, line: Entry, payment: Payment, payout: Payout, *, is_known: bool) -> None:
    if line.kind is not EntryKind.PAYMENT:
        if not is_known:
            _of_nobody(sheet, line, payout, payment)
    elif line.amount_cents != payment.amount_cents:
        expected, found = usd(payment.amount_cents), usd(line.amount_cents)
        sheet.stands(Difference(Kind.LINE_AMOUNT, expected, found, payout.created_at, payment, line.id))


def _of_nobody(sheet: Sheet, line: Entry, payout: Payout, payment: Payment | None = None) -> None:
    found, about = f"{line.kind} {usd(line.amount_cents)} in {payout.id}", line.source_id or line.id
    expected = f"a {line.kind} here"
    sheet.stands(Difference(Kind.LINE_OF_NOBODY, expected, found, payout.created_at, payment, about))


def _is_foreign(line: Entry) -> bool:
    """Return whether the line is known to be about another deployment that shares the account."""
    deployment = line.deployment
    if not deployment and line.intent_id:
        try:
            deployment = gateway().intent(line.intent_id).metadata.get("deployment", "")
        except port.Refused:
            return False
    return deployment not in ("", settings.DEPLOYMENT_ID)

"""Part `intents`: every charge of this deployment has its payment here, every payment its charge there, to the cent."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from billing import selectors as bills
from payments import selectors
from payments.gateway import gateway, port
from payments.gateway.port import IntentStatus, ListedIntent
from payments.models import Payment
from payments.services.applying import HARMLESS, named_in
from payments.services.moving import locked
from payments.services.reconciling.judging import AGREES, NEVER_CHARGED, judge
from payments.services.reconciling.sheets import Difference, Kind, Sheet, batches
from payments.services.sweeping import UNFINISHED_AFTER, drop_unfinished, resolve
from payments.states import FINAL, Status
from portal.shared.money import usd

IN_FLIGHT = timedelta(minutes=10)  # what is younger than this may be on its way between the two books


def compare(sheet: Sheet, since: datetime, until: datetime | None) -> None:
    """Compare the charges created in this time, then look for payments sent in it whose charge was not among them."""
    seen: set[str] = set()
    for batch in batches(gateway().intents_created(since, until)):
        sheet.looked(len(batch))
        ours = [row for row in batch if row.intent.metadata.get("deployment") == settings.DEPLOYMENT_ID]
        seen.update(row.intent.id for row in ours)
        _compare_batch(sheet, ours)
    for payments in batches(selectors.payments_with_charge(since=since, until=until)):
        for payment in payments:
            if payment.intent_id not in seen:
                _look_for(sheet, payment)


def _compare_batch(sheet: Sheet, rows: list[ListedIntent]) -> None:
    uuids = [uuid for row in rows if (uuid := named_in(row.intent.metadata, "payment"))]
    payments = {payment.uuid: payment for payment in Payment.objects.filter(uuid__in=uuids)}
    settled = bills.settled_cents_for([payment.source for payment in payments.values()])
    for row in rows:
        uuid = named_in(row.intent.metadata, "payment")
        payment = payments.get(uuid) if uuid else None
        if payment is None:
            _without_payment(sheet, row)
        elif _is_given_up(row, payment):
            _give_up(sheet, row, payment)
        elif payment.intent_id != row.intent.id and row.intent.status in HARMLESS:
            continue  # a first charge that was never used
        elif _judged(payment, row, settled.get(payment.source, 0)):
            _look_again(sheet, row, payment)


def _judged(payment: Payment, row: ListedIntent, settled_cents: int) -> Difference | None:
    withdrawn = gateway().withdrawn_cents(row.intent.id) if row.disputed else 0
    return judge(payment, row, settled_cents=settled_cents, withdrawn_cents=withdrawn)


def _look_again(sheet: Sheet, row: ListedIntent, payment: Payment) -> None:
    """Ask both sides once more, the gateway first; what is on its way between them is left for the next run."""
    row = _listed_now(row)
    with transaction.atomic():
        payment = locked(payment.pk)
        settled_cents = bills.settled_cents_for([payment.source]).get(payment.source, 0)
        moved_at = max(filter(None, [*_moments(payment), bills.money_moved_at(payment.source)]))
    different = _judged(payment, row, settled_cents)
    if different is None or moved_at > timezone.now() - IN_FLIGHT:
        return
    can_mend = different.kind is Kind.BEHIND and not sheet.dry_run
    if can_mend and resolve(payment).status in AGREES[row.intent.status]:
        sheet.mended(different)
    else:
        sheet.stands(different)


def _moments(payment: Payment) -> list[datetime | None]:
    return [payment.created_at, payment.submitted_at, payment.paid_at, payment.ended_at]


def _listed_now(row: ListedIntent) -> ListedIntent:
    """Return the charge as a list of this moment has it."""
    listed = gateway().intents_created(row.created_at, row.created_at + timedelta(seconds=1))
    return next((fresh for fresh in listed if fresh.intent.id == row.intent.id), row)


def _without_payment(sheet: Sheet, row: ListedIntent) -> None:
    """A payment is committed before its charge is made; so this one is not merely early."""
    status = row.intent.status
    if status is IntentStatus.CANCELED:
        return
    found = f"{status} {usd(row.intent.amount_cents)}"
    different = Difference(Kind.NO_PAYMENT, "a payment here", found, row.created_at, gateway_id=row.intent.id)
    if status is IntentStatus.UNCONFIRMED and _is_old(row):
        _cancel(sheet, row)
        sheet.mended(different)
    else:
        sheet.stands(different)


def _is_given_up(row: ListedIntent, payment: Payment) -> bool:
    """Nobody will confirm this: it is old, and its payment never charged anything or went on with another charge."""
    if row.intent.status is not IntentStatus.UNCONFIRMED or not _is_old(row):
        return False
    return payment.intent_id != row.intent.id or payment.status in NEVER_CHARGED


def _give_up(sheet: Sheet, row: ListedIntent, payment: Payment) -> None:
    if payment.status == Status.STARTED and not sheet.dry_run:
        payment = drop_unfinished(payment)  # first, so that nobody confirms what is being canceled
    if payment.intent_id != row.intent.id or payment.status in FINAL or sheet.dry_run:
        _cancel(sheet, row)


def _cancel(sheet: Sheet, row: ListedIntent) -> None:
    sheet.canceled()
    if not sheet.dry_run:
        with suppress(port.Refused):  # somebody was quicker: the next run sees how it stands
            gateway().cancel(row.intent.id)


def _look_for(sheet: Sheet, payment: Payment) -> None:
    """The charge was not in the list of its day: it was made on another day, or it is not there at all."""
    try:
        if payment.intent_id:
            gateway().intent(payment.intent_id)
            return
    except port.Refused as error:
        if error.code != "resource_missing":
            raise
    expected, sent_at = f"a charge of {usd(payment.amount_cents)}", payment.submitted_at or payment.created_at
    sheet.stands(Difference(Kind.NO_INTENT, expected, "none", sent_at, payment, payment.intent_id or ""))


def _is_old(row: ListedIntent) -> bool:
    return row.created_at < timezone.now() - UNFINISHED_AFTER

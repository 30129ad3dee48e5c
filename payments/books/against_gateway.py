"""Setting our books against the gateway's: for each payment, its net there is what counts as paid here."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, Min, QuerySet, Sum
from django.utils import timezone

from billing.models import Credit
from payments.books.asking import Disagreement
from payments.gateway import gateway
from payments.gateway.port import ListedIntent
from payments.models import AttentionItem, Payment

WINDOW = timedelta(days=7)  # payments and charges held in memory at once
SENT_WITHIN = timedelta(days=2)  # a payment that is older than a day is never sent for the first time
IN_FLIGHT = timedelta(hours=1)  # younger ones may stand otherwise here and there
PAGE = 500
RULE = "the gateway has what we have"


def against_gateway(watch: Callable[[int], object] = int) -> Iterator[Disagreement]:
    """Yield payments whose money at the gateway is not what counts here, and charges that are no payment's.

    Charges are listed in pages, a week at a time. `watch` is told how many payments were compared. Raises
    GatewayError when the gateway cannot be asked.
    """
    ends = Payment.objects.aggregate(first=Min("created_at"), last=Max("created_at"))
    since, last = ends["first"], ends["last"]
    while since and since <= last:
        yield from _week(since, watch)
        since += WINDOW


def _week(since: datetime, watch: Callable[[int], object]) -> Iterator[Disagreement]:
    until = since + WINDOW
    listed = {row.intent.id: row for row in gateway().intents_created(since, until + SENT_WITHIN) if _is_ours(row)}
    yield from _without_payment([row for row in listed.values() if row.created_at < until])
    sent = Payment.objects.filter(
        created_at__gte=since,
        created_at__lt=until,
        intent_id__isnull=False,
        submitted_at__lt=timezone.now() - IN_FLIGHT,
    )
    for payment in sent.order_by("pk").iterator(chunk_size=PAGE):
        watch(1)
        yield from _compared(payment, listed.get(payment.intent_id or ""))


def _is_ours(row: ListedIntent) -> bool:
    return row.intent.metadata.get("deployment") == settings.DEPLOYMENT_ID


def _without_payment(rows: list[ListedIntent]) -> Iterator[Disagreement]:
    """Yield the charges that moved money and are not the charge of a payment here."""
    moved = [row for row in rows if row.received_cents]
    for start in range(0, len(moved), PAGE):
        page = moved[start : start + PAGE]
        known = _known(Payment.objects.filter(intent_id__in=[row.intent.id for row in page]))
        for row in page:
            if row.intent.id not in known:
                yield Disagreement(f"charge {row.intent.id}", RULE, f"{row.received_cents} received", "a payment here")


def _known(payments: QuerySet[Payment]) -> set[str | None]:
    return set(payments.values_list("intent_id", flat=True))


def _compared(payment: Payment, row: ListedIntent | None) -> Iterator[Disagreement]:
    settled = _settled(payment)
    if row is None:
        if settled:
            yield Disagreement(payment.reference, RULE, "no charge at the gateway", f"{settled} cents")
        return
    withdrawn = gateway().withdrawn_cents(row.intent.id) if row.disputed else 0
    net = row.received_cents - row.refunded_cents - withdrawn
    if net != settled and not (net < settled and _is_known_double(payment)):
        found = f"{row.received_cents} received - {row.refunded_cents} refunded - {withdrawn} withdrawn there"
        yield Disagreement(payment.reference, RULE, found, f"{settled} cents that count here")


def _settled(payment: Payment) -> int:
    counted = Credit.objects.filter(source=payment.source, status=Credit.Status.SETTLED)
    return counted.aggregate(sum=Sum("amount_cents"))["sum"] or 0


def _is_known_double(payment: Payment) -> bool:
    """Return whether staff know that a refund and a dispute of it overlap."""
    return AttentionItem.objects.filter(payment=payment, kind="double credit", resolved_at=None).exists()

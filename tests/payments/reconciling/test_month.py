"""A month of 20,000 payments, one in a hundred disturbed: every one of those is found and named, nothing else is."""

import random

import pytest

from payments import services
from payments.models import AttentionItem, Payment, PayoutEntry, ReconciliationFinding
from tests.payments.reconciling.disturbing import WAYS
from tests.payments.reconciling.month import Month

PAYMENTS, DISTURBED = 20_000, 200


def disturb(month, count):
    """Do something to so many of the paid payments, every way in turn; the month then stands in both books."""
    paid = [payment for payment in month.payments if payment.status == "paid"]
    chosen = random.Random(2026_11_25).sample(paid, count)
    for n, payment in enumerate(chosen):
        WAYS[n % len(WAYS)](month, payment)
    month.write()


def found():
    rows = ReconciliationFinding.objects.select_related("payment")
    return [(row.kind, row.payment.reference if row.payment else row.gateway_id) for row in rows]


@pytest.mark.timeout(300)
def test_in_a_month_of_20_000_payments_every_disturbed_one_is_found_and_nothing_else(db, fake):
    month = Month(fake, PAYMENTS)
    month.build()
    disturb(month, DISTURBED)
    services.reconcile(services.PARTS)
    seen = found()
    assert sorted(seen) == sorted(month.expected)
    assert len(month.expected) >= DISTURBED
    mended = ReconciliationFinding.objects.filter(outcome="mended")
    assert set(mended.values_list("kind", flat=True)) == {"event missed", "behind the gateway"}
    assert not Payment.objects.filter(findings__in=mended).exclude(status="paid").exists()
    assert AttentionItem.objects.filter(kind="books and gateway differ").count() == len(seen) - mended.count()


def test_a_month_without_a_disturbance_has_no_finding(db, fake):
    month = Month(fake, 500)
    month.build()
    month.write()
    events, swept, charges, lines = (result.run.looked for result in services.reconcile(services.PARTS))
    assert found() == []
    assert (events, swept, charges) == (len(fake.happened), 0, 500)
    assert lines == PayoutEntry.objects.count() > 400

"""Many at once, each with its own database connection."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from billing import services
from billing.models import Credit
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
TEN = 10


def all_at_once(work) -> list:
    """Run work(0) to work(9) at the same moment and return what each returned or raised."""
    barrier = Barrier(TEN, timeout=30)

    def run(number: int):
        try:
            with transaction.atomic():
                connection.ensure_connection()
                barrier.wait()
                return work(number)
        except (services.AlreadyOnItsWay, services.TooMuch, DatabaseError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(TEN) as pool:
        return list(pool.map(run, range(TEN)))


def test_ten_tabs_hold_the_same_bill_and_exactly_one_gets_it():
    household = factories.household()
    bill = factories.bill(household=household)

    def hold(number: int):
        locked = services.lock_household(household.pk)
        return services.hold(household=locked, source=f"P{number}", amount_cents=2400)

    results = all_at_once(hold)
    assert results.count([(bill.number, 2400)]) == 1
    assert sum(isinstance(result, services.AlreadyOnItsWay) for result in results) == TEN - 1
    assert Credit.objects.live().cents() == 2400


def test_ten_settlements_of_one_payment_count_it_once():
    household = factories.household()
    bill = factories.bill(household=household)
    with transaction.atomic():
        services.hold(household=household, source="P1", amount_cents=3000)

    def settle(_: int):
        services.lock_household(household.pk)
        return services.settle(source="P1")

    assert all_at_once(settle) == [[(bill.number, 2400), (None, 600)]] * TEN
    assert Credit.objects.live().cents() == 3000


def test_without_any_lock_the_database_still_keeps_ten_credits_within_the_bill():
    household = factories.household()
    bill = factories.bill(household=household)

    def place(number: int):
        Credit.objects.create(
            household=household, bill=bill, source=f"P{number}", amount_cents=1000, status=Credit.Status.SETTLED
        )

    refused = [result for result in all_at_once(place) if result is not None]
    assert len(refused) == TEN - 2
    assert Credit.objects.live().cents() == 2000


def test_one_file_of_adjustments_taken_in_ten_times_at_once_counts_once(tmp_path):
    bill, path = factories.bill(household=factories.household()), tmp_path / "adjustments.csv"
    header = ",".join(services.ADJUSTMENT_HEADER)
    path.write_text(f"{header}\nA-1,{bill.number},,waiver,Hardship waiver,-5.00,2026-11-10\n", encoding="utf-8")
    reports = all_at_once(lambda _: services.import_adjustments(path=path))
    assert sorted((report.added, report.unchanged) for report in reports) == [*[(0, 1)] * 9, (1, 0)]
    bill.refresh_from_db()
    assert (bill.total_cents, bill.revision) == (1900, 2)

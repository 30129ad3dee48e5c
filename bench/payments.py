"""Card payments from choice to receipt, each second, beside bare transactions measured in the same run.

The gateway is the one in memory, so that the figure is the portal's own; several households pay at once.
"""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction

from accounts.models import User
from payments.gateway import gateway
from payments.models import Payment
from portal.shared.models import TryCount
from tests import factories
from tests.payments.steps import Paying

THREADS, PAYMENTS = 4, 120


def measure() -> int:
    """Print the figures."""
    users = [factories.user(username=f"payer{n}") for n in range(PAYMENTS)]
    for user in users:
        factories.bill(household=user.member.household)
    bare = _each_second(_bare_transaction, range(PAYMENTS * 5))
    paid = _each_second(pay_by_card, users)
    assert Payment.objects.filter(status="paid", payer__in=users).count() == PAYMENTS
    print(f"\n{'payments, ' + str(THREADS) + ' at once':<28}{'a second':>10}{'of bare':>20}")
    print(f"{'bare transaction':<28}{bare:>10.0f}{1:>20.2f}")
    print(f"{'payment to its receipt':<28}{paid:>10.1f}{paid / bare:>20.3f}")
    return 0


def pay_by_card(user: User) -> None:
    """Pay $24.00 all the way to the receipt."""
    Paying(user=user, bill=None, fake=gateway()).pay()


def _bare_transaction(number: int) -> None:
    with transaction.atomic():
        TryCount.objects.create(limit="bench", key=str(number), window_ends_at="2026-01-01T00:00Z", count=1)


def _each_second(act: Callable[..., None], items: Iterable[object]) -> float:
    items = list(items)

    def share(number: int) -> None:
        try:
            for item in items[number::THREADS]:
                act(item)
        finally:
            connection.close()

    start = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(share, range(THREADS)))
    return len(items) / (time.perf_counter() - start)

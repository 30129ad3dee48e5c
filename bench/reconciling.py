"""A month of payments compared with the gateway's books, each second, beside reading the same rows and no more.

The gateway is the one in memory, so that the figure is the portal's own.
"""

import time
from collections.abc import Callable

from payments import services
from payments.gateway import gateway
from payments.models import Payment
from tests.payments.reconciling.month import Month

PAYMENTS, PARTS = 5_000, ("events", "intents", "payouts")


def measure() -> int:
    """Print the figures."""
    month = Month(gateway(), PAYMENTS)
    month.build()
    month.write()
    read = _each_second(lambda: list(Payment.objects.iterator()))
    compared = {
        part: _each_second(lambda part=part: services.reconcile([part])) for part in ("events", "intents", "payouts")
    }
    print(f"\n{'reconciling ' + str(PAYMENTS) + ' payments':<28}{'a second':>10}{'of reading':>20}")
    print(f"{'reading the rows':<28}{read:>10.0f}{1:>20.2f}")
    for part, rate in compared.items():
        print(f"{part:<28}{rate:>10.0f}{rate / read:>20.3f}")
    return 0


def _each_second(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return PAYMENTS / (time.perf_counter() - start)

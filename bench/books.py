"""What proving the books costs: beside bare counts of the same rows, and in memory, at two sizes.

Each size is checked once more by the command in a process of its own, for its peak memory.
"""

import os
import re
import subprocess
import sys
import time
from itertools import pairwise
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Household
from billing.models import Bill, Credit
from payments import books
from payments.models import Payment, PaymentEvent, Receipt
from portal.shared.models import OutgoingMessage
from tests import factories

SIZES = (2_000, 20_000)
MOST_GROWTH = 8  # MB of peak memory from the first size to the second
CHILD = """
from pathlib import Path
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "check_books"])
print(Path("/proc/self/status").read_text())
"""
WAY = ("", "started", "submitting", "paid")
COUNTED = (Household, Bill, Payment, PaymentEvent, Credit, Receipt, OutgoingMessage)


def measure() -> int:
    """Print the figures; return 1 when memory grows with the number of payments."""
    user = factories.user(username="benchbooks")
    print(f"\n{'books, payments':<28}{'check, s':>10}{'bare counts, s':>16}{'of bare':>10}{'peak MB':>10}")
    peaks, made = [], 0
    for size in SIZES:
        _add_paid(range(made, size), user)
        made = size
        bare, whole = _seconds(_counts), _seconds(_check)
        peaks.append(_peak_of_command())
        print(f"{f'{size:,}':<28}{whole:>10.2f}{bare:>16.3f}{whole / bare:>10.0f}{peaks[-1]:>10.1f}")
    print(f"limit: {MOST_GROWTH} MB more for ten times as many.")
    return int(peaks[-1] - peaks[0] > MOST_GROWTH)


@transaction.atomic
def _add_paid(numbers: range, user: object) -> None:
    """Write paid payments with all that belongs to them, under all the database's rules."""
    now, day = timezone.now(), timezone.localdate()
    households = Household.objects.bulk_create(Household(number=f"BB-{n}") for n in numbers)
    facts = {"period": day, "issued_on": day, "due_on": day, "total_cents": 2400}
    bills = Bill.objects.bulk_create(Bill(number=h.number, household=h, **facts) for h in households)
    sent = {"payer": user, "amount_cents": 2400, "method": "card", "status": "paid", "submissions": 1}
    payments = Payment.objects.bulk_create(
        Payment(household=h, intent_id=f"pi_{h.number}", submitted_at=now, paid_at=now, **sent) for h in households
    )
    for before, after in pairwise(WAY):
        PaymentEvent.objects.bulk_create(
            PaymentEvent(payment=p, from_status=before, to_status=after, via="submit") for p in payments
        )
    Credit.objects.bulk_create(
        Credit(household=b.household, bill=b, source=p.reference, amount_cents=2400, status="settled")
        for b, p in zip(bills, payments, strict=True)
    )
    Receipt.objects.bulk_create(
        Receipt(payment=p, amount_cents=2400, split=[[b.number, 2400]]) for b, p in zip(bills, payments, strict=True)
    )
    OutgoingMessage.objects.bulk_create(
        OutgoingMessage(key=f"payment:{p.reference}:paid", kind="payment_paid", status="sent", next_try_at=now)
        for p in payments
    )


def _counts() -> None:
    for model in COUNTED:
        model.objects.count()


def _check() -> None:
    wrong = list(books.within(books.RULES))
    assert not wrong, wrong[:3]


def _seconds(act: object) -> float:
    """Return the shorter of two runs, so that what is read first is not counted."""
    times = []
    for _ in range(2):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return min(times)


def _peak_of_command() -> float:
    """Run check_books on this database in a process of its own; return its peak memory in MB.

    It tells itself: what the system counts for a child begins with its parent's size.
    """
    told = subprocess.run(
        [sys.executable, "-c", CHILD],
        env=os.environ | {"DATABASE_URL": _address(), "DJANGO_SETTINGS_MODULE": "portal.settings.test"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    assert told.startswith("The books agree."), told
    return int(re.search(r"VmHWM:\s+(\d+) kB", told)[1]) / 1024


def _address() -> str:
    """Return the address of the database of this run."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()

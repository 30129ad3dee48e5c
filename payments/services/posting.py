"""Writing down, in the moment in which money moves, what the agency's accounting will be told of it.

Every function is called in the transaction that moves the money, with the household locked.
"""

import time
from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from payments.models import Payment, Posting
from payments.rules import EASTERN

Kind = Posting.Kind
Parts = list[tuple[str, int]]  # (bill number, or '' for credit of the household; cents)


def paid(payment: Payment, split: Iterable[tuple[str | None, int]]) -> None:
    """Post a payment on the bills that it cleared."""
    _post(payment, Kind.PAYMENT, f"payment:{payment.reference}", [(number or "", cents) for number, cents in split])


def taken_back(payment: Payment, kind: Posting.Kind, cause: str, amount_cents: int | None = None) -> None:
    """Post money that went back, in cents; None for all that is left. Last cleared, first taken: as it was posted."""
    parts: Parts = []
    left = amount_cents
    for number, cents in reversed(_sums(Posting.objects.filter(payment=payment)).items()):
        part = cents if left is None else min(cents, left)
        left = None if left is None else left - part
        if part:
            parts.append((number, -part))
    _post(payment, kind, cause, parts)


def given_again(payment: Payment, kind: Posting.Kind, cause: str, undone: str = "") -> None:
    """Post that what the cause `undone` took back is ours again; without it, all that this kind holds."""
    taken = Posting.objects.filter(payment=payment, kind=kind, **({"cause": undone} if undone else {}))
    _post(payment, kind, cause, [(number, -cents) for number, cents in _sums(taken).items() if cents < 0])


def wait_for_postings() -> None:
    """Return once nobody is still writing a posting with a moment that is past: then a day that is over is complete.

    It tries again and again rather than queue: those who post never wait for it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('postings'))")
        while not cursor.fetchone()[0]:
            time.sleep(0.05)
            cursor.execute("SELECT pg_try_advisory_lock(hashtext('postings'))")
        cursor.execute("SELECT pg_advisory_unlock(hashtext('postings'))")


def _sums(postings: QuerySet[Posting]) -> dict[str, int]:
    """Return the cents of each bill, in the order in which they were first posted."""
    sums: dict[str, int] = {}
    for number, cents in postings.order_by("pk").values_list("bill_number", "amount_cents"):
        sums[number] = sums.get(number, 0) + cents
    return sums


def _post(payment: Payment, kind: Posting.Kind, cause: str, parts: Parts) -> None:
    if Posting.objects.filter(cause=cause).exists():
        return
    with connection.cursor() as cursor:  # held to the commit: see wait_for_postings
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext('postings'))")
    now = timezone.now()
    Posting.objects.bulk_create(
        Posting(
            payment=payment,
            kind=kind,
            cause=cause,
            position=position,
            household_number=payment.household.number,
            bill_number=number,
            method=payment.method,
            amount_cents=cents,
            posted_at=now,
            day_on=now.astimezone(EASTERN).date(),
        )
        for position, (number, cents) in enumerate(parts, start=1)
    )

"""What follows when the books disagree: staff hear of it. Nothing is put right by itself."""

import logging
from collections import Counter
from itertools import islice

from django.db import DatabaseError
from django.utils import timezone

from payments import books, notices
from payments.models import Payment
from payments.services.attention import raise_attention
from portal.shared.models import AuditHead

log = logging.getLogger(__name__)
QUEUED_AT_MOST = 200  # matters in one night; more than a person can look at is one matter


def check_books() -> int:
    """Prove the books; queue each disagreement once and write to staff, once a night. Return how many there are.

    The length and the last hash of the audit trail go to the log: kept elsewhere, they show a trail cut short.
    Raises DatabaseError when the books could not be read, which is queued too.
    """
    try:
        kept, more = _found()
    except DatabaseError as error:
        _queue_unread(type(error).__name__)
        raise
    for wrong in kept:
        _queue(wrong)
    if more:
        _queue_more(more)
    if kept:
        notices.tell_staff_of_books(len(kept) + more, Counter(wrong.rule for wrong in kept).most_common())
    head = AuditHead.objects.first()
    log.info("books: %s disagreements; audit trail: %s", len(kept) + more, f"{head}, {head.hash}" if head else "empty")
    return len(kept) + more


def _found() -> tuple[list[books.Disagreement], int]:
    """Return the first disagreements, and how many more there are."""
    wrong = books.within(books.RULES)
    kept = list(islice(wrong, QUEUED_AT_MOST))
    return kept, sum(1 for _ in wrong)


def _queue(wrong: books.Disagreement) -> None:
    raise_attention(
        key=f"books:{wrong.rule}:{wrong.reference}",
        kind="books disagree",
        detail=str(wrong),
        payment=Payment.objects.filter(reference=wrong.reference).first(),
    )


def _queue_more(count: int) -> None:
    day = timezone.localdate()
    detail = f"{count} more disagreements on {day}: run check_books"
    raise_attention(key=f"books:more:{day}", kind="books disagree", detail=detail)


def _queue_unread(why: str) -> None:
    day = timezone.localdate()
    raise_attention(key=f"books:unread:{day}", kind="books not checked", detail=f"{day}: {why}")

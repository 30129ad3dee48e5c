"""Handing changes of contact details to the agency: each in one batch, and a batch settled before it is written."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import ContactBatch, ContactHandOver
from accounts.selectors import contact_changes_due


class AnotherRun(Exception):
    """Someone else is handing changes over at this moment."""


@contextmanager
def handing_over_alone() -> Iterator[None]:
    """Let one process at a time settle and write batches. Raises AnotherRun at once instead of waiting."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('contact batches'))")
        if not cursor.fetchone()[0]:
            raise AnotherRun
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('contact batches'))")


@transaction.atomic
def next_contact_batch() -> ContactBatch | None:
    """Return the batch to write now: one that was settled and never written, else a new one of all changes so far.

    None when nothing changed since. Call it alone.
    """
    due = ContactBatch.objects.filter(written_at=None).order_by("number").first()
    if due is not None:
        return due
    changes = list(contact_changes_due())
    if not changes:
        return None
    last = ContactBatch.objects.aggregate(last=Max("number"))["last"] or 0
    batch = ContactBatch.objects.create(number=last + 1)
    ContactHandOver.objects.bulk_create(ContactHandOver(change=change, batch=batch) for change in changes)
    return batch


def contact_batch_written(batch: ContactBatch) -> None:
    """Note that a complete file of the batch is there; the next run makes a new one."""
    ContactBatch.objects.filter(pk=batch.pk, written_at=None).update(written_at=timezone.now())

"""The one task that delivers messages, its sweep, and the clearing of what is no longer needed."""

import time
from datetime import timedelta

from celery import Task, shared_task
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from portal.shared import audit, sending
from portal.shared.models import OutgoingMessage, TryCount

IN_FLIGHT = timedelta(minutes=10)  # a message that was claimed this long ago and not sent lost its worker
SWEEP_SECONDS = 100  # well below CELERY_TASK_SOFT_TIME_LIMIT
KEEP_BODIES = timedelta(days=30)
_Status = OutgoingMessage.Status


def after_commit(task: Task, *args: int) -> None:
    """Hand a task to the worker once the transaction is through. A broker that is away fails nothing: a sweep follows.

    Not functools.partial: Django wants the name of what failed, and a partial has none.
    """

    def hand_over() -> None:
        task.delay(*args)

    transaction.on_commit(hand_over, robust=True)


@shared_task
def deliver(message_id: int) -> None:
    """Send one waiting message, once: the row is claimed by a compare-and-set before the mail server is asked."""
    now = timezone.now()
    claimed = OutgoingMessage.objects.filter(
        Q(status=_Status.WAITING) | Q(status=_Status.SENDING), pk=message_id, next_try_at__lte=now
    ).update(status=_Status.SENDING, tries=F("tries") + 1, next_try_at=now + IN_FLIGHT)
    if claimed:
        sending.send(OutgoingMessage.objects.get(pk=message_id))


@shared_task
def sweep_messages() -> None:
    """Deliver what is due and was not: the broker was away, the worker died, the mail server said later."""
    due = OutgoingMessage.objects.filter(
        status__in=[_Status.WAITING, _Status.SENDING], next_try_at__lte=timezone.now()
    ).order_by("next_try_at")
    end = time.monotonic() + SWEEP_SECONDS
    for message_id in due.values_list("pk", flat=True)[:500]:
        if time.monotonic() > end:
            return  # a server that lets us wait must not get the task killed with a message in hand
        deliver(message_id)


@shared_task
def seal_audit() -> None:
    """Put what was written down since the last time in the line that cannot be changed unseen."""
    audit.seal()


@shared_task
def purge_expired() -> None:
    """Forget sessions, try counts and message bodies whose time is over."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    TryCount.objects.filter(window_ends_at__lt=now).delete()
    ended = OutgoingMessage.objects.exclude(status__in=[_Status.WAITING, _Status.SENDING]).exclude(recipient="")
    ended.filter(created_at__lt=now - KEEP_BODIES).update(body_text="", body_html="", recipient="")

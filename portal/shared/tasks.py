"""The one task that delivers messages, its sweep, and the clearing of what is no longer needed."""

import logging
from datetime import timedelta

from celery import Task, shared_task
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from portal.shared import audit
from portal.shared.models import OutgoingMessage, TryCount

log = logging.getLogger(__name__)
MAX_TRIES = 12
IN_FLIGHT = timedelta(minutes=10)  # a message that was claimed this long ago and not sent lost its worker
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
        _send(OutgoingMessage.objects.get(pk=message_id))


@shared_task
def sweep_messages() -> None:
    """Deliver what is due and was not: the broker was away, the worker died, the mail server said later."""
    due = OutgoingMessage.objects.filter(
        status__in=[_Status.WAITING, _Status.SENDING], next_try_at__lte=timezone.now()
    ).order_by("next_try_at")
    for message_id in due.values_list("pk", flat=True)[:500]:
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
    OutgoingMessage.objects.filter(status=_Status.SENT, sent_at__lt=now - KEEP_BODIES).exclude(body_text="").update(
        body_text="", body_html="", recipient=""
    )


def _send(message: OutgoingMessage) -> None:
    mail = EmailMultiAlternatives(
        message.subject,
        message.body_text,
        settings.DEFAULT_FROM_EMAIL,
        [message.recipient],
        headers={"Message-ID": f"<message-{message.pk}@{_host()}>", "Content-Language": message.language},
    )
    if message.body_html:
        mail.attach_alternative(message.body_html, "text/html")
    try:
        mail.send()
    except Exception as error:  # whatever the mail server or the network did, the row must say so
        log.warning("message %s not sent: %s", message.pk, type(error).__name__)
        _put_back(message, type(error).__name__)
        return
    message.status, message.sent_at, message.error = _Status.SENT, timezone.now(), ""
    message.save(update_fields=["status", "sent_at", "error"])


def _put_back(message: OutgoingMessage, error: str) -> None:
    message.status = _Status.FAILED if message.tries >= MAX_TRIES else _Status.WAITING
    message.next_try_at = timezone.now() + timedelta(seconds=min(3600, 15 * 2**message.tries))
    message.error = error
    message.save(update_fields=["status", "next_try_at", "error"])


def _host() -> str:
    return settings.SITE_URL.split("//")[-1].split(":")[0]

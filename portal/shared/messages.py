"""Writing a message into the outbox, in the transaction of what it tells of."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from portal.shared import audit, texting
from portal.shared.models import OutgoingMessage
from portal.shared.quiet_hours import next_allowed
from portal.shared.tasks import after_commit, deliver


def post(*, key: str, kind: str, to: str, **facts: Any) -> None:
    """Queue one email, as `email` makes it; a key that was used before queues nothing.

    The row commits with the caller's transaction and is delivered after it, or from `not_before` on; should the
    broker be away, the sweep delivers it.
    """
    _queue(email(key=key, kind=kind, to=to, **facts))


def post_text(*, key: str, kind: str, to: str, **facts: Any) -> None:
    """Queue one text message to a number (E.164), as `text` makes it; else as `post`.

    Where no text service is set (texting.is_offered), nothing is queued.
    """
    if texting.is_offered():
        _queue(text(key=key, kind=kind, to=to, **facts))


def text(
    *,
    key: str,
    kind: str,
    to: str,
    language: str = "en",
    context: dict[str, Any] | None = None,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    keeps_hours: bool = False,
    about: dict[str, int] | None = None,
) -> OutgoingMessage:
    """Return one text, not yet queued, rendered from templates/text/<kind>.txt behind the sender's name.

    `not_after`: of no use from then on, as a code. `keeps_hours`: waits while members are left alone; all texts but
    codes do. `about` as with `email`.
    """
    with translation.override(language):
        words = render_to_string(f"text/{kind}.txt", _facts(language) | (context or {}))
    return OutgoingMessage(
        channel=OutgoingMessage.Channel.TEXT,
        key=key,
        kind=kind,
        recipient=str(to),
        language=language,
        body_text=f"{settings.TEXT_NAME}: {' '.join(words.split())}",
        about=about or {},
        keeps_hours=keeps_hours,
        not_after=not_after,
        next_try_at=_due_at(not_before, keeps_hours=keeps_hours),
    )


def email(
    *,
    key: str,
    kind: str,
    to: str,
    language: str = "en",
    context: dict[str, Any] | None = None,
    not_before: datetime | None = None,
    keeps_hours: bool = False,
    about: dict[str, int] | None = None,
    unsubscribe_url: str = "",
) -> OutgoingMessage:
    """Return one email, not yet queued, rendered from templates/email/<kind>.txt and .html.

    The first line of the text template is the subject. `about` names rows that whoever listens to
    signals.about_to_send looks at then.
    """
    with translation.override(language):
        data = _facts(language) | (context or {}) | {"unsubscribe_url": unsubscribe_url}
        subject, _, body = render_to_string(f"email/{kind}.txt", data).strip().partition("\n")
        html = render_to_string(f"email/{kind}.html", data | {"subject": subject})
    return OutgoingMessage(
        key=key,
        kind=kind,
        recipient=to,
        language=language,
        subject=subject.strip(),
        body_text=body.strip() + "\n",
        body_html=html,
        about=about or {},
        unsubscribe_url=unsubscribe_url,
        keeps_hours=keeps_hours,
        next_try_at=_due_at(not_before, keeps_hours=keeps_hours),
    )


def copy(
    message: OutgoingMessage, *, key: str, to: str, about: dict[str, int] | None = None, unsubscribe_url: str = ""
) -> OutgoingMessage:
    """Return the same words to someone else, not yet queued; with the reader's own link to stop, where there is one."""
    values = _values(message) | {"key": key, "recipient": to, "about": about or {}}
    if unsubscribe_url:
        old = message.unsubscribe_url
        bodies = {name: values[name].replace(old, unsubscribe_url) for name in ("body_text", "body_html")}
        values |= bodies | {"unsubscribe_url": unsubscribe_url}
    return OutgoingMessage(**values)


def queue_many(messages: Iterable[OutgoingMessage]) -> None:
    """Queue messages in one statement, for the sweep to deliver; those whose key was used before are left out."""
    OutgoingMessage.objects.bulk_create(messages, ignore_conflicts=True, batch_size=500)


def can_go_again(message: OutgoingMessage) -> bool:
    """Return whether an email that may not have arrived can be sent again: its words are still kept."""
    status, is_lost = OutgoingMessage.Status, bool(message.recipient and message.body_text)
    return is_lost and message.status in (status.UNKNOWN, status.FAILED)


@transaction.atomic
def send_again(message: OutgoingMessage, *, actor: Any, address: str | None) -> bool:
    """Let an email that may not have arrived go out again; return False when it cannot. Audited. Twice is once."""
    locked = OutgoingMessage.objects.select_for_update().get(pk=message.pk)
    if not can_go_again(locked):
        return False
    waiting = {"status": OutgoingMessage.Status.WAITING, "tries": 0, "handed_at": None, "error": ""}
    OutgoingMessage.objects.filter(pk=locked.pk).update(**waiting, next_try_at=timezone.now())
    audit.record("send_message_again", locked, actor=actor, address=address, was=locked.status, kind=locked.kind)
    after_commit(deliver, locked.pk)
    return True


def known_keys(keys: Collection[str]) -> set[str]:
    """Return those of the keys that were used already."""
    return set(OutgoingMessage.objects.filter(key__in=keys).values_list("key", flat=True))


def _facts(language: str) -> dict[str, Any]:
    """Return what every template may name; `site_host` is the site's address as a person types it."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "site_host": settings.SITE_URL.split("//")[-1],
        "support_name": settings.SUPPORT_NAME,
        "support_phone": settings.SUPPORT_PHONE,
        "support_tty": settings.SUPPORT_TTY,
        "language": language,
    }


def _due_at(not_before: datetime | None, *, keeps_hours: bool) -> datetime:
    moment = max(timezone.now(), not_before or timezone.now())
    return next_allowed(moment) if keeps_hours else moment


def _queue(message: OutgoingMessage) -> None:
    kept, is_new = OutgoingMessage.objects.get_or_create(key=message.key, defaults=_values(message))
    if is_new and kept.next_try_at <= timezone.now():
        after_commit(deliver, kept.pk)


def _values(message: OutgoingMessage) -> dict[str, Any]:
    fields = {field.attname for field in message._meta.concrete_fields} - {"id", "created_at"}
    return {name: getattr(message, name) for name in fields}

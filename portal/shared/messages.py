"""Writing a message into the outbox, in the transaction of what it tells of."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from portal.shared import texting
from portal.shared.models import OutgoingMessage
from portal.shared.tasks import after_commit, deliver


def post(
    *,
    key: str,
    kind: str,
    to: str,
    language: str = "en",
    context: dict[str, Any] | None = None,
    not_before: datetime | None = None,
    about: dict[str, int] | None = None,
    unsubscribe_url: str = "",
) -> None:
    """Queue one email rendered from templates/email/<kind>.txt and .html; a key that was used before queues nothing.

    The first line of the text template is the subject. The row commits with the caller's transaction and is
    delivered after it, or from `not_before` on; should the broker be away, the sweep delivers it. `about` names
    rows that whoever listens to signals.about_to_send looks at then.
    """
    with translation.override(language):
        data = _facts(language) | (context or {}) | {"unsubscribe_url": unsubscribe_url}
        subject, _, text = render_to_string(f"email/{kind}.txt", data).strip().partition("\n")
        html = render_to_string(f"email/{kind}.html", data | {"subject": subject})
    body = {"subject": subject.strip(), "body_text": text.strip() + "\n", "body_html": html}
    facts = {"kind": kind, "recipient": to, "language": language, "about": about or {}}
    _queue(key, not_before, **facts, **body, unsubscribe_url=unsubscribe_url)


def post_text(
    *,
    key: str,
    kind: str,
    to: str,
    language: str = "en",
    context: dict[str, Any] | None = None,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    about: dict[str, int] | None = None,
) -> None:
    """Queue one text message to a number (E.164), rendered from templates/text/<kind>.txt behind the sender's name.

    As `post`; quiet hours are the caller's matter (portal.shared.quiet_hours). `not_after`: of no use from then on,
    as a code. Where no text service is set (texting.is_offered), nothing is queued.
    """
    if not texting.is_offered():
        return
    with translation.override(language):
        words = render_to_string(f"text/{kind}.txt", _facts(language) | (context or {}))
    body = f"{settings.TEXT_NAME}: {' '.join(words.split())}"
    facts = {"kind": kind, "recipient": str(to), "language": language, "about": about or {}}
    _queue(key, not_before, **facts, body_text=body, channel=OutgoingMessage.Channel.TEXT, not_after=not_after)


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


def _queue(key: str, not_before: datetime | None, **fields: Any) -> None:
    now = timezone.now()
    due_at = max(now, not_before or now)
    message, is_new = OutgoingMessage.objects.get_or_create(key=key, defaults=fields | {"next_try_at": due_at})
    if is_new and due_at <= now:
        after_commit(deliver, message.pk)

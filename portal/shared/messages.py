"""Writing a message into the outbox, in the transaction of what it tells of."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from portal.shared.models import OutgoingMessage
from portal.shared.tasks import after_commit, deliver


def post(*, key: str, kind: str, to: str, language: str = "en", context: dict[str, Any] | None = None) -> None:
    """Queue one email rendered from templates/email/<kind>.txt and .html; a key that was used before queues nothing.

    The first line of the text template is the subject. The row commits with the caller's transaction and is
    delivered after it; should the broker be away, the sweep delivers it.
    """
    with translation.override(language):
        data = {
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
            "support_name": settings.SUPPORT_NAME,
            "support_phone": settings.SUPPORT_PHONE,
            "support_tty": settings.SUPPORT_TTY,
            "language": language,
            **(context or {}),
        }
        subject, _, text = render_to_string(f"email/{kind}.txt", data).strip().partition("\n")
        html = render_to_string(f"email/{kind}.html", data | {"subject": subject})
    message, is_new = OutgoingMessage.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "recipient": to,
            "language": language,
            "subject": subject.strip(),
            "body_text": text.strip() + "\n",
            "body_html": html,
            "next_try_at": timezone.now(),
        },
    )
    if is_new:
        after_commit(deliver, message.pk)

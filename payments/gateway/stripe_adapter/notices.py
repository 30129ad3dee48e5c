"""Reading a call of Stripe to our webhook, and whether it is Stripe's."""

import json
import time

import stripe
from django.conf import settings

from payments.gateway import port
from payments.gateway.port import Notice

TOLERANCE_SECONDS = 300  # Stripe's own; the library checks the past alone, we check the future too


def notice_of(body: bytes, signature: str) -> Notice:
    """Return what the call says. Raises NoticeRefused unless Stripe signed these very bytes just now."""
    check_signature(body, signature)
    try:
        event = json.loads(body)
        related = event.get("related_object") or event["data"]["object"]
        return Notice(
            event_id=event["id"],
            type=event["type"],
            object_id=related["id"],
            live=event["livemode"],
            api_version=event.get("api_version") or "",
            is_foreign_version=event.get("api_version") not in (None, "", stripe.api_version),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise port.NoticeRefused("unreadable") from error


def check_signature(body: bytes, header: str) -> None:
    """Raise NoticeRefused unless one of our secrets signed these bytes within five minutes of now."""
    try:
        text = body.decode()
        sent_at = int(dict(part.split("=", 1) for part in header.split(","))["t"])
    except (ValueError, KeyError) as error:
        raise port.NoticeRefused("unreadable") from error
    if sent_at > time.time() + TOLERANCE_SECONDS:
        raise port.NoticeRefused("from the future")
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            if secret and stripe.WebhookSignature.verify_header(text, header, secret, TOLERANCE_SECONDS):
                return
        except stripe.SignatureVerificationError:
            continue
    raise port.NoticeRefused("signature")

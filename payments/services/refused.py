"""Counting the calls to our webhook that were refused: of those nothing else is kept."""

from django.utils import timezone

from payments.services.attention import raise_attention
from portal.shared import throttle


def count_refused(why: str) -> None:
    """Count one refused call; many within an hour are a matter for staff: a wrong secret, or a wrong clock."""
    if not throttle.allow("webhook-refused", why):
        raise_attention(
            key=f"refused:{why}:{timezone.now():%Y-%m-%d}",
            kind="webhook calls refused",
            detail=f"Many calls within an hour were refused: {why}. Look at the webhook's secret and at our clock.",
        )

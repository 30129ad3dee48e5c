"""Whether payments are taken at all: not while the gateway refuses our key or is of another mode than ours."""

from django.utils import timezone

from payments.models import AttentionItem
from payments.services.attention import raise_attention

REFUSED = "gateway refuses us"  # ends by itself when the gateway takes our key
OTHER_MODE = "gateway of another mode"  # live for test or test for live: ends when staff have mended it


def is_out() -> bool:
    """Return whether an outage is on: every process sees the same, since staff's queue is where it stands."""
    return AttentionItem.objects.filter(kind__in=[REFUSED, OTHER_MODE], resolved_at=None).exists()


def begin_outage(kind: str, *, call: str, code: str = "") -> None:
    """Stop taking payments and tell staff; again changes nothing."""
    if not is_out():
        key, detail = f"outage:{timezone.now().isoformat()}", f"{call}: {code or kind}. No payments are taken."
        raise_attention(key=key, kind=kind, detail=detail)


def end_outage() -> None:
    """Take payments again: the gateway takes our key."""
    said = "the gateway takes our key again"
    AttentionItem.objects.filter(kind=REFUSED, resolved_at=None).update(resolved_at=timezone.now(), resolution=said)

"""Whether payments are taken at all: not while the gateway refuses our key or is of another mode than ours."""

from django.utils import timezone

from payments.models import AttentionItem
from payments.services.attention import raise_attention

KIND = "gateway refuses us"


def is_out() -> bool:
    """Return whether an outage is on: every process sees the same, since staff's queue is where it stands."""
    return AttentionItem.objects.filter(kind=KIND, resolved_at=None).exists()


def begin_outage(*, call: str, code: str) -> None:
    """Stop taking payments and tell staff; again changes nothing. Ends by itself when the gateway takes our key."""
    if not is_out():
        moment = timezone.now().isoformat()
        raise_attention(key=f"outage:{moment}", kind=KIND, detail=f"{call}: {code}. No payments are taken.")


def end_outage() -> None:
    """Take payments again."""
    said = "the gateway takes our key again"
    AttentionItem.objects.filter(kind=KIND, resolved_at=None).update(resolved_at=timezone.now(), resolution=said)

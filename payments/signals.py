"""What of the outbox waits for a person."""

from typing import Any

from django.dispatch import receiver

from payments.models import AttentionItem
from payments.services import raise_attention
from portal.shared.signals import not_delivered


@receiver(not_delivered, dispatch_uid="payments.queue_undelivered")
def queue_undelivered(sender: Any, message: Any, **kwargs: Any) -> None:
    """Queue for staff that messages of a kind may not have arrived: one matter a kind, until it is resolved."""
    detail = f"{message.kind}, {message.channel}: some may not have arrived, see outgoing messages, failed or unknown"
    if not AttentionItem.objects.filter(kind="message", detail=detail, resolved_at=None).exists():
        raise_attention(key=f"message:{message.pk}:{message.tries}", kind="message", detail=detail)

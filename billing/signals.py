"""A reminder is looked at once more before it goes out: it may have waited for the morning."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from billing import services
from portal.shared.signals import about_to_send


@receiver(about_to_send, dispatch_uid="billing.check_reminder")
def check_reminder(sender: Any, message: Any, **kwargs: Any) -> bool | None:
    """Take a reminder back when its bill was paid, disputed or is no longer its reader's."""
    if message.kind != "reminder":
        return None
    facts = {"bill_id": message.about["bill"], "user_id": message.about["user"], "when": message.about["when"]}
    return services.is_still_due(**facts, channel=message.channel, today=timezone.localdate())

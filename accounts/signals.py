"""What happens with every log-in, whichever page it came through, and with an address that is a dead one."""

import time
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import services
from portal.shared.signals import address_refused


@receiver(user_logged_in, dispatch_uid="accounts.start_session")
def start_session(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Note when the session began, for its limits, and forget what a registration left."""
    request.session["started_at"] = request.session["seen_at"] = int(time.time())
    for key in ("registration", "registration_done"):
        request.session.pop(key, None)


@receiver(address_refused, dispatch_uid="accounts.note_dead_address")
def note_dead_address(sender: Any, channel: str, address: str, **kwargs: Any) -> None:
    """Raise the member's banner and the staff's task for an address at which nothing arrives."""
    services.note_dead_address(channel=channel, address=address)

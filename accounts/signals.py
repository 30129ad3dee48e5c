"""What happens with every log-in, whichever page it came through."""

import time
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest


@receiver(user_logged_in, dispatch_uid="accounts.start_session")
def start_session(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Note when the session began, for its limits, and forget what a registration left."""
    request.session["started_at"] = request.session["seen_at"] = int(time.time())
    for key in ("registration", "registration_done"):
        request.session.pop(key, None)

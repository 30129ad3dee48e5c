"""What happens with every log-in, whichever page it came through, and with an address that is a dead one."""

import time
from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts import services
from accounts.models import User
from accounts.selectors import is_first_login
from portal.shared.signals import address_refused


@receiver(user_logged_in, dispatch_uid="accounts.start_session")
def start_session(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Note when the session began, forget what a registration left, and offer once to prove the mobile phone."""
    request.session["started_at"] = request.session["seen_at"] = int(time.time())
    for key in ("registration", "registration_done"):
        request.session.pop(key, None)
    if user.member_id and user.phone_is_mobile and not user.phone_confirmed_at and is_first_login(user):
        _offer_to_prove_phone(request)


def _offer_to_prove_phone(request: HttpRequest) -> None:
    words = _("Your mobile phone is not confirmed. Once it is, a code by text can let you back in.")
    link = format_html('<a href="{}">{}</a>', reverse("accounts:change_phone"), _("Confirm your mobile phone"))
    messages.info(request, format_html("{} {}", words, link))


@receiver(address_refused, dispatch_uid="accounts.note_dead_address")
def note_dead_address(sender: Any, channel: str, address: str, **kwargs: Any) -> None:
    """Raise the member's banner and the staff's task for an address at which nothing arrives."""
    services.note_dead_address(channel=channel, address=address)

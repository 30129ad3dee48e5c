"""What happens with every log-in, whichever page it came through, and with an address that is a dead one."""

import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts import selectors, services
from accounts.models import User
from accounts.selectors import is_first_login
from accounts.services.language import keep_language, take_choice
from portal.shared import kept
from portal.shared.signals import about_to_send, address_refused


@receiver(user_logged_in, dispatch_uid="accounts.start_session")
def start_session(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Note when and where the session began, for its limits and its owner; forget what another one left."""
    for moment in ("started_at", "seen_at", "noted_at"):
        request.session[moment] = int(time.time())
    address, agent = getattr(request, "client_address", None), request.META.get("HTTP_USER_AGENT", "")
    services.begin_session(session=request.session, user=user, address=address, agent=agent)
    for key in ("registration", "registration_done"):
        request.session.pop(key, None)
    kept.forget(request.session, unless_of=str(user.pk))
    _keep_language(request, user, address)
    if user.member_id and user.phone_is_mobile and not user.phone_confirmed_at and is_first_login(user):
        _offer_to_prove_phone(request)


def _keep_language(request: HttpRequest, user: User, address: str | None) -> None:
    """Let the account speak the language that was chosen just before; without one, its own rules over the browser's."""
    chosen = take_choice(request.session)
    if chosen in dict(settings.LANGUAGES) and chosen != user.language:
        keep_language(user, chosen, address=address)
        messages.info(request, _("We will use this language for you from now on, also when we write to you."))


def _offer_to_prove_phone(request: HttpRequest) -> None:
    words = _("Your mobile phone is not confirmed. Once it is, a code by text can let you back in.")
    link = format_html('<a href="{}">{}</a>', reverse("accounts:change_phone"), _("Confirm your mobile phone"))
    messages.info(request, format_html("{} {}", words, link))


@receiver(user_logged_out, dispatch_uid="accounts.end_session")
def end_session(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Take the session off its owner's list."""
    services.close_session(session=request.session)


@receiver(address_refused, dispatch_uid="accounts.note_dead_address")
def note_dead_address(sender: Any, channel: str, address: str, **kwargs: Any) -> None:
    """Raise the member's banner and the staff's task for an address at which nothing arrives."""
    services.note_dead_address(channel=channel, address=address)


@receiver(about_to_send, dispatch_uid="accounts.check_consent")
def check_consent(sender: Any, message: Any, **kwargs: Any) -> bool | None:
    """Take back a text whose reader withdrew consent, or changed the number, before it went out."""
    consent_id = message.about.get("consent")
    return selectors.is_consent_in_force(consent_id) if consent_id else None

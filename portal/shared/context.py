"""What every page knows about the site."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from portal.shared import texting
from portal.shared.banner import banner_text, seal_file


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the agency's facts and the session's limits for the page frame."""
    return {
        "languages": settings.LANGUAGES,  # not Django's own tag: it would translate the name of English
        "portal_name": settings.SITE_NAME,  # "site_name" would be hidden by what Django's log-in view calls so
        "site_official": settings.SITE_OFFICIAL,
        "site_banner": banner_text(),
        "site_seal": reverse("seal") if seal_file() else "",
        "uses_sandbox": settings.STRIPE_SECRET_KEY.startswith("sk_test_sandbox_"),
        "texts_offered": texting.is_offered(),
        "support_name": settings.SUPPORT_NAME,
        "support_phone": settings.SUPPORT_PHONE,
        "support_tty": settings.SUPPORT_TTY,
        "support_hours": settings.SUPPORT_HOURS,
        "connector_phone": settings.CONNECTOR_PHONE,
        "connector_tty": settings.CONNECTOR_TTY,
        "connector_url": settings.CONNECTOR_URL,
        "session_idle_seconds": settings.SESSION_IDLE_SECONDS,
        "session_warning_seconds": settings.SESSION_WARNING_SECONDS,
    }

"""What production refuses to start with."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register, run_checks
from django.core.exceptions import ImproperlyConfigured

LEAST_YEARS = 2
BOUNCE_SECRET_LENGTH = 32  # characters
KEY_LENGTH, KEY_VARIETY = 50, 5  # characters, different characters: Django's own measure


def refuse_wrong_settings() -> None:
    """Raise ImproperlyConfigured with every fault that Django's and our own checks find in the settings."""
    wrong = [message for message in run_checks() if message.is_serious()]
    if wrong:
        raise ImproperlyConfigured("\n".join(map(str, wrong)))


@register()
def production_is_in_earnest(**_: Any) -> list[CheckMessage]:
    """Refuse settings of the sandbox, open hosts, plain http and weak secrets when the settings are production's."""
    if settings.SETTINGS_MODULE != "portal.settings.production":
        return []
    parts = (
        _gateway_problems,
        _place_problems,
        _text_problems,
        _bounce_problems,
        _banner_problems,
        _record_problems,
    )
    problems = [text for part in parts for text in part()]
    return [Error(text, id=f"portal.E{number:03d}") for number, text in enumerate(problems, start=1)]


def _gateway_problems() -> Iterator[str]:
    secret, public = settings.STRIPE_SECRET_KEY, settings.STRIPE_PUBLISHABLE_KEY
    if any("sandbox" in key for key in (secret, public, *settings.STRIPE_WEBHOOK_SECRETS)):
        yield "A key of the sandbox is set. Set the gateway's own STRIPE_ keys."
    if not secret.startswith(("sk_", "rk_")) or not public.startswith("pk_"):
        yield "STRIPE_SECRET_KEY must begin with sk_ or rk_, STRIPE_PUBLISHABLE_KEY with pk_."
    elif public.startswith("pk_live_") != settings.STRIPE_LIVE:
        yield "STRIPE_SECRET_KEY and STRIPE_PUBLISHABLE_KEY must be of the same mode, live or test."
    if not any(settings.STRIPE_WEBHOOK_SECRETS):
        yield "STRIPE_WEBHOOK_SECRET is empty: every call of the gateway would be refused."
    if settings.STRIPE_API_BASE != "https://api.stripe.com":
        yield "STRIPE_API_BASE must not be set in production."
    if not settings.STRIPE_JS_URL.startswith("https://js.stripe.com/"):
        yield "STRIPE_JS_URL must not be set in production."
    if settings.PAYMENT_GATEWAY != "payments.gateway.stripe_adapter.StripeGateway":
        yield "PAYMENT_GATEWAY must be the Stripe adapter."
    if settings.DEPLOYMENT_ID in ("", "development", "tests"):
        yield "DEPLOYMENT_ID must name this deployment, so that no other one takes its payments for its own."


def _place_problems() -> Iterator[str]:
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        yield "DATABASE_URL must name a PostgreSQL database (postgresql://...)."
    if not settings.REDIS_URL:
        yield "REDIS_URL is empty: the worker and all web processes share it."
    if "*" in settings.ALLOWED_HOSTS or not any(settings.ALLOWED_HOSTS):
        yield "ALLOWED_HOSTS must name the portal's own hosts."
    if not settings.SITE_URL.startswith("https://"):
        yield "SITE_URL must begin with https://."
    if len(settings.SECRET_KEY) < KEY_LENGTH or len(set(settings.SECRET_KEY)) < KEY_VARIETY:
        yield "SECRET_KEY must have 50 characters or more, and be random."
    if settings.EMAIL_BACKEND != "django.core.mail.backends.smtp.EmailBackend":
        yield "EMAIL_URL must name a mail server (smtp+tls://...)."
    elif not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        yield "EMAIL_URL must name an encrypted connection (smtp+tls:// or smtp+ssl://)."


def _banner_problems() -> Iterator[str]:
    for name in ("SITE_BANNER_FILE", "SITE_SEAL_FILE"):
        file = getattr(settings, name)
        if file and not Path(file).is_file():
            yield f"{name} must name a file that can be read."


def _text_problems() -> Iterator[str]:
    if settings.TWILIO_API_BASE != "https://api.twilio.com":
        yield "TWILIO_API_BASE must not be set in production."
    if settings.TEXT_SENDER not in ("", "portal.shared.texting.twilio.TwilioSender"):
        yield "TEXT_SENDER must be the Twilio adapter."
    if not settings.TWILIO_ACCOUNT_SID:
        return
    if not settings.TWILIO_AUTH_TOKEN or not (settings.TWILIO_FROM or settings.TWILIO_MESSAGING_SERVICE_SID):
        yield "TWILIO_ACCOUNT_SID needs TWILIO_AUTH_TOKEN and TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID beside it."
    if "sandbox" in settings.TWILIO_AUTH_TOKEN:
        yield "TWILIO_AUTH_TOKEN is the sandbox's. Set the account's own."


def _bounce_problems() -> Iterator[str]:
    if settings.BOUNCE_WEBHOOK_SECRET and len(settings.BOUNCE_WEBHOOK_SECRET) < BOUNCE_SECRET_LENGTH:
        yield f"BOUNCE_WEBHOOK_SECRET must have {BOUNCE_SECRET_LENGTH} characters or more, and be random."


def _record_problems() -> Iterator[str]:
    if settings.AUTHORIZATION_KEPT_YEARS < LEAST_YEARS:
        yield "AUTHORIZATION_KEPT_YEARS must be 2 or more: bank authorizations are kept that long by Nacha's rules."

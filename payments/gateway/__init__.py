"""The gateway in use: chosen by a setting, made once a process."""

from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from payments.gateway.port import Gateway


def gateway() -> Gateway:
    """Return the gateway that settings.PAYMENT_GATEWAY names."""
    return _made(settings.PAYMENT_GATEWAY, settings.STRIPE_API_BASE)


@lru_cache(maxsize=8)
def _made(path: str, base: str) -> Gateway:
    made: Gateway = import_string(path)()
    return made

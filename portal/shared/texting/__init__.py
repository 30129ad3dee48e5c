"""Text messages: the sender in use, chosen by a setting, made once a process."""

from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from portal.shared.texting.port import TextSender


def is_offered() -> bool:
    """Return whether text messages can be sent at all."""
    return bool(settings.TEXT_SENDER)


def text_sender() -> TextSender:
    """Return the sender that settings.TEXT_SENDER names."""
    return _made(settings.TEXT_SENDER)


@lru_cache(maxsize=8)
def _made(path: str) -> TextSender:
    made: TextSender = import_string(path)()
    return made

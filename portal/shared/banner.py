"""The agency's own words and seal at the head of every page: files of its own, which do not come with this code."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language

FALLBACK = "en"


def banner_text() -> str:
    """Return the banner in the language of the page, or else in English; '' until the site is official.

    The file has one line a language, as in `es: ...`. Raises OSError when it cannot be read.
    """
    if not (settings.SITE_OFFICIAL and settings.SITE_BANNER_FILE):
        return ""
    lines = _lines(settings.SITE_BANNER_FILE)
    return lines.get(get_language() or FALLBACK) or lines.get(FALLBACK, "")


def seal_file() -> Path | None:
    """Return where the picture of the seal lies; None until the site is official."""
    return Path(settings.SITE_SEAL_FILE) if settings.SITE_OFFICIAL and settings.SITE_SEAL_FILE else None


@cache
def _lines(file: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in Path(file).read_text("utf-8").splitlines())
    return {language.strip(): text.strip() for language, colon, text in pairs if colon}

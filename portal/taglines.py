"""The notice of free language help, in the languages that people in Massachusetts speak most (45 CFR 92.11)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

FILE = Path(__file__).resolve().parent.parent / "locale" / "taglines.toml"


@dataclass(frozen=True)
class Tagline:
    """The notice in one language, with its direction (ltr or rtl)."""

    lang: str
    name: str
    dir: str
    text: str


def in_all_languages() -> list[Tagline]:
    """Return the notice in every language, with the agency's telephone numbers."""
    facts = {"phone": settings.SUPPORT_PHONE, "tty": settings.SUPPORT_TTY}
    return [
        Tagline(lang, entry["name"], entry.get("dir", "ltr"), entry["text"].format_map(facts))
        for lang, entry in _entries().items()
    ]


@cache
def _entries() -> dict[str, dict[str, str]]:
    return tomllib.loads(FILE.read_text("utf-8"))

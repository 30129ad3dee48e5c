"""The languages of the portal, as locale/languages.toml lists them, and the one that Django does not know."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.conf import locale

REVIEW_STATES = ("source", "reviewed", "unreviewed")


@dataclass(frozen=True)
class Language:
    """One language; `name` is in its own tongue, `review` one of REVIEW_STATES."""

    code: str
    name: str
    offered: bool
    review: str


def listed(file: Path) -> list[Language]:
    """Return every language of the list, in its order. Raises ValueError for a review state that is none."""
    languages = [Language(code=code, **facts) for code, facts in tomllib.loads(file.read_text("utf-8")).items()]
    wrong = [language.code for language in languages if language.review not in REVIEW_STATES]
    if wrong:
        raise ValueError(f"{file.name}: review must be one of {', '.join(REVIEW_STATES)}: {', '.join(wrong)}")
    return languages


def teach_django() -> None:
    """Tell Django of Haitian Creole: without an entry it takes the code for a mistake."""
    creole = {"bidi": False, "code": "ht", "name": "Haitian Creole", "name_local": "Kreyòl ayisyen"}
    locale.LANG_INFO.setdefault("ht", creole)

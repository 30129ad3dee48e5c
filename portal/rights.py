"""The notices that federal law wants: free help in every language, and no discrimination (Section 1557)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

TAGLINES = Path(__file__).resolve().parent.parent / "locale" / "taglines.toml"
OFFICE_FOR_CIVIL_RIGHTS = {  # as 45 CFR 92.10 wants it named
    "url": "https://ocrportal.hhs.gov/",
    "url_text": "ocrportal.hhs.gov",
    "address": "U.S. Department of Health and Human Services, 200 Independence Avenue SW, Room 509F, HHH Building, "
    "Washington, DC 20201",
    "phone": "(800) 368-1019",
    "tty": "(800) 537-7697",
}


@dataclass(frozen=True)
class Tagline:
    """The notice of free language help in one language, with its direction (ltr or rtl)."""

    lang: str
    name: str
    dir: str
    text: str


@require_safe
@login_not_required
def languages(request: HttpRequest) -> HttpResponse:
    """The notice of free language help and of aids, in the languages that people here speak (45 CFR 92.11)."""
    return render(request, "pages/help_languages.html", {"taglines": taglines()})


@require_safe
@login_not_required
def rights(request: HttpRequest) -> HttpResponse:
    """The notice of non-discrimination (45 CFR 92.10)."""
    facts = {"contact": settings.RIGHTS_CONTACT, "office": OFFICE_FOR_CIVIL_RIGHTS}
    return render(request, "pages/rights.html", facts)


def taglines() -> list[Tagline]:
    """Return the notice in every language, with the agency's telephone numbers."""
    facts = {"phone": settings.SUPPORT_PHONE, "tty": settings.SUPPORT_TTY}
    return [
        Tagline(lang, entry["name"], entry.get("dir", "ltr"), entry["text"].format_map(facts))
        for lang, entry in _entries().items()
    ]


@cache
def _entries() -> dict[str, dict[str, str]]:
    return tomllib.loads(TAGLINES.read_text("utf-8"))

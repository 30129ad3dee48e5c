"""Gathers the words that members read into the catalogues, for every language of the list or those named with -l."""

import os
from typing import Any

from django.conf import settings
from django.core.management.commands import makemessages

NOT_FOR_MEMBERS = [
    *("tests", "sandbox", "bench", "docs", "node_modules", "staticfiles", ".venv", ".data", "requirements*.txt"),
    *("*/admin/*", "*/admin.py", "*/management/*", "*/books_disagree.*"),  # staff read English
]
PLURALS = {"ht": "nplurals=2; plural=(n != 1);"}  # of languages that Django does not know; "yo" marks what is many


class Command(makemessages.Command):
    """Django's command with the choices of this house: what only staff read is left out, and nothing obsolete stays."""

    help = "Gather the words that members read into locale/<language>/LC_MESSAGES/django.po."

    def handle(self, *args: Any, **options: Any) -> None:
        ours = [one.code for one in settings.ALL_LANGUAGES if one.review != "source"]
        chosen = options["locale"] or [_locale(code) for code in ours]
        for name in chosen:
            os.makedirs(settings.LOCALE_PATHS[0] / name / "LC_MESSAGES", exist_ok=True)
        options |= {"locale": chosen, "ignore_patterns": NOT_FOR_MEMBERS, "no_obsolete": True, "add_location": "file"}
        super().handle(*args, **options)

    def copy_plural_forms(self, msgs: str, locale: str) -> str:
        """Return the catalogue with the language's plural rule: ours where Django has none."""
        if locale in PLURALS:
            return msgs.replace("nplurals=INTEGER; plural=EXPRESSION;", PLURALS[locale])
        return super().copy_plural_forms(msgs, locale)


def _locale(code: str) -> str:
    """Return the folder's name of a language: pt-br -> pt_BR, zh-hans -> zh_Hans."""
    language, _dash, rest = code.partition("-")
    return f"{language}_{rest.upper() if len(rest) == len('br') else rest.title()}" if rest else language

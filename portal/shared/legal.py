"""Words that bind someone: in a translation that nobody has reviewed they stand beside their English, which counts."""

from collections.abc import Callable

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

_APART = "\n\n* * *\n\n"


def is_unreviewed() -> bool:
    """Return whether the language that is active has a catalogue that no person has reviewed."""
    return get_language() in settings.UNREVIEWED_LANGUAGES


def which_counts() -> str:
    """Return the sentence that says which of the two texts rules, in the language that is active."""
    return _("This is a translation. If it differs from the English text, the English text counts.")


def beside_english(make: Callable[[], str]) -> str:
    """Return what `make` gives in the reader's language; with its English behind it while the language is unreviewed.

    It is one text, so that what is shown, sealed and recorded is the same; `apart` takes it apart for a page.
    """
    own = make()
    if not is_unreviewed():
        return own
    with translation.override("en"):
        english = make()
    return f"{own}\n\n{which_counts()}{_APART}{english}"


def apart(text: str) -> tuple[str, str]:
    """Return a text as its own and its English part; the English is '' where there is none beside it."""
    own, _mark, english = text.partition(_APART)
    return own, english

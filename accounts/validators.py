"""What a new password may not be."""

import re
import unicodedata
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rules import (
    Context,
    Held,
    fewest_pieces,
    is_too_simple,
    normal_password,
    repeated_piece,
    spellings_undone,
    what_password_holds,
)

WORDS: dict[Held, Any] = {
    Held.USERNAME: gettext_lazy("Your password must not hold your username."),
    Held.NAME: gettext_lazy("Your password must not hold your name."),
    Held.MASSHEALTH_ID: gettext_lazy("Your password must not hold your MassHealth ID."),
    Held.BIRTH_DATE: gettext_lazy("Your password must not hold your date of birth."),
    Held.SITE_WORDS: gettext_lazy("Your password must not hold the name of this site or program."),
}
KNOWN_PHRASES = (
    *("correcthorsebatterystaple", "thequickbrownfox", "jumpsoverthelazydog", "maytheforcebewithyou"),
    *("tobeornottobe", "loremipsumdolor", "onceuponatime", "opensesame", "happybirthdaytoyou", "inthebeginning"),
    *("onetwothreefour", "twinkletwinkle", "maryhadalittlelamb", "wethepeople", "ourfatherwhoartinheaven"),
)


class LengthValidator:
    """Between `min_length` and `max_length` characters, as the owner sees them: code points after NFKC count."""

    def __init__(self, min_length: int, max_length: int) -> None:
        self.min_length, self.max_length = min_length, max_length

    def validate(self, password: str, user: Any = None) -> None:
        length = len(unicodedata.normalize("NFC", password))
        if length < self.min_length:
            raise ValidationError(
                _("Use at least %(min)d characters. Four short words work well."),
                code="password_too_short",
                params={"min": self.min_length},
            )
        if length > self.max_length:
            raise ValidationError(
                _("Use at most %(max)d characters."), code="password_too_long", params={"max": self.max_length}
            )

    def get_help_text(self) -> str:
        return _(
            "Use %(min)d characters or more. Four short words that only you would put together work well. "
            "Spaces are fine."
        ) % {"min": self.min_length}


class GuessedFirstValidator(CommonPasswordValidator):
    """Not one or two passwords of the list of common ones, whatever is hung on or put for their letters.

    Nor a run along the keyboard, a phrase that everyone knows, or the words of our own hint.
    """

    def validate(self, password: str, user: Any = None) -> None:
        text = normal_password(password).casefold().strip()
        whole = {text, repeated_piece(text.replace(" ", ""))}
        if is_too_simple(text) or whole & self.passwords or any(map(self._is_guessed, spellings_undone(text))):
            raise ValidationError(
                _("Many people use this password, or it is easy to guess. Choose another one."),
                code="password_too_common",
            )

    def _is_guessed(self, letters: str) -> bool:
        if any(phrase in letters for phrase in KNOWN_PHRASES):
            return True
        is_common = fewest_pieces(repeated_piece(letters), self.passwords, most=2) is not None
        return is_common or fewest_pieces(letters, _words_of_the_hint(), most=len(letters)) is not None

    def get_help_text(self) -> str:
        return _("Do not use a password that many people use.")


def _words_of_the_hint() -> set[str]:
    """Return the words with which the page tells how to make a password; whoever reads it knows them."""
    return set(re.findall(r"[^\W\d_]+", LengthValidator(0, 0).get_help_text().casefold()))


class ContextWordsValidator:
    """Holds nothing that a stranger may know of the owner or of this site."""

    def validate(self, password: str, user: Any = None) -> None:
        held = what_password_holds(password, _context(user))
        if held:
            raise ValidationError([ValidationError(WORDS[what], code=f"holds_{what}") for what in held])

    def get_help_text(self) -> str:
        return _("Do not use your name, username, MassHealth ID, date of birth or the name of this site.")


def _context(user: Any) -> Context:
    site_words = tuple(settings.PASSWORD_SITE_WORDS)
    if user is None:
        return Context(site_words=site_words)
    member = getattr(user, "member", None)
    return Context(
        username=getattr(user, "username", ""),
        names=(member.first_name, member.last_name) if member else (),
        masshealth_id=member.masshealth_id if member else "",
        born=member.date_of_birth if member else None,
        site_words=site_words,
    )

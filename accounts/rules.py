"""How what people type is cleaned and compared, and which passwords are too easily guessed."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ID_LENGTH = 12
CONNECTOR_LENGTH, CONNECTOR_START = 9, "7"  # a Health Connector billing account: design/domain.md
OLDEST_YEARS = 125
KEYBOARD_RUNS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_HYPHENS = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
_DAY_SHAPES = [
    re.compile(r"(?P<month>\d\d?) *[ /.-] *(?P<day>\d\d?) *[ /.-] *(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<month>\d\d)(?P<day>\d\d)(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", re.ASCII),
]
_LETTERS_ALONE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "\u0131": "i"})


class IdProblem(StrEnum):
    """Why something typed cannot be a MassHealth ID."""

    EMPTY = "empty"
    CONNECTOR = "connector"
    OTHER_DIGITS = "other_digits"
    NOT_DIGITS = "not_digits"
    COUNT = "count"


class NotAMassHealthId(ValueError):
    """What was typed is not a MassHealth ID; `problem` says why and `digits` how many digits it has."""

    def __init__(self, problem: IdProblem, digits: int) -> None:
        super().__init__(problem)
        self.problem, self.digits = problem, digits


def clean_masshealth_id(typed: str) -> str:
    """Return the 12 ASCII digits of an ID typed with or without spaces and hyphens. Raises NotAMassHealthId."""
    text = "".join(character for character in typed if not (character.isspace() or character in _HYPHENS))
    if not text:
        raise NotAMassHealthId(IdProblem.EMPTY, 0)
    if not (text.isascii() and text.isdigit()):
        problem = IdProblem.OTHER_DIGITS if text.isdecimal() else IdProblem.NOT_DIGITS
        raise NotAMassHealthId(problem, len(text))
    if len(text) == CONNECTOR_LENGTH and text.startswith(CONNECTOR_START):
        raise NotAMassHealthId(IdProblem.CONNECTOR, len(text))
    if len(text) != ID_LENGTH:
        raise NotAMassHealthId(IdProblem.COUNT, len(text))
    return text


def comparable_name(name: str) -> str:
    """Return a name as it is searched: lower case, no accents or punctuation, hyphens as single spaces."""
    text = "".join(" " if character in _HYPHENS else character for character in name)
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS_ALONE))
    kept = "".join(character for character in text if character.isalnum() or character.isspace())
    return " ".join(kept.split())


def is_same_name(one: str, other: str) -> bool:
    """Return whether two names differ at most in case, accents, hyphens, apostrophes and spaces."""
    one, other = (comparable_name(name).replace(" ", "") for name in (one, other))
    return bool(one) and one == other


def normal_password(password: str) -> str:
    """Return a password as it is hashed and compared: NFKC, so that every keyboard gives the same (NIST 800-63B-4)."""
    return unicodedata.normalize("NFKC", password)


def typed_day(typed: str) -> date:
    """Return the day written month first ('4/27/1970', '04271970') or as browsers fill it in ('1970-04-27').

    Raises ValueError for anything else, two-digit years and days that never were included.
    """
    for shape in _DAY_SHAPES:
        if match := shape.fullmatch(typed.strip()):
            return date(int(match["year"]), int(match["month"]), int(match["day"]))
    raise ValueError("not a day")


def is_possible_birth_date(day: date, *, today: date) -> bool:
    """Return whether someone alive can be born on this day."""
    return day <= today and day.year >= today.year - OLDEST_YEARS


def is_too_simple(password: str) -> bool:
    """Return whether a password is one short piece again and again, or a run of the alphabet or keyboard."""
    text = password.casefold()
    return len(set(text)) < 5 or len(repeated_piece(text)) <= 4 or _is_run(text)


def repeated_piece(text: str) -> str:
    """Return the shortest piece that, repeated and cut, gives the text: 'abcabca' -> 'abc'."""
    for length in range(1, len(text)):
        if text[length:] == text[:-length]:
            return text[:length]
    return text


def _is_run(text: str) -> bool:
    return any(
        text in (run * (len(text) // len(run) + 2)) or text in (run[::-1] * (len(text) // len(run) + 2))
        for run in KEYBOARD_RUNS
    )


@dataclass(frozen=True)
class Context:
    """What is known of a password's owner."""

    username: str = ""
    names: tuple[str, ...] = ()
    masshealth_id: str = ""
    born: date | None = None
    site_words: tuple[str, ...] = ()


class Held(StrEnum):
    """What a password holds that a stranger may know."""

    USERNAME = "username"
    NAME = "name"
    MASSHEALTH_ID = "masshealth_id"
    BIRTH_DATE = "birth_date"
    SITE_WORDS = "site_words"


def what_password_holds(password: str, context: Context) -> list[Held]:
    """Return what of its owner or of the site a password contains, whatever the case, accents and separators."""
    words = comparable_name(re.sub(r"[\W_]+", " ", normal_password(password))).split()
    text = "".join(words)
    digits = re.sub(r"[^0-9]", "", normal_password(password))
    found = {
        Held.USERNAME: _holds_word(context.username, text, words),
        Held.NAME: any(_holds_word(part, text, words) for name in context.names for part in _parts(name)),
        Held.MASSHEALTH_ID: bool(context.masshealth_id) and context.masshealth_id in digits,
        Held.BIRTH_DATE: any(spelling in digits for spelling in _spellings(context.born)),
        Held.SITE_WORDS: any(_holds_word(word, text, words) for word in context.site_words),
    }
    return [what for what, is_held in found.items() if is_held]


def _parts(name: str) -> Iterator[str]:
    yield name
    yield from comparable_name(name).split()


def _holds_word(word: str, text: str, words: list[str]) -> bool:
    """Short names such as Li count only as a word of their own; else no phrase with 'like' in it would do."""
    plain = comparable_name(re.sub(r"[\W_]+", " ", word)).replace(" ", "")
    return bool(plain) and (plain in text if len(plain) >= 4 else plain in words)


def _spellings(day: date | None) -> set[str]:
    if day is None:
        return set()
    shapes = ("%Y%m%d", "%m%d%Y", "%d%m%Y", "%m%d%y", "%d%m%y", "%y%m%d")
    return {day.strftime(shape) for shape in shapes} | {f"{day.month}{day.day}{day.year}"}

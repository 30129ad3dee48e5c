"""How what people type is cleaned and compared, which passwords are too easily guessed, and what a device is called."""

import ipaddress
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import zip_longest

ID_LENGTH = 12
CONNECTOR_LENGTH, CONNECTOR_START = 9, "7"  # a Health Connector billing account: design/domain.md
OLDEST_YEARS = 125
SURE_LETTERS = 4  # a name this long is no accident inside another word
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
KEYBOARD_RUNS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_HYPHENS = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
_LOOKALIKES = str.maketrans("OoQIl|", "000111")
_DAY_SHAPES = [
    re.compile(r"(?P<month>\d\d?) *[ /.-] *(?P<day>\d\d?) *[ /.-] *(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<month>\d\d)(?P<day>\d\d)(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", re.ASCII),
]
_PARTS = re.compile(r"[^\W\d_]+|\d+")
_BESIDE_DAYS = {"st", "nd", "rd", "th", "of", "the"}
_SUBSTITUTES = [str.maketrans("013457@$", f"o{one}eastas") for one in "il"]
_BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d_])[013457@$]+(?=[^\W\d_])")
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


class DigitsProblem(StrEnum):
    """Why something typed is not a row of digits."""

    OTHER_DIGITS = "other_digits"
    LOOKALIKES = "lookalikes"
    NOT_DIGITS = "not_digits"


class NotDigits(ValueError):
    """What was typed is not digits alone; `problem` says why."""

    def __init__(self, problem: DigitsProblem) -> None:
        super().__init__(problem)
        self.problem = problem


def clean_digits(typed: str) -> str:
    """Return the ASCII digits of a number typed with or without spaces and hyphens. Raises NotDigits."""
    text = "".join(character for character in typed if not (character.isspace() or character in _HYPHENS))
    if not text or (text.isascii() and text.isdigit()):
        return text
    if text.isdecimal():
        raise NotDigits(DigitsProblem.OTHER_DIGITS)
    meant = text.translate(_LOOKALIKES)
    raise NotDigits(DigitsProblem.LOOKALIKES if meant.isascii() and meant.isdigit() else DigitsProblem.NOT_DIGITS)


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


def spellings_undone(password: str) -> set[str]:
    """Return the letters that a password may stand for: its own, and those that digits and signs were put for."""
    text = password.casefold()
    shapes = {text}
    for table in _SUBSTITUTES:
        between = _BETWEEN_LETTERS.split(text), _BETWEEN_LETTERS.findall(text)
        undone = [plain + sign.translate(table) for plain, sign in zip_longest(*between, fillvalue="")]
        shapes |= {text.translate(table), "".join(undone)}
    return {"".join(filter(str.isalpha, shape)) for shape in shapes} - {""}


def fewest_pieces(text: str, words: Collection[str], *, most: int) -> int | None:
    """Return into how many of the words a text can be cut, or None when it takes more than `most` or cannot be."""
    longest = max(map(len, words), default=0)
    fewest: list[int | None] = [0] + [None] * len(text)
    for end in range(1, len(text) + 1):
        starts = range(max(0, end - longest), end)
        counts = [count + 1 for start in starts if (count := fewest[start]) is not None and text[start:end] in words]
        fewest[end] = min((count for count in counts if count <= most), default=None)
    return fewest[-1]


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
        Held.BIRTH_DATE: context.born is not None and _holds_day(password, context.born),
        Held.SITE_WORDS: any(_holds_word(word, text, words) for word in context.site_words),
    }
    return [what for what, is_held in found.items() if is_held]


def _parts(name: str) -> Iterator[str]:
    yield name
    yield from comparable_name(name).split()


def _holds_word(word: str, text: str, words: list[str]) -> bool:
    """Short names such as Li and Ana count as a word of their own or said twice; else no phrase with 'like' would do.

    In a phrase without spaces nothing shows where its words end, so there three letters count wherever they stand.
    """
    plain = comparable_name(re.sub(r"[\W_]+", " ", word)).replace(" ", "")
    is_nearly_sure = len(plain) == SURE_LETTERS - 1
    if len(plain) >= SURE_LETTERS or (is_nearly_sure and len(words) == 1):
        return plain in text
    is_twice = is_nearly_sure and any(plain * 2 in other for other in words)
    return bool(plain) and (is_twice or any(not other.replace(plain, "") for other in words))


def _holds_day(password: str, day: date) -> bool:
    """Return whether a day stands there in any order, its month a number or a name, its year long or short."""
    text = normal_password(password).casefold()
    parts = [part for part in _PARTS.findall(text) if part not in _BESIDE_DAYS]
    if any(_is_day(parts[start : start + 3], day) for start in range(len(parts) - 2)):
        return True
    digits = re.sub(r"[^0-9]", "", text)
    shapes = ("%Y%m%d", "%m%d%Y", "%d%m%Y", "%m%d%y", "%d%m%y", "%y%m%d")
    short = _orders(str(day.month), str(day.day), f"{day:%y}")
    long = _orders(str(day.month), str(day.day), f"{day:%Y}") | {day.strftime(shape) for shape in shapes}
    return any(shape in digits for shape in long) or not short.isdisjoint(parts)


def _orders(month: str, number: str, year: str) -> set[str]:
    return {month + number + year, number + month + year, year + month + number}


def _is_day(parts: list[str], day: date) -> bool:
    """Return whether three parts are a day's year, month and number, the year first or last."""
    name = MONTHS[day.month - 1]
    months = {str(day.month), f"{day.month:02}", name, name[:3], name[:4]}
    numbers, years = {str(day.day), f"{day.day:02}"}, {f"{day:%Y}", f"{day:%y}"}
    for year, (one, other) in ((parts[0], parts[1:]), (parts[2], parts[:2])):
        if year in years and ((one in months and other in numbers) or (one in numbers and other in months)):
            return True
    return False


BROWSERS = (  # what each calls itself; nearly all call themselves Chrome or Safari too, so these come last
    *(("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet")),
    *(
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Version/", "Safari"),
    ),
)
SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows")),
    *(("CrOS", "Chromebook"), ("Macintosh", "Mac"), ("Linux", "Linux")),
)


def device_of(user_agent: str) -> tuple[str, str]:
    """Return the families of browser and system that a browser says it is; '' for one that is not named here."""
    return _family(user_agent, BROWSERS), _family(user_agent, SYSTEMS)


def coarse_address(address: str | None) -> str:
    """Return a network address without the part that names one machine: '203.0.113.x'; '' when it is none."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    plain = getattr(ip, "ipv4_mapped", None) or ip
    if plain.version == 4:
        return plain.exploded.rpartition(".")[0] + ".x"
    return ":".join(part.lstrip("0") or "0" for part in plain.exploded.split(":")[:3]) + ":x"


def _family(text: str, families: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in families if mark in text), "")

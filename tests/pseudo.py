"""A language that nobody speaks: every word of ours accented, in brackets and 40% longer, so that what is not shows."""

import re
from html.parser import HTMLParser
from pathlib import Path

import polib
from django.conf import locale
from django.utils import formats

CODE = "qq"
HOLE = re.compile(r"(%\(\w+\)[a-z]|%%|%[sd]|(?<!{){\w*}(?!}))")
ACCENTS = str.maketrans("aeiouyAEIOUYcnszCNSZ", "áéíóúýÁÉÍÓÚÝçñšžÇÑŠŽ")
FILLING = "õñé ţŵó ŧĥŕéé ƒôúŕ ƒîṽé šîẋ šéṽéñ éîĝĥţ ñîñé ţéñ"
OPEN, CLOSE = "⟦", "⟧"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SPOKEN = ("aria-label", "alt", "title", "placeholder", "data-show-text", "data-hide-text")
WORD = re.compile(r"[^\W\d_]{2,}")


def pseudo(text: str) -> str:
    """Return a text in brackets, accented but for its placeholders, and at least 40% longer."""
    parts = [part if HOLE.fullmatch(part) else part.translate(ACCENTS) for part in HOLE.split(text)]
    plain = len(HOLE.sub("", text))
    more = -(-plain * 2 // 5)
    filling = (FILLING * (1 + more // len(FILLING)))[:more].strip().replace(" ", " " if " " in text else "")
    return f"{OPEN}{''.join(parts)}{' ' if ' ' in text else ''}{filling}{CLOSE}"


def write(words: polib.POFile, folder: Path) -> None:
    """Compile the catalogue of all these words under `folder`."""
    made = polib.POFile()
    made.metadata = {"Content-Type": "text/plain; charset=utf-8", "Plural-Forms": "nplurals=2; plural=(n != 1);"}
    for entry in words:
        forms = {0: pseudo(entry.msgid), 1: pseudo(entry.msgid_plural)} if entry.msgid_plural else {}
        text = "" if forms else pseudo(entry.msgid)
        made.append(
            polib.POEntry(
                msgctxt=entry.msgctxt,
                msgid=entry.msgid,
                msgid_plural=entry.msgid_plural,
                msgstr=text,
                msgstr_plural=forms,
            )
        )
    target = folder / CODE / "LC_MESSAGES"
    target.mkdir(parents=True)
    made.save_as_mofile(str(target / "django.mo"))


def speak(settings, folder: Path) -> None:
    """Offer the language whose catalogue is under `folder`, as one that was reviewed; days have their whole names."""
    locale.LANG_INFO.setdefault(CODE, {"bidi": False, "code": CODE, "name": "Pseudo", "name_local": "Pseudo"})
    settings.LOCALE_PATHS = [folder]
    settings.LANGUAGES = [("en", "English"), (CODE, "Pseudo")]
    settings.DATE_FORMAT, settings.DATETIME_FORMAT, settings.YEAR_MONTH_FORMAT = "F j, Y", "F j, Y, P", "F Y"
    formats.reset_format_cache()


def bare(text: str) -> str:
    """Return what stands in no brackets."""
    inmost = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
    while inmost.search(text):
        text = inmost.sub(" ", text)
    return text


class Reader(HTMLParser):
    """Gathers the texts of a page that are in the page's own language: its own text nodes and spoken attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.foreign: list[str] = []  # the open elements within one that is in another language, or no text at all

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        other = tag != "html" and facts.get("lang", CODE) != CODE
        if self.foreign or other or tag in ("script", "style", "datalist"):
            self.foreign += [] if tag in VOID else [tag]
            return
        self.texts += [value for name in SPOKEN if (value := facts.get(name))]
        if tag == "input" and facts.get("type") in ("submit", "button"):
            self.texts.append(facts.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if self.foreign and tag in self.foreign:
            while self.foreign.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.foreign and data.strip():
            self.texts.append(" ".join(data.split()))


def hard_coded(page: str, data: re.Pattern[str]) -> list[str]:
    """Return the texts of a page with words outside of brackets that are not data: what no translator can reach."""
    reader = Reader()
    reader.feed(page)
    # a sentence with a link in it comes in several pieces, so brackets are looked for in all of the page at once
    whole = bare("\n".join(reader.texts))
    return [line.strip() for line in whole.splitlines() if WORD.search(data.sub(" ", line))]

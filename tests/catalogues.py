"""The words that members read, as gettext's tools find them, and catalogues that are made for a test alone."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import polib
import pytest
from django.conf import locale
from django.core.management import call_command
from django.utils.translation import to_locale

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("portal", "accounts", "billing", "payments", "templates", "locale", "manage.py")
HOLES = re.compile(r"%\(\w+\)[a-z]|%[sd]|(?<!{){\w*}(?!})|%%|</?\w+|&\w+;")
Key = tuple[str, str]  # context and msgid


def extract(folder: Path, settings) -> polib.POFile:
    """Return what makemessages finds in the sources as they are now, gathered in a copy of them under `folder`."""
    for name in SOURCES:
        source, copy = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy)
    settings.LOCALE_PATHS = [folder / "locale"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        call_command("makemessages", locale=["qq"], verbosity=0)
    return polib.pofile(str(folder / "locale/qq/LC_MESSAGES/django.po"))


def keys(catalogue: Iterable[polib.POEntry]) -> set[Key]:
    return {(entry.msgctxt or "", entry.msgid) for entry in catalogue}


def holes(text: str) -> list[str]:
    """Return what a translation must hold unchanged: placeholders, tags, entities; sorted."""
    return sorted(HOLES.findall(text))


def faults(catalogue: polib.POFile, wanted: set[Key]) -> list[str]:
    """Return what is wrong with a catalogue that is offered to members, one line for each fault; empty when nothing."""
    found = [f"untranslated: {entry.msgid}" for entry in catalogue.untranslated_entries()]
    found += [f"fuzzy: {entry.msgid}" for entry in catalogue.fuzzy_entries()]
    found += [f"obsolete: {entry.msgid}" for entry in catalogue.obsolete_entries()]
    here = keys(entry for entry in catalogue if not entry.obsolete)
    found += [f"missing: {msgid}" for _context, msgid in sorted(wanted - here)]
    found += [f"in no page any more: {msgid}" for _context, msgid in sorted(here - wanted)]
    for entry in catalogue.translated_entries():
        found += [f"placeholders differ: {entry.msgid} -> {text}" for text in _with_other_holes(entry)]
    return found


def _with_other_holes(entry: polib.POEntry) -> list[str]:
    """Return the translations of an entry whose placeholders are not those of its English.

    One of several plural forms may leave out the number ("one more try"), as the English singular may.
    """
    if not entry.msgid_plural:
        return [entry.msgstr] if holes(entry.msgstr) != holes(entry.msgid) else []
    most, least = holes(entry.msgid_plural), holes(entry.msgid)
    texts = list(entry.msgstr_plural.values())
    return [text for text in texts if holes(text) not in (most, least)] or (
        [texts[-1]] if holes(texts[-1]) != most else []
    )


def write(folder: Path, locale: str, texts: dict[str, str], plural: str = "nplurals=2; plural=(n != 1);") -> None:
    """Write and compile a catalogue that holds these texts alone."""
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=utf-8", "Plural-Forms": plural}
    catalogue.extend(polib.POEntry(msgid=msgid, msgstr=text) for msgid, text in texts.items())
    target = folder / locale / "LC_MESSAGES"
    target.mkdir(parents=True)
    catalogue.save_as_mofile(str(target / "django.mo"))


def offer(settings, folder: Path, **catalogues: dict[str, str]) -> None:
    """Offer English and, for this test, languages with catalogues of these few texts; none of them is reviewed."""
    for code, texts in catalogues.items():
        write(folder, to_locale(code.replace("_", "-")), texts)
    codes = [code.replace("_", "-") for code in catalogues]
    settings.LOCALE_PATHS = [folder]
    settings.LANGUAGES = [("en", "English"), *((code, locale.LANG_INFO[code]["name_local"]) for code in codes)]
    settings.UNREVIEWED_LANGUAGES = set(codes)

"""Every language that is offered is complete, compiled and true to its English; and the words can be translated."""

from pathlib import Path

import django
import polib
import pytest
from django.forms import BaseForm
from django.urls import get_resolver
from django.utils import translation
from django.utils.translation import to_locale

from portal.shared import borrowed, languages
from tests.catalogues import ROOT, faults, holes, keys

LISTED = languages.listed(ROOT / "locale" / "languages.toml")
OFFERED = [one.code for one in LISTED if one.offered and one.review != "source"]
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'


def catalogue(code: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "locale" / to_locale(code) / "LC_MESSAGES" / "django.po"))


def test_every_language_that_is_offered_is_complete_and_true_to_its_english(words):
    assert {code: faults(catalogue(code), keys(words)) for code in OFFERED} == {code: [] for code in OFFERED}


@pytest.mark.parametrize("code", OFFERED or ["en"])
def test_what_is_compiled_is_what_was_translated(code):
    if code == "en":
        assert not (ROOT / "locale" / "en").exists()  # English is what the sources say
        return
    source = catalogue(code)
    compiled = polib.mofile(str(ROOT / "locale" / to_locale(code) / "LC_MESSAGES" / "django.mo"))
    assert spoken(compiled) == spoken(source)
    assert compiled.metadata["Plural-Forms"] == source.metadata["Plural-Forms"]


def spoken(entries) -> dict:
    return {(e.msgctxt or "", e.msgid): e.msgstr or e.msgstr_plural for e in entries if e.msgstr or e.msgstr_plural}


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "Pay"\nmsgstr ""\n', "untranslated: Pay"),
        ('#, fuzzy\nmsgid "Pay"\nmsgstr "Pagar"\n', "fuzzy: Pay"),
        ('msgid "Pay"\nmsgstr "Pagar"\n\n#~ msgid "Old"\n#~ msgstr "Viejo"\n', "obsolete: Old"),
        ('msgid "Other"\nmsgstr "Otro"\n', "missing: Pay"),
        ('msgid "Pay"\nmsgstr "Pagar"\n\nmsgid "Other"\nmsgstr "Otro"\n', "in no page any more: Other"),
        ('msgid "Pay"\nmsgstr "Pagar %(amount)s"\n', "placeholders differ: Pay -> Pagar %(amount)s"),
    ],
)
def test_a_fault_in_a_catalogue_is_found(entry, fault, tmp_path):
    (tmp_path / "django.po").write_text(HEAD + "\n" + entry)
    assert fault in faults(polib.pofile(str(tmp_path / "django.po")), {("", "Pay")})


@pytest.mark.parametrize(
    ("forms", "count"),
    [
        (["%(count)s intento", "%(count)s intentos"], 0),
        (["un intento", "%(count)s intentos"], 0),
        (["un intento", "intentos"], 1),
        (["%(cuenta)s intento", "%(count)s intentos"], 1),
    ],
)
def test_plural_forms_must_hold_the_number_where_it_may_vary(forms, count):
    entry = polib.POEntry(
        msgid="one try", msgid_plural="%(count)s tries", msgstr_plural=dict(enumerate(forms)), flags=["python-format"]
    )
    made = polib.POFile()
    made.append(entry)
    assert len(faults(made, {("", "one try")})) == count


def test_the_words_of_pages_forms_messages_and_choices_are_gathered_and_those_of_staff_are_not(words):
    gathered = {msgid for _context, msgid in keys(words)}
    for text in ("Log out", "Enter your first name.", "We never ask for your password.", "This field is required."):
        assert text in gathered
    places = {file for entry in words for file, _line in entry.occurrences}
    assert [place for place in places if "admin" in place or "management" in place or "books_disagree" in place] == []


def test_every_sentence_can_be_translated_as_a_whole(words):
    """No mark-up within, no empty ends, and no two nameless holes whose order a language could not change."""
    texts = [text for entry in words for text in (entry.msgid, entry.msgid_plural) if text]
    assert [text for text in texts if "<" in text or "&nbsp;" in text] == []
    assert [text for text in texts if text != text.strip() or "\n" in text] == []
    assert [text for text in texts if sum(hole in ("%s", "%d", "{}") for hole in holes(text)) > 1] == []


def test_what_is_borrowed_is_letter_for_letter_what_django_says():
    file = Path(django.__file__).parent / "conf/locale/es/LC_MESSAGES/django.mo"
    known = {entry.msgid for entry in polib.mofile(str(file))}
    auth = Path(django.__file__).parent / "contrib/auth/locale/es/LC_MESSAGES/django.mo"
    known |= {entry.msgid for entry in polib.mofile(str(auth))}
    groups = (borrowed.FORMS, borrowed.LOG_IN, borrowed.MONTHS, borrowed.DAYS, borrowed.HOURS)
    assert [text for group in groups for text in group if text not in known] == []
    facts = {"limit_value": 2, "show_value": 1, "max": 2, "length": 1}
    english = [str(one) % facts for one in borrowed.COUNTED]
    with translation.override("es"):  # Django's own Spanish answers
        assert [text for one, text in zip(borrowed.COUNTED, english, strict=True) if str(one % facts) == text] == []


def forms_below(kind: type) -> set[type]:
    return {form for child in kind.__subclasses__() for form in {child, *forms_below(child)}}


def complaints() -> dict[tuple, str]:
    """Return what each field of a member's form may say, in the language that is active."""
    assert get_resolver().url_patterns  # every form is known then
    rooms = ("accounts.forms", "billing.forms", "payments.forms")
    fields = {
        (form.__name__, name): field
        for form in forms_below(BaseForm)
        if form.__module__.startswith(rooms)
        for name, field in form.base_fields.items()
    }
    own = {(*key, code): said for key, field in fields.items() for code, said in field.error_messages.items()}
    checks = {(*key, type(check).__name__): check for key, field in fields.items() for check in field.validators}
    said = own | {key: check.message for key, check in checks.items() if getattr(check, "message", "")}
    counts = {"limit_value": 2, "show_value": 3, "max": 2, "length": 3}
    return {
        key: str(words) or str(words % counts)  # those that are counted say nothing without a number
        for key, words in said.items()
        if key[-1] != "contradiction"  # no box of ours clears a file
    }


@pytest.mark.parametrize("code", OFFERED)
def test_no_field_of_a_form_can_complain_in_english_to_who_reads_another_language(code):
    with translation.override("en"):
        english = complaints()
    with translation.override(code):
        assert {key: said for key, said in complaints().items() if said == english[key]} == {}
    assert len(english) > 100


def test_every_language_of_the_list_says_how_far_it_was_reviewed(tmp_path):
    assert [one.code for one in LISTED] == ["en", "es", "pt-br", "ht", "zh-hans", "zh-hant", "vi"]
    file = tmp_path / "languages.toml"
    file.write_text('[fr]\nname = "Français"\noffered = true\nreview = "perhaps"\n')
    with pytest.raises(ValueError, match="fr"):
        languages.listed(file)

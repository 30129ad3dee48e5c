"""Each email says the same as plain text and as HTML, names its language, and fetches nothing."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "templates" / "email"
KINDS = sorted({file.stem for file in FOLDER.iterdir()} - {"base"})
LINK = re.compile(r"""<a href="{{ *(\w+) *}}">.*?</a>|{% *translate "[^"]*" *%}\W*{{ *(\w+_url) *}}""", re.S)
"""A link is called as suits its place; where it leads must be the same."""
SENTENCE = re.compile(r'{%\s*translate\s+"([^"]*)"')
LONG_SENTENCE = re.compile(r"{%\s*blocktranslate\b([^%]*)%}(.*?){%\s*endblocktranslate", re.S)


def facts_of(file: Path) -> set[str]:
    """Return the sentences, the values, the conditions and the links of a template."""
    text = file.read_text()
    links = {f"link {html or plain}" for html, plain in LINK.findall(text)}
    rest = LINK.sub("", text).replace("|as_paragraphs", "")  # how HTML frames it
    sentences = {said.rstrip(":.") for said in SENTENCE.findall(rest)}
    sentences |= {f"{' '.join(given.split())}|{' '.join(said.split())}" for given, said in LONG_SENTENCE.findall(rest)}
    values = set(re.findall(r"{{\s*([\w.|:\"]+)", LONG_SENTENCE.sub("", rest)))
    return links | sentences | values | set(re.findall(r"{%\s*(?:if|elif|for)\s+(.*?)\s*%}", rest))


def test_every_email_is_there_as_text_and_as_html():
    assert len(KINDS) > 20
    for kind in KINDS:
        assert (FOLDER / f"{kind}.txt").is_file(), kind
        assert (FOLDER / f"{kind}.html").is_file(), kind


@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_hold_the_same_facts(kind):
    assert facts_of(FOLDER / f"{kind}.html") == facts_of(FOLDER / f"{kind}.txt")


def test_a_fact_that_is_missing_in_one_of_them_is_seen(tmp_path):
    whole = (FOLDER / "payment_paid.html").read_text()
    for part in ('{% translate "Thank you. We received your payment.', "{{ value }}", "{{ payment_url }}"):
        (tmp_path / "cut.html").write_text(whole.replace(part, "", 1))
        assert facts_of(tmp_path / "cut.html") != facts_of(FOLDER / "payment_paid.txt"), part


@pytest.mark.parametrize("kind", ["base", *KINDS])
def test_an_email_fetches_nothing_and_has_no_picture(kind):
    html = (FOLDER / f"{kind}.html").read_text()
    assert re.findall(r"<(?:img|link|script|iframe|picture|video|object)\b|url\(|@import|https?://", html) == []


@pytest.mark.parametrize(("language", "start"), [("en", '<html lang="en">'), ("ar", '<html lang="ar" dir="rtl">')])
def test_an_email_names_its_language_and_direction_and_suits_a_dark_screen(language, start):
    with translation.override(language):
        html = render_to_string("email/password_changed.html", {"language": language, "subject": "Changed"})
    assert start in html
    assert '<meta name="color-scheme" content="light dark">' in html
    colours = re.findall(r"[^-](?:color|background)[^:;]*:[^;]*", html.split("<style>")[1].split("</style>")[0])
    assert [rule for rule in colours if "scheme" not in rule] == []  # the reader's own, light or dark

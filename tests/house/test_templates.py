"""Rules of the pages that can be read from the templates."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MEMBER_PAGES = [file for file in TEMPLATES if "admin" not in file.parts]
TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.S)
TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.S)
COMMENTS = re.compile(r"{%\s*comment.*?{%\s*endcomment\s*%}|<!--.*?-->", re.S)
CODE = re.compile(r"<(script|style)\b.*?</\1>", re.S)
ELEMENTS = re.compile(r"<[^>]*>", re.S)
SPOKEN = re.compile(r"""\b(?:aria-label|alt|title|placeholder)="([^"]*)\"""")
WORD = re.compile(r"[A-Za-z]{2,}")


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.mark.parametrize("file", MEMBER_PAGES, ids=name)
def test_every_word_a_member_reads_is_marked_for_translation(file):
    text = COMMENTS.sub(" ", file.read_text())
    text = TAGS.sub(" ", TRANSLATED.sub(" ", text))
    spoken = " ".join(SPOKEN.findall(text))
    left = ELEMENTS.sub(" ", CODE.sub(" ", text)) + " " + spoken
    assert WORD.findall(re.sub(r"&\w+;", " ", left)) == []


@pytest.mark.parametrize("file", TEMPLATES, ids=name)
def test_no_page_holds_inline_script_style_or_handler(file):
    text = file.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style\b|\bstyle=", text) or "email" in file.parts
    assert not re.search(r"\bon(?:click|submit|load|change|input)=", text)


@pytest.mark.parametrize("file", TEMPLATES, ids=name)
def test_no_page_loads_anything_from_somebody_else(file):
    assert re.findall(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)="https?://[^"]*\"""", file.read_text()) == []


def test_each_row_of_a_table_begins_with_its_header():
    tables = {name(file): re.findall(r"<tr[^>]*>\s*<(t[hd])", file.read_text()) for file in MEMBER_PAGES}
    assert sum(len(cells) for cells in tables.values()) > 20
    assert [file for file, cells in tables.items() if "td" in cells] == []

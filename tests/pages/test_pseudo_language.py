"""Every page in a language that nobody speaks: nothing is hard-coded, and nothing breaks when text is 40% longer."""

import re
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve
from django.utils import formats
from localflavor.us.us_states import USPS_CHOICES

from portal.shared.models import OutgoingMessage
from tests import pseudo
from tests.pages.every_page import PAGES, Desk, opened, still

PARTS = 4  # so that several workers can share the pages
STATES = "|".join(re.escape(str(name)) for _code, name in USPS_CHOICES)
DATA = re.compile(
    rf"""[\w.+-]+@[\w.-]+|https?://\S+|\b[\w.-]+\.(?:gov|com|org|example)\b
    |\b[A-Z0-9]{{4}}(?:[ -][A-Z0-9]{{2,4}})+\b|\b(?=\w*\d)\w+\b|\b(?:{STATES})\b|^MA[ ]Bill[ ]Pay:
    |\bTesta\b|\bHolder\b|\bBeispiel\b|\bCommonHealth\b|\bTest[ ]Bank\b|\bsomeone\b
    |\bMonthly[ ]premium\b|\bLate[ ]entry\b|\bMassHealth[ ]premium[ ]billing\b|\bPaid[ ]twice\b|\bActive\b
    |\bI[ ]allow[ ](?:it|this[ ]debit)\b|\ba[ ]test\b|^test$|\bEnglish\b|\bPseudo\b
    |\bVisa\b|\bMastercard\b|\bAmerican[ ]Express\b|\bDiscover\b|\bTTY\b|\bCSV\b|\bPDF\b|\bZIP\b
    """,
    re.X,
)
"""What is no word of ours: names, codes, addresses, brands, what the agency wrote on the bill, and the US states."""


@pytest.fixture(scope="session")
def catalogue(words, tmp_path_factory):
    """The folder with the catalogue of all our words."""
    folder = tmp_path_factory.mktemp("pseudo")
    pseudo.write(words, folder)
    return folder


@pytest.fixture
def speaking(catalogue, settings):
    """The portal speaks it."""
    settings.ROOT_URLCONF = "tests.pages.every_page.urls"
    pseudo.speak(settings, catalogue)
    yield settings
    formats.reset_format_cache()


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_no_page_says_a_word_that_no_translator_can_reach(page, speaking, client, db):
    desk = Desk(client, pseudo.CODE)
    ask = page.ask(desk)
    assert resolve(ask.path.split("?")[0]).view_name == page.url_name
    answer = opened(desk, ask)
    text = answer.content.decode()
    assert f'<html lang="{pseudo.CODE}"' in text
    assert text.count("<h1") == 1
    assert pseudo.hard_coded(text, DATA) == []
    for message in OutgoingMessage.objects.filter(language=pseudo.CODE):
        said = SimpleNamespace(subject=message.subject, text=message.body_text)
        assert [line for line in lines(said) if pseudo.WORD.search(DATA.sub(" ", line))] == [], message.kind


def lines(said: SimpleNamespace) -> list[str]:
    return [line.strip() for line in pseudo.bare(f"{said.subject}\n{said.text}").splitlines()]


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<p>⟦Páý⟧</p>", []),
        ("<p>Pay</p>", ["Pay"]),
        ("<p>⟦Páý ⟦ñów⟧ móré⟧ $24.00</p>", []),
        ('<p lang="es">Pagar <br> ahora</p><b>Pay</b>', ["Pay"]),
        ('<a aria-label="Pay">⟦x⟧</a>', ["Pay"]),
        ("<script>let pay</script><p>Testa Beispiel1</p>", []),
    ],
)
def test_a_word_outside_of_brackets_is_found(page, found):
    assert pseudo.hard_coded(page, DATA) == found


def test_what_is_made_of_a_text_is_longer_by_four_tenths_and_keeps_its_placeholders():
    made = pseudo.pseudo("Pay %(amount)s now, or {least} later. 100%%")
    assert made.startswith("⟦Páý %(amount)s ñów, ór {least} látér. 100%%")
    for text in ("Pay", "Status", "You were not charged.", "Enter your date of birth."):
        assert len(pseudo.pseudo(text)) - 2 >= 1.4 * len(text)


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_scrolls_sideways_at_320_pixels_when_text_is_longer(part, page, speaking, db):
    page.set_viewport_size({"width": 320, "height": 800})
    wide = {}
    for one in PAGES[part::PARTS]:
        with transaction.atomic():
            desk = Desk(Client(), pseudo.CODE)
            still(page, opened(desk, one.ask(desk)))
            transaction.set_rollback(True)
        width = page.evaluate("() => document.documentElement.scrollWidth")
        if width > 320:
            wide[str(one)] = (width, page.evaluate(WIDEST))
    assert wide == {}


WIDEST = """() => [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > 320.5 || one.getBoundingClientRect().left < -0.5)
    .slice(-3).map((one) => one.outerHTML.slice(0, 120))"""

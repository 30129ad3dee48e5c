"""The notices of Section 1557: reached from every page, in the languages that people here speak."""

import re

import pytest
from django.template import loader

from portal.rights import taglines
from portal.shared.context import site

SPOKEN_HERE = ["en", "es", "pt-BR", "zh-Hans", "zh-Hant", "ht", "vi", "ru", "kea", "ar", "km", "fr", "it", "ko", "el"]


def test_free_language_help_is_offered_in_at_least_fifteen_languages_each_marked_as_what_it_is(client, db):
    page = client.get("/help/languages/").content.decode()
    shown = re.findall(r'<section lang="([^"]+)" dir="(ltr|rtl)">\s*<h2>([^<]+)</h2>\s*<p>(.*?)</p>', page, re.S)
    assert [lang for lang, *_ in shown[:15]] == SPOKEN_HERE
    assert [lang for lang, direction, *_ in shown if direction == "rtl"] == ["ar"]
    assert {lang for lang, *_ in shown[15:]} == {"pl", "hi", "gu"}
    assert len({text for *_, text in shown}) == 18


def test_every_notice_names_the_agency_s_own_telephone(settings):
    settings.SUPPORT_PHONE, settings.SUPPORT_TTY = "(800) 555-0100", "555"
    assert [one.lang for one in taglines() if "(800) 555-0100" not in one.text or "555" not in one.text] == []


def test_the_notice_of_non_discrimination_names_the_grounds_the_help_and_both_ways_to_complain(client, db):
    page = re.sub(r"<[^>]+>", " ", client.get("/help/rights/").content.decode())
    for words in (
        "race, color, national origin, age, disability or sex",
        "interpreters",
        "braille",
        "ask for the Section 1557 coordinator",
        "ocrportal.hhs.gov",
        "200 Independence Avenue SW, Room 509F",
        "(800) 368-1019",
        "(800) 537-7697",
    ):
        assert words in page


def test_who_hears_complaints_is_named_where_the_agency_has_set_it(client, db, settings):
    settings.RIGHTS_CONTACT = "Section 1557 Coordinator, 1 Invented Street, Boston"
    page = client.get("/help/rights/").content.decode()
    assert "1 Invented Street" in page
    assert "ask for the Section 1557 coordinator" not in page


@pytest.mark.parametrize("path", ["/", "/help/", "/accounts/login/", "/nowhere/"])
def test_both_stand_in_every_footer_with_the_telephone_for_an_interpreter(path, client, db, settings):
    settings.SUPPORT_PHONE = "(800) 555-0100"
    footer = client.get(path).content.decode().split("<footer")[1]
    assert 'href="/help/languages/"' in footer
    assert 'href="/help/rights/"' in footer
    assert re.search(r"ask for an interpreter\. It is free\.\s+<a[^>]+tel:8005550100", footer)


@pytest.mark.parametrize("name", ["404.html", "500.html", "503.html"])
def test_the_pages_of_last_resort_lead_there_too(name, rf):
    page = loader.get_template(name).render(site(rf.get("/")))
    assert 'href="/help/languages/"' in page
    assert 'href="/help/rights/"' in page


@pytest.mark.parametrize(
    ("path", "english"),
    [("/help/rights/", "MassHealth follows federal civil rights laws."), ("/help/privacy/", "We do not sell data.")],
)
def test_in_a_language_that_nobody_reviewed_the_notices_stand_beside_their_english(path, english, client, db, settings):
    assert client.get(path).content.decode().count(english) == 1
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    own, counts, beside = client.get(path).content.decode().partition("el texto en inglés es el que vale.")
    assert counts
    assert english not in own
    assert english in re.search(r'<div lang="en" dir="ltr">(.*)</div>', beside, re.S)[1]

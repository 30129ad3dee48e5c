"""How much travels to a phone: bytes do not depend on the machine, so they are a test and no measurement."""

import polib
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import to_locale

from accounts.models import User
from bench import weight
from bench.pages import Member

pytestmark = pytest.mark.django_db
GZIP_WITH_A_NAME = 8  # in the fourth byte: the random name by which Django pads against BREACH


def test_the_first_page_weighs_less_than_30_kilobytes_in_all(client):
    parts = weight.first_visit(client, reverse("home"))
    assert {"css/mayflower.css", "js/forms.js", "img/icon.svg", "fonts/noto-sans-latin.woff2"} <= set(parts)
    assert sum(parts.values()) < 30_000, parts


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("name", ["home", "accounts:login", "accounts:register"])
def test_neither_does_it_in_another_language(name, language, client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    parts = weight.first_visit(client, reverse(name))
    assert sum(parts.values()) < 30_000, parts


def test_a_file_of_letters_is_fetched_for_a_page_that_has_such_a_letter_and_vietnamese_needs_only_its_own():
    latin, more, vietnamese = (f"fonts/noto-sans-{name}.woff2" for name in ("latin", "latin-more", "vietnamese"))
    page = '<html lang="{}"><p>{}</p><span class="ma__utility__names"><span>Tiếng Việt</span></span></a>'
    assert weight.letters_of(page.format("en", "Pay")) == [latin]
    assert weight.letters_of(page.format("en", "Ngu&#7877;n")) == [latin, vietnamese]
    assert weight.letters_of(page.format("pt-br", "Łukasz")) == [latin, more]
    assert weight.letters_of(page.format("vi", "Trả tiền, $5")) == [vietnamese]
    assert weight.letters_of(page.format("vi", "Trả tiền, Muñoz")) == [vietnamese, latin]


@pytest.mark.parametrize("language", ["es", "pt-br", "ht", "vi"])
def test_one_of_our_files_holds_every_letter_of_a_language(language):
    entries = polib.pofile(str(settings.ROOT / "locale" / to_locale(language) / "LC_MESSAGES" / "django.po"))
    page = f'<html lang="{language}">' + escape(" ".join(entry.msgstr for entry in entries))
    assert len(weight.letters_of(page)) == 1
    assert weight.letters_of_the_system(page) == ""
    assert weight.letters_of_the_system(page + "Щ") == "Щ"


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_later_page_weighs_less_than_10_kilobytes(language):
    member = Member.with_bills(12)
    User.objects.filter(pk=member.user.pk).update(language=language)
    weights = {name: weight.of_page(member.client, address) for name, address in member.pages().items()}
    assert len(weights) > 12
    assert {name: size for name, size in weights.items() if size >= 10_000} == {}


def test_pages_travel_packed_and_padded_so_that_their_length_gives_nothing_away(client):
    plain = client.get("/")
    packed = client.get("/", headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2
    assert packed.content[3] & GZIP_WITH_A_NAME
    lengths = {len(client.get("/", headers={"accept-encoding": "gzip"}).content) for _ in range(20)}
    assert len(lengths) > 3


def test_the_files_of_the_letters_are_small_and_come_with_their_licence():
    folder = settings.ROOT / "static" / "fonts"
    sizes = {file.name: file.stat().st_size for file in folder.glob("*.woff2")}
    assert set(sizes) == {"noto-sans-latin.woff2", "noto-sans-latin-more.woff2", "noto-sans-vietnamese.woff2"}
    assert max(sizes.values()) < 20_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in (folder / "OFL.txt").read_text()

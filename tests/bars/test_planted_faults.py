"""The bars see: a page with one fault put into it turns them red, whatever look shows it; without it they are green."""

import pytest

from tests.bars.judging import PHONE, said_wrong, seen_wrong, written_wrong
from tests.pages.every_page import PAGES, in_every_language

pytestmark = pytest.mark.browser
HOME = next(page for page in PAGES if str(page) == "home")
SEEN = {
    "image-alt": '<img src="/static/img/icon.svg">',
    "button-name": '<button type="button"></button>',
    "color-contrast": '<p style="color: #aaa">Pay</p>',
    "target-size": '<p style="font-size: 5px; line-height: 1"><a href="/1">1</a> <a href="/2">2</a></p>',
    "a level is skipped": "<h4>Pay</h4>",
    "an id stands twice": '<b id="main">Pay</b>',
    "a mistake is in no summary": '<p class="ma__error">Pay</p>',
    "it scrolls sideways at 320": '<p style="width: 500px">Pay</p>',
    "it scrolls sideways at 1280": '<p style="width: 1300px; max-width: none">Pay</p>',
}
WRITTEN = {
    "no-implicit-close": "<p><div>Pay</div></p>",
    "no-dup-id": '<b id="main">Pay</b>',
    "no-dup-attr": '<a href="/" href="/">Pay</a>',
    "close-order": "<span>Pay",
}


@pytest.fixture
def home(db, settings):
    """The home page in each language, without a fault."""
    settings.ROOT_URLCONF = "tests.pages.every_page.urls"
    return dict(in_every_language(HOME))


def spoiled(answer, fault):
    page = answer.content.decode()
    assert page.count("</main>") == 1
    return page.replace("</main>", f"{fault}</main>")


def found_in(looking, answer, language, fault):
    looking.look("light", PHONE)
    looking.show(answer, spoiled(answer, fault))
    return seen_wrong(looking, language)


def test_what_is_seen_or_heard_is_found_and_is_gone_on_the_next_page(home, looking):
    for name, fault in SEEN.items():
        assert any(name in found for found in found_in(looking, home["vi"], "vi", fault)), name
        assert found_in(looking, home["vi"], "vi", "") == []


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ('<button type="button" style="height: 40px">Pay</button>', "small, 40"),
        ('<p><a href="/" style="outline: none">Pay</a> now</p>', "focus is not seen"),
        ('<p style="width: 700px; max-width: none">Pay</p>', "it scrolls sideways at 640"),
    ],
)
def test_what_a_finger_or_the_keyboard_cannot_use_is_found(fault, name, home, looking):
    assert any(name in found for found in found_in(looking, home["en"], "en", fault))


@pytest.mark.parametrize(
    ("language", "scheme", "least"),
    [("en", "dark", 0), ("en", "dark", 1000), ("en", "light", 1000), ("es", "dark", 1000)],
)
def test_what_is_wrong_in_one_look_alone_is_found(language, scheme, least, home, looking):
    query = f"(prefers-color-scheme: {scheme}) and (min-width: {least}px)"
    faint = f"<style>@media {query} {{ #faint {{ color: #888; background: #999 }} }}</style><p id='faint'>Pay</p>"
    found = found_in(looking, home[language], language, faint)
    assert found
    assert all("color-contrast" in one and scheme in one for one in found), found


def test_a_title_or_a_language_that_is_not_true_is_found(home):
    assert said_wrong(home["ht"], "ht") == []
    home["ht"].content = home["ht"].content.replace(b"</main>", b'<div id="error-summary"></div></main>')
    assert said_wrong(home["ht"], "ht") == ["the title"]
    assert said_wrong(home["en"], "ht") == ["the language"]


def test_html_that_is_wrong_is_found(home, npm, tmp_path):
    for name, fault in (WRITTEN | {"nothing": ""}).items():
        (tmp_path / f"{name}.html").write_text(spoiled(home["zh-hant"], fault))
    said = written_wrong(npm, tmp_path)
    for name in WRITTEN:
        assert any(f"/{name}.html:" in line and f"[{name}]" in line for line in said.splitlines()), name
    assert "nothing.html" not in said


def test_html_that_could_not_be_checked_is_no_success(npm, tmp_path):
    assert written_wrong(npm, tmp_path / "nowhere")

"""Every page in every state, with every mistake, in every language that is offered: what axe-core, html-validate and
our own list of duties find.

The whole of axe-core runs in each language on a phone in the light. Only colours, sizes and what scrolls can differ in
another look: those rules run again in the dark and on a desk. In English they run in all four looks.
"""

import re
import subprocess
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings as live
from django.contrib.messages import get_messages
from django.db import transaction
from django.test import Client
from django.utils import translation

from tests.bars.stage import BY_LOOK
from tests.pages.every_page import PAGES, Desk, opened

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
FOLDER = Path(__file__).parent
PARTS = 4  # so that two workers end together
PHONE, DESK = 320, 1280  # pixels
FURTHER = {"en": [("dark", PHONE), ("dark", DESK), ("light", DESK)]}
STRUCTURE = (FOLDER / "structure.js").read_text().split("\n", 1)[1]
TITLE = re.compile(r"<title>(.*?)</title>", re.S)
LIVE = re.compile(r'role="(?:status|alert)">(.*?)</div>', re.S)
MISTAKE = re.compile(r'id="error-summary"|ma__alert--error" role="alert">')


def said_wrong(answer, language):
    """Return what a page does not say: in its title that there is a mistake, and in a live region what was done."""
    text = answer.content.decode()
    with translation.override(language):
        starts = f"{translation.gettext('Error:')} "
    faults = [] if unescape(TITLE.search(text)[1]).count(starts) == bool(MISTAKE.search(text)) else ["the title"]
    heard = unescape(" ".join(LIVE.findall(text)))
    return faults + [f"not announced: {one}" for one in get_messages(answer.wsgi_request) if str(one) not in heard]


def faults_of(page, looking, language, file):
    """Open one page in its state; return what is wrong with it."""
    with transaction.atomic():
        desk = Desk(Client(), language)
        answer = opened(desk, page.ask(desk))
        transaction.set_rollback(True)
    file.write_bytes(answer.content)
    assert f'<html lang="{language}"' in answer.content.decode(), page
    looking.look("light", PHONE)
    looking.show(answer)
    faults = said_wrong(answer, language) + looking.axe()
    for look in FURTHER.get(language, [("dark", DESK)]):
        looking.look(*look)
        faults += [f"{look}: {fault}" for fault in looking.axe(BY_LOOK)]
    return faults + looking.page.evaluate(STRUCTURE)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("language", [code for code, _name in live.LANGUAGES])
def test_nothing_is_found_on_any_page_in_any_state(language, part, looking, npm, tmp_path):
    faults = {}
    for number, page in enumerate(PAGES[part::PARTS]):
        found = faults_of(page, looking, language, tmp_path / f"{number}.html")
        if found:
            faults[str(page)] = found
    command = [npm / "html-validate", "--config", FOLDER / "htmlvalidate.json", "--formatter", "text", tmp_path]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (faults, checked.stdout, checked.stderr, checked.returncode) == ({}, "", "", 0)

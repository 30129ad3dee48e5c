"""Every page in every state, with every mistake, in every language that is offered: what axe-core, html-validate and
our own list of duties find.

A state is made once and shown in each language. The whole of axe-core runs in each on a phone in the light. Only
colours, sizes and what scrolls can differ in another look: those rules run again in the dark and on a desk. In English
they run in all four looks, and every control is reached for.
"""

import pytest
from django.utils.text import slugify

from tests.bars.judging import PHONE, said_wrong, seen_wrong, written_wrong
from tests.pages.every_page import PAGES, in_every_language

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
PARTS = 8  # so that two workers end together


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_found_on_any_page_in_any_state_in_any_language(part, looking, npm, tmp_path):
    faults = {}
    for page in PAGES[part::PARTS]:
        for language, answer in in_every_language(page):
            (tmp_path / f"{slugify(page)}.{language}.html").write_bytes(answer.content)
            looking.look("light", PHONE)
            looking.show(answer)
            if found := said_wrong(answer, language) + seen_wrong(looking, language):
                faults[f"{page} ({language})"] = found
    assert (faults, written_wrong(npm, tmp_path)) == ({}, "")

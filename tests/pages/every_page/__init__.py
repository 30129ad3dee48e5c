"""Every page that a member can meet, in every state and with every mistake: one list for all that is true of all pages.

A new page adds itself with `@page(URL name, state)` in the module of its room here; test_every_page.py fails until it
has. `PAGES` is the list; the fixture `desk` of tests/pages/conftest.py makes a state: `ask = page.ask(desk)`, then
`opened(desk, ask)` for Django's client, `still(browser_page, answer)` to look at that in a browser, or
`show(browser_page, url, desk, ask)` for a browser at a live server. `in_every_language(page)` does it in one go.
"""

from tests.pages.every_page import bills, cases, entry, front, keeping, paying, profile, second_step
from tests.pages.every_page.opening import in_every_language, opened, show, still
from tests.pages.every_page.registry import PAGES, Ask, Desk, Page, page

__all__ = [
    "PAGES",
    "Ask",
    "Desk",
    "Page",
    "bills",
    "cases",
    "entry",
    "front",
    "in_every_language",
    "keeping",
    "opened",
    "page",
    "paying",
    "profile",
    "second_step",
    "show",
    "still",
]

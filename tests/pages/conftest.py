"""What the tests of pages share.

desk  where a page of tests/pages/every_page is prepared: a client with its cookies, a member, a gateway in memory
"""

import pytest

from tests.pages.every_page.registry import Desk


@pytest.fixture
def desk(client, db, settings):
    """A desk in front of which nobody sits yet, at a portal where things can go wrong on purpose."""
    settings.ROOT_URLCONF = "tests.pages.every_page.urls"
    return Desk(client)

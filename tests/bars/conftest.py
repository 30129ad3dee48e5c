"""What the bars share: who may see every page, and the programs of npm."""

import os
import shutil

import pytest

from tests.bars import stage
from tests.bars.judging import FOLDER
from tests.conftest import missing


@pytest.fixture
def looking(browser, db, settings):
    """A stage on which pages are looked at, one after the other."""
    settings.ROOT_URLCONF = "tests.pages.every_page.urls"
    with stage.raised(browser) as raised:
        settings.STRIPE_JS_URL = f"{raised.url}/stripe.js"
        yield raised


@pytest.fixture(scope="session")
def npm():
    """The folder with the programs that `npm ci` brought."""
    folder = FOLDER / "node_modules" / ".bin"
    if not shutil.which("node") or not (folder / "html-validate").exists():
        missing("What npm brings (`make bars` fetches it)", "REQUIRE_NPM")
    os.environ["CHROME_PATH"] = shutil.which("chromium") or shutil.which("chromium-browser") or ""
    return folder

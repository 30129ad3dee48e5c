"""What every test may ask for.

textoutbox     the texts that went out
member_client  a test client logged in as a responsible member, its log-in in `.user`
contract_path  the file with the gateway's contract; needs mark `contract`
sandbox        the stand-in gateway as a process of its own
live_portal    the portal on a real port with the real adapter, its own sandbox (`.sandbox`) that sends events to it and
               receives its mail; `.url` is its address
redis_url      a real Redis; needs mark `broker`
spare_database a migrated database for programs that the test starts
words          the catalogue of all that members may read, as gettext's tools find it
dead_broker    the broker is away: tasks are sent, and nobody takes them
browser, page  the system's Chromium, and a page in a fresh profile that fails the test on any console error or
               uncaught exception; needs mark `browser`
axe            axe(page): fails on what axe-core finds at WCAG level A or AA

A test of a real part is skipped, and said so, where the part is missing; REQUIRE_BROWSER, REQUIRE_BROKER,
REQUIRE_CONTRACT and REQUIRE_GETTEXT make a missing part a failure.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings as live
from django.db import connection
from django.test import TransactionTestCase

from portal import celery_app
from portal.shared.texting import memory
from tests import emptying, factories
from tests.catalogues import extract
from tests.parts import Sandbox, free_port, running_redis

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_configure():
    """Choose where the fresh seeds of tests/simulation begin, before the workers start and inherit it."""
    os.environ.setdefault("SIMULATION_SEED", str(int(time.time()) * 1000))


def pytest_report_header():
    return f"simulation: fresh seeds from SIMULATION_SEED={os.environ['SIMULATION_SEED']}"


TransactionTestCase._fixture_teardown = emptying.after_test


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database, which knows what its migrations wrote."""
    with django_db_blocker.unblock():
        emptying.remember()


@pytest.fixture(scope="session")
def migrated_database(django_db_blocker):
    """The name of a migrated database that nobody is connected to: others are made as copies of it."""
    name = f"test_migrated_{uuid4().hex}"
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--settings", "portal.settings.test"]
    with django_db_blocker.unblock(), database_made(name):
        subprocess.run(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": address}, check=True)
        yield name


@pytest.fixture
def spare_database(migrated_database, django_db_blocker):
    """The name of a migrated database that programs started by this test may use; it begins with test_."""
    name = f"test_spare_{uuid4().hex}"
    with django_db_blocker.unblock(), database_made(name, f" TEMPLATE {migrated_database}"):
        yield name


@contextmanager
def database_made(name: str, how: str = "") -> Iterator[None]:
    """Make a database, and drop it at the end whoever is still connected."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}{how}")
    yield
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def missing(part: str, switch: str) -> None:
    """Skip the test and say so, or fail it where the part is required."""
    if os.environ.get(switch):
        pytest.fail(f"{part} is required here ({switch}) and is missing")
    pytest.skip(f"{part} is missing on this machine")


@pytest.fixture
def member_client(client, db):
    """A client logged in as a responsible member; the member's log-in is `member_client.user`."""
    client.user = factories.user()
    client.force_login(client.user)
    return client


@pytest.fixture
def textoutbox():
    """The texts that went out in this test, oldest first."""
    memory.outbox.clear()
    return memory.outbox


@pytest.fixture(scope="session")
def contract_path():
    """The file with the gateway's contract: STRIPE_CONTRACT, or the folder beside the checkout."""
    named = os.environ.get("STRIPE_CONTRACT")
    path = Path(named) if named else ROOT.parent / "shared" / "stripe" / "openapi-subset.json"
    if not path.is_file():
        missing("The gateway's contract data", "REQUIRE_CONTRACT")
    return path


def contract_or_none() -> str:
    """Return the contract's path for a sandbox that checks itself by it where it is to be had."""
    beside = ROOT.parent / "shared" / "stripe" / "openapi-subset.json"
    return os.environ.get("STRIPE_CONTRACT") or (str(beside) if beside.is_file() else "")


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory):
    """The stand-in gateway as its own process."""
    with Sandbox.running(tmp_path_factory.mktemp("sandbox"), contract_or_none()) as running:
        yield running


@pytest.fixture(scope="session")
def live_sandbox(live_server, tmp_path_factory):
    """The stand-in gateway that knows the live portal."""
    folder = tmp_path_factory.mktemp("live-sandbox")
    with Sandbox.running(folder, contract_or_none(), portal=live_server.url) as running:
        yield running


@pytest.fixture
def live_portal(live_server, live_sandbox, settings, transactional_db):
    """The portal on a real port, with the real adapter against its own sandbox."""
    settings.PAYMENT_GATEWAY = "payments.gateway.stripe_adapter.StripeGateway"
    settings.SANDBOX_URL = settings.STRIPE_API_BASE = live_sandbox.url
    settings.STRIPE_JS_URL = f"{live_sandbox.url}/stripe.js"
    settings.TEXT_SENDER = "portal.shared.texting.twilio.TwilioSender"
    settings.TWILIO_API_BASE = live_sandbox.url
    settings.SITE_URL = live_server.url
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", live_sandbox.smtp_port
    live_sandbox.control("webhooks/pause", paused=False)
    yield SimpleNamespace(url=live_server.url, sandbox=live_sandbox)
    live_sandbox.control("faults/clear")
    live_sandbox.control("quiet")  # an event worked off while the tables are emptied would be a deadlock


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory):
    """A real Redis of our own."""
    program = shutil.which("redis-server")
    if not program:
        missing("redis-server", "REQUIRE_BROKER")
    with running_redis(program, tmp_path_factory.mktemp("redis"), free_port()) as url:
        yield url


@pytest.fixture(scope="session")
def words(tmp_path_factory):
    """The catalogue of all that gettext's tools find in the sources as they are now."""
    if not shutil.which("xgettext") or not shutil.which("msgmerge"):
        missing("gettext", "REQUIRE_GETTEXT")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live, "LOCALE_PATHS", live.LOCALE_PATHS)
        return extract(tmp_path_factory.mktemp("sources"), live)


@pytest.fixture
def dead_broker():
    """Tasks are sent, and nobody takes them."""
    conf = celery_app.conf
    before = {"task_always_eager": conf.task_always_eager, "broker_url": conf.broker_url}
    conf.update(task_always_eager=False, broker_url="redis://127.0.0.1:1/0")
    yield
    conf.update(before)


@pytest.fixture(scope="session")
def browser():
    """The system's Chromium, headless."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        missing("Chromium", "REQUIRE_BROWSER")
    sync_api = pytest.importorskip("playwright.sync_api")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the driver's event loop lives in this thread
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()
        connection.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser):
    """A page in a fresh profile; at the end no error may have come up in its console."""
    context = browser.new_context(locale="en-US", timezone_id="America/New_York")
    opened = context.new_page()
    opened.set_default_timeout(15_000)  # milliseconds
    wrong = []
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    yield opened
    context.close()
    assert wrong == []


@pytest.fixture
def axe():
    """Return axe(page), which fails with what axe-core finds at level A or AA."""
    axe_api = pytest.importorskip("axe_playwright_python.sync_playwright")
    levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

    def check(opened):
        found = axe_api.Axe().run(opened, options={"runOnly": {"type": "tag", "values": levels}})
        places = [
            f"{rule['id']} ({rule['help']}): {node['html']}"
            for rule in found.response["violations"]
            for node in rule["nodes"]
        ]
        assert not places, "\n".join([opened.url, *places])

    return check

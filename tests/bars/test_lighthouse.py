"""Lighthouse on a phone, with its slow network and processor, against gunicorn on production's settings.

`make bars` looks at a few pages, and measured times count for nothing there; `make lighthouse` (LIGHTHOUSE=all) looks
at every page and demands the times too.
"""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as live

from portal import deploy_check
from tests.bars.judging import FOLDER
from tests.conftest import CHROMIUM_FLAGS, ROOT
from tests.pages.every_page import PAGES, Desk
from tests.parts import database_address, free_port, process, wait_for_port

pytestmark = [pytest.mark.browser, pytest.mark.broker, pytest.mark.django_db(transaction=True)]
pytestmark += [pytest.mark.timeout(300)]
IS_ALL = os.environ.get("LIGHTHOUSE") == "all"
FAST = 98  # of 100
TRIES = 3  # where Lighthouse itself could not measure, as happens on a busy machine
FEW = ["home", "accounts:login", "help", "billing:overview", "billing:bill", "payments:new", "payments:history"]
FEW += ["payments:status"]


def one_each(names=None):
    """Return the first state that is simply opened of each page."""
    found = {}
    for page in PAGES:
        if page.url_name != "went_wrong" and (names is None or page.url_name in names):
            found.setdefault(page.url_name, []).append(page)
    return list(found.values())


@pytest.fixture(scope="session")
def served(django_db_setup, redis_url, sandbox, tmp_path_factory):
    """The address of a portal on production's settings that reads the tests' database."""
    port, static = free_port(), tmp_path_factory.mktemp("static")
    facts = {
        "PATH": os.environ["PATH"],
        **deploy_check.ENVIRONMENT,
        "DJANGO_SETTINGS_MODULE": "tests.bars.served",
        "SECRET_KEY": live.SECRET_KEY,
        "DATABASE_URL": database_address(),
        "REDIS_URL": redis_url,
        "ALLOWED_HOSTS": "127.0.0.1",
        "TWILIO_ACCOUNT_SID": live.TWILIO_ACCOUNT_SID,  # without an account some pages are not there
        "TWILIO_AUTH_TOKEN": live.TWILIO_AUTH_TOKEN,
        "TWILIO_FROM": live.TWILIO_FROM,
        "SERVED_STATIC": str(static),
        "SERVED_SCRIPT": f"{sandbox.url}/stripe.js",
    }
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput"]
    subprocess.run(collect, cwd=ROOT, env=facts, check=True, capture_output=True)
    command = [sys.executable, "-m", "gunicorn", "django.core.wsgi:get_wsgi_application()"]
    command += ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "8"]
    with process(command, env=facts) as server:
        wait_for_port(port)
        assert server.poll() is None
        yield f"http://127.0.0.1:{port}"


def asked(states, desk):
    """Prepare the first of a page's states that is simply opened; return its address."""
    for page in states:
        ask = page.ask(desk)
        if ask.data is None and ask.status == 200:
            return ask.path
    return ""


def looked_at(url, desk):
    """Return what Lighthouse says of a page that this desk's client may see."""
    session = desk.client.cookies.get("sessionid")
    cookie = f"language=en; __Host-session={session.value}" if session else "language=en"
    headers = {"Cookie": cookie, "X-Forwarded-Proto": "https"}
    command = ["node", FOLDER / "lighthouse.js", url, json.dumps(headers), json.dumps(CHROMIUM_FLAGS)]
    for _ in range(TRIES):
        run = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False, timeout=90)
        assert run.returncode == 0, run.stderr
        said = json.loads(run.stdout)
        if not said["error"]:
            break
    return said


@pytest.mark.parametrize("states", one_each(None if IS_ALL else FEW), ids=lambda states: states[0].url_name)
def test_lighthouse_finds_nothing(states, served, client, npm, settings):
    settings.ROOT_URLCONF = "tests.pages.every_page.urls"
    desk = Desk(client)
    path = asked(states, desk)
    if not path:
        pytest.skip("shown after a form alone")
    said = looked_at(served + path, desk)
    sys.stdout.write(f"\n{states[0].url_name:<34}{said['scores']} {said['lost']}\n")
    assert (said["address"], said["error"]) == (served + path, "")
    assert (said["scores"]["accessibility"], said["scores"]["best-practices"]) == (100, 100), said["lost"]
    assert not IS_ALL or said["scores"]["performance"] >= FAST, said["lost"]

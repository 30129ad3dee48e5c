"""What every test of a fault may ask for.

world          a member with a bill of $24.00 in front of the live portal (see world.py); the gateway's events wait
               until `world.deliver()`; at the end the gateway and our books must agree
short_patience the portal waits half a second for the gateway's answer, not twenty
processes      processes of the portal that die at a named point, or that the test kills (see processes.py)
"""

import json
import os
import subprocess
import sys

import pytest

from payments.gateway import _made
from tests import factories
from tests.faults.processes import Processes
from tests.faults.world import MAIL, World
from tests.parts import database_address, process


@pytest.fixture
def world(client, live_portal):
    """A member with a bill, the live portal, and a gateway that remembers nothing and holds its events back."""
    sandbox = live_portal.sandbox
    sandbox.control("reset")
    sandbox.control("webhook", paused=True)
    user = factories.user(email=MAIL)
    bill = factories.bill(household=user.member.household)
    client.force_login(user)
    made = World(client, user, bill, sandbox, live_portal.url)
    try:
        yield made
        made.heal()
        made.check_agreement()
        assert sandbox.look("violations") == {"violations": []}
    finally:
        sandbox.control("reset")


@pytest.fixture
def short_patience(live_portal, settings):
    """The portal gives up on an answer after half a second."""
    settings.GATEWAY_TIMEOUT = (0.5, 0.5)
    _made.cache_clear()
    yield
    _made.cache_clear()


@pytest.fixture(scope="session")
def forkery(live_server, live_sandbox, django_db_setup):
    """A process of the portal, ready to fork others, on the database of these tests and the live sandbox."""
    facts = {
        "PAYMENT_GATEWAY": "tests.faults.gateways.DeadlyGateway",
        "EMAIL_BACKEND": "tests.faults.gateways.DeadlyMail",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": live_sandbox.smtp_port,
        "SITE_URL": live_server.url,
    }
    environment = os.environ | {
        "DATABASE_URL": database_address(),
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "SANDBOX_URL": live_sandbox.url,
    }
    command = [sys.executable, "-m", "tests.faults.child", json.dumps(facts)]
    with process(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == "ready\n"
        yield child


@pytest.fixture
def processes(forkery, world):
    """Processes of the portal that act for the member of `world`, or as a worker, and may be killed."""
    return Processes(forkery, world)

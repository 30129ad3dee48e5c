"""What every test of a fault may ask for.

world          a member with a bill of $24.00 in front of the live portal (see world.py); the gateway's events wait
               until `world.deliver()`; at the end the gateway and our books must agree
short_patience the portal waits half a second for the gateway's answer, not twenty
"""

import pytest

from payments.gateway import _made
from tests import factories
from tests.faults.world import MAIL, World


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
    yield made
    sandbox.control("faults/clear")
    made.check_agreement()
    assert sandbox.look("violations") == {"violations": []}
    sandbox.control("reset")


@pytest.fixture
def short_patience(live_portal, settings):
    """The portal gives up on an answer after half a second."""
    settings.GATEWAY_TIMEOUT = (0.5, 0.5)
    _made.cache_clear()
    yield
    _made.cache_clear()

"""A payment on its way, with the gateway in memory."""

import pytest
import time_machine

from payments import services
from payments.gateway import _made, gateway
from tests import factories
from tests.payments.autopaying import MONDAY, Autopaying
from tests.payments.steps import Paying


@pytest.fixture
def fake():
    """The gateway in memory, empty."""
    _made.cache_clear()
    yield gateway()
    _made.cache_clear()


@pytest.fixture
def paying(db, fake, django_capture_on_commit_callbacks):
    """A member with one bill of $24.00, and the steps to pay it."""
    user = factories.user()
    bill = factories.bill(household=user.member.household)
    return Paying(user=user, bill=bill, fake=fake)


@pytest.fixture
def clerk(db):
    """A person of staff."""
    return factories.user(is_staff=True)


@pytest.fixture
def chief(db):
    """Another person of staff."""
    return factories.user(is_staff=True)


@pytest.fixture
def paid(paying):
    """$24.00 paid by card."""
    return paying.pay()


@pytest.fixture
def debit(paying):
    """$24.00 paid from a bank account."""
    payment = paying.pay(method="bank")
    paying.fake.settle(payment.intent_id)
    return services.resolve(payment)


@pytest.fixture
def at_pay(client, fake, db):
    """A logged-in member with a bill of $24.00; `client.fake` is the gateway."""
    client.user = factories.user()
    client.bill = factories.bill(household=client.user.member.household)
    client.force_login(client.user)
    client.fake = fake
    return client


@pytest.fixture
def autopaying(paying):
    """A member who has paid nothing yet, on a Monday that can be moved."""
    with time_machine.travel(0, tick=False) as clock:
        made = Autopaying(paying, clock)
        made.goes_to(MONDAY)
        yield made

"""What the tests of this room share."""

import re
import time
from datetime import date

import pytest
from django.core.mail import EmailMessage
from django.test import Client, TestCase
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from tests import factories

FACTS = {
    "first_name": "Testa",
    "last_name": "Beispiel",
    "date_of_birth": "4/27/1970",
    "masshealth_id": "1234 0000 0042",
}
CONTACT = {
    "email": "testa@example.test",
    "phone": "617-555-0123",
    "address_line1": "1 Invented Street",
    "address_line2": "",
    "city": "Boston",
    "state": "MA",
    "zip_code": "02118",
}
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 (KHTML) Version/19.0 Mobile Safari/604"
LOGIN = {"username": "TestaB", "password": "river lamp orbit canoe"}


class PromptClient(Client):
    """A client for tests that never commit: what a request leaves for after its commit is done when it is answered."""

    def request(self, **request):
        with TestCase.captureOnCommitCallbacks(execute=True):
            return super().request(**request)


@pytest.fixture
def prompt_member(db):
    """A PromptClient logged in as a responsible member, its log-in in `.user`."""
    client = PromptClient()
    client.user = factories.user()
    client.force_login(client.user)
    return client


@pytest.fixture
def registrant(db):
    """A responsible member of the roster who can register with FACTS."""
    return factories.member(
        first_name="Testa",
        last_name="Beispiel",
        date_of_birth=date(1970, 4, 27),
        masshealth_id="123400000042",
    )


def link_in(mail: EmailMessage) -> str:
    """Return the path of the first link to this site in a message."""
    return re.search(r"http://testserver(/\S+)", mail.body)[1]


def log_in(client: Client, username: str, password: str, **more):
    return client.post("/accounts/login/", {"username": username, "password": password}, **more)


def code_of(user, steps=0):
    """Return what the user's app shows now, or so many half minutes later."""
    key = bytes.fromhex(TOTPDevice.objects.get(user=user).key)
    return f"{totp(key, t0=-30 * steps):06d}"


def turn_on(client, password=factories.PASSWORD):
    """Turn two-step log-in on from a client that is logged in, half a minute ago; return the recovery codes."""
    user = User.objects.get(pk=client.session["_auth_user_id"])
    client.get("/accounts/security/two-step/on/")
    left = 30 - time.time() % 30  # were the half minute to end on the way, the code would be too old
    time.sleep(left if left < 1 else 0)
    answer = client.post("/accounts/security/two-step/on/", {"current_password": password, "code": code_of(user, -1)})
    return answer.context["codes"]


@pytest.fixture(params=["db", "cached_db"])
def engine(request, settings):
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{request.param}"


@pytest.fixture
def owner():
    return factories.user()


def device(owner, agent=FIREFOX, address="203.0.113.77"):
    """Return a client that the owner is logged in with."""
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    assert log_in(client, owner.username, factories.PASSWORD).status_code == 302
    return client


def is_inside(client):
    return client.get("/payments/").status_code == 200

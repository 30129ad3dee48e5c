"""What the tests of this room share."""

import re
from datetime import date

import pytest
from django.core.mail import EmailMessage
from django.test import Client

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
LOGIN = {"username": "TestaB", "password": "river lamp orbit canoe"}


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

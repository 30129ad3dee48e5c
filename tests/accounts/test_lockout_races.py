"""Guesses at the same moment: never more than five, whatever the order."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests import factories
from tests.accounts.conftest import CONTACT, FACTS, LOGIN

pytestmark = pytest.mark.django_db(transaction=True)
TRIES = 24


class CountingHasher(MD5PasswordHasher):
    """Counts how many passwords of accounts were really compared."""

    algorithm = "counting"
    compared: list[str] = []

    def verify(self, password, encoded):
        self.compared.append(password)
        return super().verify(password, encoded)


@pytest.fixture
def compared(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.compared.clear()
    return CountingHasher.compared


def at_once(*acts):
    """Run the acts at the same moment in threads of their own; return their answers."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def guess(username, password):
    return lambda: authenticate(None, username=username, password=password)


def test_24_wrong_passwords_at_once_are_five_guesses_and_a_lock(compared):
    user = factories.user()
    answers = at_once(*[guess(user.username, f"wrong guess {number}") for number in range(TRIES)])
    assert answers == [None] * TRIES
    assert len(compared) == 5
    user.refresh_from_db()
    assert user.is_locked
    assert user.failed_logins == 5


def test_a_right_password_among_24_never_comes_in_through_a_lock(compared):
    for _ in range(5):
        user = factories.user()
        compared.clear()
        acts = [guess(user.username, f"wrong guess {number}") for number in range(TRIES - 1)]
        answers = at_once(*acts, guess(user.username, factories.PASSWORD))
        user.refresh_from_db()
        is_in = answers[-1] is not None
        before = compared.index(factories.PASSWORD) if factories.PASSWORD in compared else None
        assert not is_in or before is not None
        assert len(compared) <= (10 if is_in else 5)  # a right password starts the row anew


def test_two_registrations_of_one_member_at_once_are_one_account(registrant):
    clients = [Client(), Client()]
    for number, client in enumerate(clients):
        client.post(reverse("accounts:register"), FACTS)
        client.post(reverse("accounts:register_contact"), CONTACT | {"email": f"testa{number}@example.test"})
    acts = [
        lambda client=client, n=n: (
            client.post(reverse("accounts:register_login"), LOGIN | {"username": f"testa{n}"}).status_code
        )
        for n, client in enumerate(clients)
    ]
    assert at_once(*acts) == [302, 302]
    assert User.objects.filter(member=registrant).count() == 1
    assert len(mail.outbox) == 2


def test_one_username_for_two_members_at_once_goes_to_one_of_them(registrant):
    other = factories.member(
        first_name="Testa", last_name="Beispiel", date_of_birth=registrant.date_of_birth, masshealth_id="123400000043"
    )
    clients = [Client(), Client()]
    for client, masshealth_id in zip(clients, (registrant.masshealth_id, other.masshealth_id), strict=True):
        client.post(reverse("accounts:register"), FACTS | {"masshealth_id": masshealth_id})
        client.post(reverse("accounts:register_contact"), CONTACT)
    acts = [lambda client=client: client.post(reverse("accounts:register_login"), LOGIN) for client in clients]
    answers = at_once(*acts)
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    (page,) = [answer for answer in answers if answer.status_code == 200]
    assert "taken" in page.content.decode()
    assert User.objects.filter(username="testab").count() == 1

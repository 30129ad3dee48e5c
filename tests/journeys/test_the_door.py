"""Journeys at the door: locked out and let in again by support, and recovered by the owner."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tasks import sweep
from portal.shared.models import AuditEntry, OutgoingMessage
from tests import factories
from tests.accounts.conftest import code_of, turn_on

pytestmark = pytest.mark.django_db
LOGIN = reverse("accounts:login")


@pytest.fixture
def owner():
    return factories.user(username="testa", email="testa@example.test")


def log_in(client, password=factories.PASSWORD):
    return client.post(LOGIN, {"username": "testa", "password": password})


def mails(kind):
    return OutgoingMessage.objects.filter(kind=kind).count()


@pytest.fixture
def locked(client, owner):
    for _ in range(5):
        log_in(client, "not the right password")
    User.objects.filter(pk=owner.pk).update(locked_at=timezone.now() - timedelta(seconds=10))
    sweep()
    return owner


def test_five_wrong_passwords_lock_and_support_unlocks(client, locked, django_capture_on_commit_callbacks):
    assert log_in(client).status_code == 200
    assert "_auth_user_id" not in client.session
    assert mails("account_locked") == 1
    support = factories.user(username="helper", is_staff=True)
    support.groups.add(Group.objects.get(name="support"))
    desk = Client()
    desk.force_login(support)
    people = reverse("admin:accounts_user_changelist")
    assert "testa" in desk.get(people, {"q": locked.member.masshealth_id}).content.decode()
    action = {"action": "unlock_accounts", "_selected_action": [locked.pk]}
    assert "reason" in desk.post(people, action).content.decode()
    desk.post(people, action | {"reason": "Called, name and birth date matched"})
    assert AuditEntry.objects.filter(actor=support, reason__startswith="Called").exists()
    assert mails("account_unlocked") == 1
    assert log_in(client).status_code == 302
    assert client.get(reverse("billing:overview")).status_code == 200


def test_the_owner_comes_back_in_by_a_link_in_an_email(client, locked, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("accounts:password_forgot"), {"username": "testa"})
    sweep()
    mail = OutgoingMessage.objects.get(kind="password_reset")
    path = re.search(r"/accounts/password/reset/\S+", mail.body_text)[0]
    form = client.get(path, follow=True)
    new = "a wholly different phrase"
    client.post(form.redirect_chain[-1][0], {"password": new})
    assert log_in(client, new).status_code == 302
    again = Client().get(path, follow=True)
    assert 'name="password"' not in again.content.decode(), "a link works once"


def test_a_forgotten_username_comes_by_email(client, owner, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("accounts:username_forgot"), {"email": "TESTA@example.test"})
    sweep()
    assert "testa" in OutgoingMessage.objects.get(kind="username_reminder").body_text


def test_two_steps_are_turned_on_asked_for_and_replaced_by_a_recovery_code(client, owner):
    log_in(client)
    assert "/accounts/security/two-step/on/" in client.get("/accounts/security/").content.decode()
    codes = turn_on(client)
    assert len(codes) == 10
    client.post(reverse("accounts:logout"))
    assert log_in(client)["Location"] == "/accounts/login/code/"
    assert client.get("/bills/").status_code == 302
    assert client.post("/accounts/login/code/", {"code": code_of(owner)}).status_code == 302
    assert client.get("/bills/").status_code == 200
    other = Client()
    log_in(other)
    other.post("/accounts/login/code/", {"code": codes[0]})
    assert other.get("/bills/").status_code == 200
    page = client.get("/accounts/security/").content.decode()
    assert "A recovery code was used" in page
    assert "You have 9 recovery codes left." in page

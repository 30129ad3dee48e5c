"""A new password for who knows the old one."""

import pytest
from django.test import Client

from accounts.models import SessionRecord, User
from portal.shared.models import AuditEntry, OutgoingMessage
from tests import factories
from tests.accounts.conftest import IPHONE, device, is_inside, log_in

pytestmark = pytest.mark.django_db
SECURITY, CHANGE = "/accounts/security/", "/accounts/security/password/"
NEW = "violet tram harbor onion"


def change(client, current=factories.PASSWORD, password=NEW):
    return client.post(CHANGE, {"current_password": current, "password": password})


def test_the_new_password_works_and_every_other_device_is_out(owner, engine):
    laptop, phone = device(owner), device(owner, agent=IPHONE)
    before = laptop.session.session_key
    assert change(laptop)["Location"] == SECURITY
    text = laptop.get(SECURITY).content.decode()
    assert "Your password is changed. All other devices are logged out." in text
    assert "Your password was changed" in text
    assert laptop.session.session_key != before
    assert not is_inside(phone)
    assert not SessionRecord.objects.filter(browser="Safari", ended_at=None).exists()
    assert log_in(Client(), owner.username, factories.PASSWORD).status_code == 200
    assert log_in(Client(), owner.username, NEW).status_code == 302
    message = OutgoingMessage.objects.get()
    assert (message.kind, message.recipient) == ("password_changed", owner.email)
    assert AuditEntry.objects.filter(action="change_password", actor=owner, subject_id=str(owner.pk)).count() == 1


def test_the_device_that_changed_the_password_can_still_be_ended_from_another(owner):
    laptop = device(owner)
    change(laptop)
    phone = Client()
    log_in(phone, owner.username, NEW)
    phone.post("/accounts/security/sessions/end/")
    assert not is_inside(laptop)


def test_wrong_tries_at_the_current_password_lock_like_wrong_log_ins(owner):
    laptop = device(owner)
    log_in(Client(), owner.username, "not the password at all")
    for _ in range(3):
        assert "This is not your password." in change(laptop, current="wrong").content.decode()
    response = change(laptop, current="wrong")
    assert response["Location"] == "/accounts/login/"
    assert "the account is locked" in laptop.get(response["Location"]).content.decode()
    assert not is_inside(laptop)
    assert User.objects.get(pk=owner.pk).is_locked
    assert log_in(Client(), owner.username, factories.PASSWORD).status_code == 200


@pytest.mark.parametrize(
    ("current", "password", "said"),
    [
        ("", NEW, "Enter the password that you use now."),
        (factories.PASSWORD, "", "Enter a password."),
        (factories.PASSWORD, "short", "Use at least 15 characters."),
        (factories.PASSWORD, "masshealth masshealth", "must not hold the name of this site"),
        (factories.PASSWORD, factories.PASSWORD, "This is the password that you have."),
        ("nul\x00", NEW, "Null characters are not allowed."),
    ],
)
def test_a_password_that_will_not_do_is_refused_in_words_and_costs_no_try(owner, current, password, said):
    laptop = device(owner)
    text = change(laptop, current, password).content.decode()
    assert said in text
    assert "There is a problem" in text
    assert User.objects.get(pk=owner.pk).failed_logins == 0
    assert log_in(Client(), owner.username, factories.PASSWORD).status_code == 302

"""Pages work while the broker is away; what they asked for is done later."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import Inquiry, PhoneRecovery
from accounts.tasks import purge, sweep
from portal.celery import app
from portal.shared.tasks import sweep_messages
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_forgotten_password_is_answered_when_the_broker_is_back(client, monkeypatch, settings, tmp_path):
    user = factories.user()
    with monkeypatch.context() as away:
        away.setitem(app.conf, "task_always_eager", False)
        away.setitem(app.conf, "broker_url", "redis://127.0.0.1:1/0")
        app.set_current()
        response = client.post(reverse("accounts:password_forgot"), {"username": user.username})
    assert response.status_code == 200
    assert mail.outbox == []
    Inquiry.objects.update(created_at=Inquiry.objects.get().created_at - timedelta(minutes=1))
    sweep()
    sweep_messages()
    assert [m.subject for m in mail.outbox] == ["Choose a new password"]


def phone_asked_for():
    """Ask for a code while nobody works the tasks off."""
    facts = {"phone": "+16175550199", "phone_is_mobile": True, "phone_confirmed_at": timezone.now() - timedelta(days=2)}
    recovery = services.ask_by_phone(kind="password", typed=factories.user(**facts).username)
    PhoneRecovery.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    return recovery


def test_a_request_for_a_code_whose_task_was_lost_is_answered_once_by_the_sweep(textoutbox):
    phone_asked_for()
    sweep()
    sweep()
    sweep_messages()
    assert [text.to for text in textoutbox] == ["+16175550199"]


def test_old_requests_for_a_code_are_forgotten():
    recovery = phone_asked_for()
    purge()
    assert PhoneRecovery.objects.filter(pk=recovery.pk).exists()
    PhoneRecovery.objects.update(expires_at=timezone.now() - timedelta(days=2))
    purge()
    assert not PhoneRecovery.objects.exists()

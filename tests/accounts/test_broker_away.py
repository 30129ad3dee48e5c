"""Pages work while the broker is away; what they asked for is done later."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import Inquiry
from accounts.tasks import sweep
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

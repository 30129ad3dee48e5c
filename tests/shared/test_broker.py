"""The real worker on a real Redis; and what holds when Redis is away."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from celery import Celery
from django.utils import timezone

from portal.shared import messages, tasks
from portal.shared.models import OutgoingMessage
from tests.parts import database_address, eventually, process

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.django_db(transaction=True)


def waiting_message(key: str) -> OutgoingMessage:
    return OutgoingMessage.objects.create(
        key=key,
        kind="test",
        recipient="testa@example.test",
        subject="A test",
        body_text="Hello",
        next_try_at=timezone.now(),
    )


@pytest.mark.broker
def test_a_worker_on_redis_delivers_a_message_once_though_told_twice(redis_url):
    message = waiting_message("one")
    environment = os.environ | {
        "REDIS_URL": redis_url,
        "DATABASE_URL": database_address(),
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
    }
    command = [sys.executable, "-m", "celery", "-A", "portal", "worker", "--pool", "threads", "-c", "2", "-l", "ERROR"]
    broker = Celery(broker=redis_url, set_as_current=False)
    with process(command, env=environment, stdout=subprocess.DEVNULL):
        for _ in range(2):
            broker.send_task("portal.shared.tasks.deliver", [message.pk])
        assert eventually(lambda: OutgoingMessage.objects.get(pk=message.pk).status == "sent")
    broker.close()
    message.refresh_from_db()
    assert message.tries == 1


def test_without_a_broker_the_page_goes_on_and_the_sweep_delivers(dead_broker, mailoutbox):
    messages.post(key="two", kind="account_unlocked", to="testa@example.test")
    assert OutgoingMessage.objects.get(key="two").status == "waiting"
    tasks.sweep_messages()
    assert [mail.to for mail in mailoutbox] == [["testa@example.test"]]
    tasks.sweep_messages()
    assert len(mailoutbox) == 1


def test_a_message_that_the_mail_server_refuses_is_tried_again_and_kept(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    message = waiting_message("three")
    tasks.deliver(message.pk)
    message.refresh_from_db()
    assert (message.status, message.tries, message.error) == ("waiting", 1, "ConnectionRefusedError")
    assert message.next_try_at > timezone.now()


def test_the_same_key_is_never_queued_twice(db):
    for _ in range(3):
        messages.post(key="four", kind="account_unlocked", to="testa@example.test")
    assert OutgoingMessage.objects.filter(key="four").count() == 1


def test_a_worker_that_died_with_a_message_in_hand_leaves_it_to_the_sweep(mailoutbox):
    message = waiting_message("five")
    OutgoingMessage.objects.filter(pk=message.pk).update(status="sending", tries=1)
    tasks.sweep_messages()
    message.refresh_from_db()
    assert message.status == "sent"
    assert len(mailoutbox) == 1

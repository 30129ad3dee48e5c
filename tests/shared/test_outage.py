"""Redis and the mail server away for an hour: nothing lost, nothing doubled, and the member's pages go on."""

import os
import shutil
import subprocess
import sys
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from portal import celery_app
from portal.shared import messages, tasks
from portal.shared.models import OutgoingMessage
from tests import factories
from tests.conftest import missing
from tests.parts import database_address, eventually, free_port, process, running_redis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.broker]


class Box:
    """Keeps the Message-IDs of what arrived."""

    def __init__(self):
        self.arrived = []

    async def handle_DATA(self, server, session, envelope):
        lines = envelope.content.decode().splitlines()
        self.arrived += [line for line in lines if line.lower().startswith("message-id:")]
        return "250 OK"


class MailServer:
    """A real mail server that can be stopped and started on its port."""

    def __init__(self):
        self.box, self.port = Box(), free_port()

    def start(self):
        self.controller = Controller(self.box, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self):
        self.controller.stop()


@pytest.fixture
def mail_server(settings):
    server = MailServer()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    yield server
    server.stop()


@pytest.fixture
def redis(tmp_path):
    """A Redis of this test's own: (program, folder, port), for `running_redis`."""
    program = shutil.which("redis-server")
    if not program:
        missing("redis-server", "REQUIRE_BROKER")
    conf, port = celery_app.conf, free_port()
    before = {"task_always_eager": conf.task_always_eager, "broker_url": conf.broker_url}
    conf.update(task_always_eager=False, broker_url=f"redis://127.0.0.1:{port}/0")
    celery_app._after_fork()  # forgets the connections to another broker
    yield program, tmp_path, port
    conf.update(before)
    celery_app._after_fork()


def worker(port: int, mail_port: int):
    """A worker as a process of its own."""
    environment = os.environ | {
        "REDIS_URL": f"redis://127.0.0.1:{port}/0",
        "DATABASE_URL": database_address(),
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "DJANGO_SETTINGS_MODULE": "tests.faults.worker_settings",
    }
    command = [sys.executable, "-m", "celery", "-A", "portal", "worker", "--pool", "threads", "-c", "2", "-l", "ERROR"]
    return process(command, env=environment, stdout=subprocess.DEVNULL)


def statuses() -> set[str]:
    return set(OutgoingMessage.objects.values_list("status", flat=True))


def post(number: int) -> None:
    messages.post(key=f"message {number}", kind="account_unlocked", to=f"person{number}@example.test")


def test_an_hour_without_redis_and_mail_loses_nothing_and_doubles_nothing(client, redis, mail_server, time_machine):
    user = factories.user()
    client.force_login(user)
    with running_redis(*redis), worker(redis[2], mail_server.port):
        post(0)
        assert eventually(lambda: statuses() == {"sent"})
    assert len(mail_server.box.arrived) == 1
    mail_server.stop()
    for number in range(1, 6):
        post(number)
    answer = client.post("/accounts/notifications/", {"emails": ["reminder"], "days_before": ["7"]})
    assert answer.status_code == 302
    assert client.get("/bills/").status_code == 200
    start = timezone.now()
    for minutes in range(0, 61, 5):
        time_machine.move_to(start + timedelta(minutes=minutes))
        tasks.sweep_messages()
    assert statuses() == {"sent", "waiting"}
    assert OutgoingMessage.objects.filter(status="waiting").count() == 5
    mail_server.start()
    with running_redis(*redis):
        time_machine.move_to(start + timedelta(hours=3))
        for _ in range(2):
            tasks.sweep_messages()
        post(6)  # handed to Redis again, beside a sweep that finds it too
        tasks.sweep_messages()
        time_machine.move_to(start + timedelta(hours=4))
        with worker(redis[2], mail_server.port):
            assert eventually(lambda: statuses() == {"sent"})
    assert OutgoingMessage.objects.filter(status="sent").count() == 7
    assert len(mail_server.box.arrived) == len(set(mail_server.box.arrived)) == 7

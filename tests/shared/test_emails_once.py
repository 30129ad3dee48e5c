"""What becomes of an email that was cut off: a reminder goes out at most once, a confirmation at least once."""

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from portal.shared import tasks
from portal.shared.models import OutgoingMessage
from tests.parts import free_port

pytestmark = pytest.mark.django_db


class Box:
    """Keeps the Message-IDs of what arrived; `answer` is what it says, or None when it hangs up instead."""

    def __init__(self):
        self.arrived, self.answer = [], "250 OK"

    async def handle_DATA(self, server, session, envelope):
        lines = envelope.content.decode().splitlines()
        self.arrived += [line for line in lines if line.lower().startswith("message-id:")]
        if self.answer is None:
            server.transport.close()
        return self.answer or "250 OK"


@pytest.fixture
def box(settings):
    box, port = Box(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    yield box
    controller.stop()


def queued(kind: str, **facts) -> OutgoingMessage:
    facts = {"recipient": "testa@example.test", "subject": "Hello", "body_text": "Hello\n"} | facts
    return OutgoingMessage.objects.create(key=kind, kind=kind, next_try_at=timezone.now(), **facts)


def swept(row: OutgoingMessage) -> str:
    """Return how a message stands after it was due once more; an open bill stands behind no reminder of these tests."""
    OutgoingMessage.objects.filter(status__in=["waiting", "sending"]).update(next_try_at=timezone.now())
    tasks.sweep_messages()
    row.refresh_from_db()
    return row.status


@pytest.mark.parametrize("kind", ["new_bill", "policy"])
def test_a_notice_whose_worker_died_with_the_mail_server_is_not_sent_again(box, kind):
    row = queued(kind, status="sending", tries=1, handed_at=timezone.now())
    assert swept(row) == "unknown"
    assert box.arrived == []


def test_one_whose_worker_died_before_that_is_sent(box):
    assert swept(queued("new_bill", status="sending", tries=1)) == "sent"
    assert len(box.arrived) == 1


def test_a_notice_that_was_taken_without_an_answer_went_out_once(box):
    box.answer = None
    row = queued("new_bill")
    assert swept(row) == "unknown"
    assert (row.error, row.sent_at) == ("SMTPServerDisconnected", None)
    box.answer = "250 OK"
    assert swept(row) == "unknown"
    assert len(box.arrived) == 1


def test_a_confirmation_that_was_taken_without_an_answer_goes_out_again_under_the_same_number(box):
    box.answer = None
    row = queued("payment_confirmed")
    assert swept(row) == "waiting"
    box.answer = "250 OK"
    assert swept(row) == "sent"
    assert len(box.arrived) == 2
    assert len(set(box.arrived)) == 1


def test_a_notice_that_the_server_did_not_take_goes_out_later(box):
    box.answer = "451 Not now"
    row = queued("new_bill")
    assert swept(row) == "waiting"
    assert row.handed_at is None
    box.answer = "250 OK"
    assert swept(row) == "sent"


def test_a_notice_waits_for_a_mail_server_that_is_away(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    row = queued("new_bill")
    assert swept(row) == "waiting"
    assert row.handed_at is None

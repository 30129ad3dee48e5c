"""A message that may not have arrived waits for a person: one matter a kind for staff, and a way to mend it."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.utils import timezone

from payments.models import AttentionItem
from portal.shared import sending, tasks
from portal.shared.models import AuditEntry, OutgoingMessage
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/admin/shared/outgoingmessage/"


def message(kind="new_bill", **facts) -> OutgoingMessage:
    facts = {"recipient": "testa@example.test", "subject": "Hello", "body_text": "Hello\n"} | facts
    number = OutgoingMessage.objects.count()
    return OutgoingMessage.objects.create(key=f"{kind}:{number}", kind=kind, next_try_at=timezone.now(), **facts)


def cut_off(kind="new_bill") -> OutgoingMessage:
    """A message whose worker died while the mail server had it."""
    row = message(kind, status="sending", tries=1, handed_at=timezone.now())
    tasks.sweep_messages()
    row.refresh_from_db()
    assert row.status == "unknown"
    return row


@pytest.fixture
def support(client):
    client.user = factories.user(is_staff=True)
    client.user.groups.add(Group.objects.get(name="support"))
    client.force_login(client.user)
    return client


def send_again(client, *rows):
    chosen = {"action": "send_again", "_selected_action": [row.pk for row in rows]}
    return client.post(LIST, chosen, follow=True).content.decode()


def test_messages_of_which_nobody_knows_are_one_matter_a_kind(support):
    for kind in ("new_bill", "new_bill", "policy"):
        cut_off(kind)
    waiting = AttentionItem.objects.values_list("kind", "detail").order_by("pk")
    assert [kind for kind, _ in waiting] == ["message", "message"]
    assert [detail.split(",")[0] for _, detail in waiting] == ["new_bill", "policy"]
    page = support.get("/admin/payments/attentionitem/").content.decode()
    assert "some may not have arrived" in page


def test_once_it_is_resolved_the_next_one_is_a_matter_again():
    cut_off()
    AttentionItem.objects.update(resolved_at=timezone.now())
    cut_off()
    assert AttentionItem.objects.filter(resolved_at=None).count() == 1


def test_an_email_that_was_given_up_waits_for_a_person_too(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    row = message("password_changed", tries=sending.MAX_TRIES - 1)
    tasks.sweep_messages()
    row.refresh_from_db()
    assert row.status == "failed"
    assert AttentionItem.objects.get().detail.startswith("password_changed, email")


def test_a_text_that_the_service_lost_waits_for_a_person_and_one_to_a_dead_number_is_a_task_of_its_own():
    texts = [message("payment_failed", channel="text", status="sent", provider_id=f"SM{code}") for code in (0, 1)]
    sending.note_delivery(message_id=texts[0].pk, provider_id="SM0", state="undelivered", code="30003")
    assert not AttentionItem.objects.exists()
    sending.note_delivery(message_id=texts[1].pk, provider_id="SM1", state="undelivered", code="30008")
    assert AttentionItem.objects.get().detail.startswith("payment_failed, text")


def test_what_went_out_what_waits_and_what_was_taken_back_is_no_matter():
    message("password_changed")
    message("new_bill", about={"consent": 0}, channel="text")
    tasks.sweep_messages()
    assert not AttentionItem.objects.exists()


def test_support_sends_it_again_once_and_that_is_written_down(support, django_capture_on_commit_callbacks):
    row = cut_off()
    assert "Send again" in support.get(f"{LIST}{row.pk}/change/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert "1 sent again" in send_again(support, row)
    row.refresh_from_db()
    assert (row.status, [sent.to for sent in mail.outbox]) == ("sent", [["testa@example.test"]])
    assert "Nothing to send" in send_again(support, row)
    entry = AuditEntry.objects.get(action="send_message_again")
    assert (entry.actor, entry.subject_id, entry.data["was"]) == (support.user, str(row.pk), "unknown")
    assert "Send again" not in support.get(f"{LIST}{row.pk}/change/").content.decode().partition("<footer")[0]


def test_a_reminder_that_is_not_true_any_more_does_not_go_again(support, django_capture_on_commit_callbacks):
    row = cut_off("reminder")
    OutgoingMessage.objects.update(about={"bill": 0, "user": 0, "when": 7})
    with django_capture_on_commit_callbacks(execute=True):
        send_again(support, row)
    row.refresh_from_db()
    assert (row.status, mail.outbox) == ("canceled", [])


@pytest.mark.parametrize("facts", [{"status": "sent"}, {"status": "failed", "body_text": "", "recipient": ""}])
def test_what_arrived_or_was_forgotten_does_not_go_again(support, facts):
    assert "Nothing to send" in send_again(support, message(**facts))
    assert mail.outbox == []


def test_who_may_only_look_sends_nothing_again(client):
    row, looker = cut_off(), factories.user(is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_outgoingmessage"))
    client.force_login(looker)
    assert "Send again" not in client.get(f"{LIST}{row.pk}/change/").content.decode()
    send_again(client, row)
    row.refresh_from_db()
    assert row.status == "unknown"

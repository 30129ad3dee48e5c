"""A text goes out once, whatever is cut off on the way, and its row says what became of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from portal.shared import messages, tasks
from portal.shared.models import OutgoingMessage
from tests import factories
from tests.texting import call, signature

TO = "+16175550100"


@pytest.fixture(autouse=True)
def template(tmp_path, settings):
    """A kind of text of these tests' own."""
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "hello.txt").write_text("Hello.\n{{ more }}\n")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]


@pytest.fixture
def real_sender(settings, sandbox):
    settings.TEXT_SENDER = "portal.shared.texting.twilio.TwilioSender"
    settings.TWILIO_API_BASE = sandbox.url
    sandbox.control("reset")
    sandbox.control("webhooks/pause")
    yield sandbox
    sandbox.control("faults/clear")


def texts(sandbox) -> list[str]:
    return [one["text"] for one in sandbox.look("inbox")["messages"] if one["channel"] == "text"]


def make_due() -> None:
    OutgoingMessage.objects.filter(status__in=["waiting", "sending"]).update(next_try_at=timezone.now())


def post(key="one", **facts):
    messages.post_text(key=key, kind="hello", to=TO, **facts)
    return OutgoingMessage.objects.get(key=key)


def test_a_text_names_its_sender_goes_out_once_and_its_words_are_forgotten(
    textoutbox, django_capture_on_commit_callbacks, db
):
    with django_capture_on_commit_callbacks(execute=True):
        post(context={"more": "The code is 123456."})
        post(context={"more": "Another."})
    assert [(text.to, text.body) for text in textoutbox] == [(TO, "MA Bill Pay: Hello. The code is 123456.")]
    row = OutgoingMessage.objects.get()
    assert (row.status, row.channel, row.body_text, row.recipient) == ("sent", "text", "", TO)


def test_nothing_goes_out_before_its_time_or_after_it(textoutbox, db):
    now = timezone.now()
    early, late = post("early", not_before=now + timedelta(hours=1)), post("late", not_after=now - timedelta(minutes=1))
    tasks.sweep_messages()
    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.status, early.next_try_at) == ("waiting", now + timedelta(hours=1))
    assert (late.status, late.body_text) == ("canceled", "")
    assert textoutbox == []


def test_without_a_text_service_nothing_is_queued(settings, db):
    settings.TEXT_SENDER = ""
    messages.post_text(key="one", kind="hello", to=TO)
    assert not OutgoingMessage.objects.exists()


@pytest.mark.parametrize("kind", ["drop", "truncate"])
def test_a_lost_answer_sends_no_second_text(real_sender, db, kind):
    row = post()
    real_sender.control("faults", method="POST", path="/Messages.json$", kind=kind, when="after")
    tasks.sweep_messages()
    row.refresh_from_db()
    assert (row.status, row.tries) == ("waiting", 1)
    make_due()
    tasks.sweep_messages()
    row.refresh_from_db()
    assert (row.status, row.tries, row.provider_id[:2]) == ("sent", 2, "SM")
    assert texts(real_sender) == ["MA Bill Pay: Hello."]


def test_a_worker_that_died_after_sending_sends_no_second_text(real_sender, db):
    row = post()
    tasks.deliver(row.pk)
    OutgoingMessage.objects.update(status="sending", provider_id="", body_text="MA Bill Pay: Hello.")
    make_due()
    tasks.sweep_messages()
    row.refresh_from_db()
    assert (row.status, row.tries) == ("sent", 2)
    assert len(texts(real_sender)) == 1


def test_two_texts_of_the_same_words_both_go_out_though_both_were_cut_off(real_sender, db):
    post("one")
    post("two")
    real_sender.control("faults", method="POST", path="/Messages.json$", kind="drop", when="before", times=1)
    real_sender.control("faults", method="POST", path="/Messages.json$", kind="drop", when="after", times=0)
    tasks.sweep_messages()
    assert len(texts(real_sender)) == 1
    real_sender.control("faults/clear")
    make_due()
    tasks.sweep_messages()
    assert len(texts(real_sender)) == 2
    assert OutgoingMessage.objects.filter(status="sent").values("provider_id").distinct().count() == 2


def test_a_dead_number_is_given_up_at_once_and_noted(real_sender, db):
    user = factories.user(phone="+15005550009", phone_confirmed_at=timezone.now(), phone_is_mobile=True)
    assert user.can_get_texts
    messages.post_text(key="one", kind="hello", to="+15005550009")
    tasks.sweep_messages()
    row = OutgoingMessage.objects.get()
    assert (row.status, row.error, row.tries) == ("failed", "twilio 21614", 1)
    user.refresh_from_db()
    assert user.is_phone_dead
    assert not user.can_get_texts
    User.objects.update(phone_confirmed_at=timezone.now())
    user.refresh_from_db()
    assert user.can_get_texts


def test_a_text_that_never_arrives_is_told_by_the_webhook(client, textoutbox, db):
    user = factories.user(phone=TO, phone_confirmed_at=timezone.now(), phone_is_mobile=True)
    row = post()
    tasks.sweep_messages()
    facts = {"MessageSid": f"memory-{row.pk}", "MessageStatus": "undelivered", "ErrorCode": "30003"}
    assert call(client, f"/webhooks/twilio/?message={row.pk}", **facts).status_code == 204
    row.refresh_from_db()
    user.refresh_from_db()
    assert (row.status, row.error, user.is_phone_dead) == ("failed", "twilio 30003", True)


def test_a_text_that_was_filtered_on_the_way_makes_no_dead_number(client, textoutbox, db):
    user = factories.user(phone=TO, phone_confirmed_at=timezone.now(), phone_is_mobile=True)
    row = post()
    tasks.sweep_messages()
    facts = {"MessageSid": f"memory-{row.pk}", "MessageStatus": "undelivered", "ErrorCode": "30007"}
    call(client, f"/webhooks/twilio/?message={row.pk}", **facts)
    row.refresh_from_db()
    user.refresh_from_db()
    assert (row.status, user.is_phone_dead) == ("failed", False)


def test_a_call_about_a_text_whose_answer_was_lost_settles_it(client, textoutbox, db):
    row = post()
    call(client, f"/webhooks/twilio/?message={row.pk}", MessageSid="SM1", MessageStatus="delivered")
    make_due()
    tasks.sweep_messages()
    row.refresh_from_db()
    assert (row.status, row.provider_id, row.body_text, textoutbox) == ("sent", "SM1", "", [])


def test_a_call_that_the_text_service_did_not_sign_changes_nothing(client, textoutbox, db):
    row = post()
    path = f"/webhooks/twilio/?message={row.pk}"
    facts = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    assert call(client, path, token="another", **facts).status_code == 403
    assert client.post(path, facts).status_code == 403
    signed = signature(f"http://testserver{path}", facts)
    longer = client.post(path, facts | {"ErrorCode": "30003"}, headers={"X-Twilio-Signature": signed})
    elsewhere = client.post("/webhooks/twilio/?message=999", facts, headers={"X-Twilio-Signature": signed})
    assert (longer.status_code, elsewhere.status_code) == (403, 403)
    row.refresh_from_db()
    assert (row.status, row.provider_id) == ("waiting", "")


@pytest.mark.parametrize("number", ["", "x", "0", "9" * 30, "-1"])
def test_a_signed_call_about_no_message_of_ours_changes_nothing(client, db, number):
    path = f"/webhooks/twilio/?message={number}"
    assert call(client, path, MessageSid="SM1", MessageStatus="failed", ErrorCode="30003").status_code == 204


def test_the_whole_way_through_the_sandbox_and_back(live_portal):
    factories.user(phone="+15005550003", phone_confirmed_at=timezone.now(), phone_is_mobile=True)
    live_portal.sandbox.control("webhooks/pause")
    messages.post_text(key="one", kind="hello", to=TO)
    messages.post_text(key="two", kind="hello", to="+15005550003")
    results = live_portal.sandbox.control("flush")["results"]  # events of tests before this one may be among them
    assert [result["status"] for result in results if result["type"] == "text"] == [204, 204, 204, 204]
    assert dict(OutgoingMessage.objects.values_list("key", "status")) == {"one": "sent", "two": "failed"}
    assert User.objects.get(phone="+15005550003").is_phone_dead

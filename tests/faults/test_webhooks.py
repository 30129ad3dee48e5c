"""Calls of the gateway: early, twice, out of order, not the gateway's, of another mode, account or version."""

import hashlib
import hmac
import json
import time
from uuid import uuid4

import pytest
import requests
import stripe
from django.utils import timezone

from payments import tasks
from payments.models import AttentionItem, GatewayEvent
from portal.shared.models import TryCount
from tests.faults.world import CONFIRM

pytestmark = pytest.mark.django_db(transaction=True)
PAID = ["Your payment is received"]
BANK_PAID = ["Your payment is on its way", "Your payment is received"]
SECRET = "whsec_sandbox_tests"


def call(world, body, *, secret=SECRET, at=0, headers=None):
    """Call our webhook as the gateway would, over HTTP; return the answer."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    if headers is None:
        moment = int(time.time()) + at
        mac = hmac.new(secret.encode(), f"{moment}.".encode() + data, hashlib.sha256).hexdigest()
        headers = {"Stripe-Signature": f"t={moment},v1={mac}"}
    address = f"{world.url}/webhooks/stripe/"
    return requests.post(address, data=data, headers={"Content-Type": "application/json", **headers}, timeout=10)


def event(world, type_, thing, **facts):
    """Return an event about an object, as the gateway writes it."""
    written = {"id": f"evt_{time.time_ns()}", "object": "event", "type": type_, "livemode": False}
    return written | {"api_version": stripe.api_version, "data": {"object": {"id": thing}}} | facts


def steps(payment):
    return list(payment.events.values_list("to_status", flat=True))


def test_row_20_an_event_that_comes_before_our_commit_finds_the_payment_and_both_make_one_effect(world):
    world.sandbox.control("webhook", paused=False)
    world.fault(method="POST", path=CONFIRM, kind="delay", when="after", seconds=1.5)
    payment, said = world.pay()
    assert "Your payment is received" in said
    assert list(payment.events.values_list("via", flat=True))[-1] == "webhook"
    assert steps(payment) == ["started", "submitting", "paid"]
    assert world.books() == {"settled": 2400}
    assert world.subjects() == PAID


def test_row_20_an_event_whose_payment_is_not_there_yet_waits_for_it(world):
    intent = ask_new_intent(world, {"payment": str(uuid4()), "deployment": "tests"})
    assert call(world, event(world, "payment_intent.processing", intent)).status_code == 200
    waiting = GatewayEvent.objects.get(object_id=intent)
    assert (waiting.status, waiting.error) == ("received", "NotYetKnown")
    for _ in range(9):
        GatewayEvent.objects.filter(pk=waiting.pk).update(next_try_at=timezone.now())
        tasks.sweep_events()
    waiting.refresh_from_db()
    assert waiting.status == "dead"
    assert world.attention() == ["event not worked off"]
    assert world.books() == {}


def ask_new_intent(world, metadata):
    facts = {"amount": 2400, "currency": "usd", **{f"metadata[{name}]": text for name, text in metadata.items()}}
    key = {"Authorization": "Bearer sk_test_sandbox_tests"}
    return requests.post(f"{world.sandbox.url}/v1/payment_intents", data=facts, headers=key, timeout=10).json()["id"]


@pytest.mark.parametrize("hook", ["duplicate", "together"])
def test_row_21_the_same_event_twice_or_twice_at_once_has_one_effect_and_is_answered_200(world, hook):
    world.fault(hook=hook, times=0)
    payment, _ = world.pay("bank")
    world.sandbox.control("settle", intent=payment.intent_id)
    assert {answer["status"] for answer in world.deliver()} == {200}
    assert "Your payment is received" in world.page(payment)
    assert steps(payment) == ["started", "submitting", "processing", "paid"]
    assert world.books() == {"settled": 2400}
    assert world.subjects() == BANK_PAID
    ids = list(GatewayEvent.objects.values_list("event_id", flat=True))
    assert len(ids) == len(set(ids)) > 0


def test_row_22_twin_events_with_different_ids_make_one_entry_and_one_message(world):
    world.fault(hook="twin", types="payment_intent.*", times=0)
    payment, _ = world.pay("bank")
    world.sandbox.control("settle", intent=payment.intent_id)
    world.deliver()
    about = GatewayEvent.objects.filter(type="payment_intent.succeeded", object_id=payment.intent_id, status="done")
    assert about.count() == 2
    assert steps(payment) == ["started", "submitting", "processing", "paid"]
    assert world.books() == {"settled": 2400}
    assert world.subjects() == BANK_PAID


def test_row_23_old_news_after_new_changes_nothing(world):
    payment, _ = world.pay("bank")
    world.sandbox.control("settle", intent=payment.intent_id)
    for type_ in ("succeeded", "processing", "payment_failed", "requires_action", "canceled", "succeeded"):
        assert call(world, event(world, f"payment_intent.{type_}", payment.intent_id)).status_code == 200
    assert "Your payment is received" in world.page(payment)
    assert steps(payment) == ["started", "submitting", "processing", "paid"]
    assert world.books() == {"settled": 2400}
    assert world.subjects() == BANK_PAID
    assert world.attention() == []


def test_row_23_shuffled_deliveries_end_where_the_gateway_is(world):
    world.fault(hook="shuffle", times=0)
    payment, _ = world.pay("bank")
    world.sandbox.control("fail", intent=payment.intent_id)
    world.deliver()
    assert "did not go through" in world.page(payment)
    assert world.books() == {}
    assert world.subjects() == ["Your payment is on its way", "Your payment did not go through"]


BAD = {
    "no signature": {"headers": {}},
    "a signature of another": {"secret": "whsec_not_the_right_one"},
    "a signature that is none": {"headers": {"Stripe-Signature": "nonsense"}},
    "an old timestamp": {"at": -301},
    "a future timestamp": {"at": 330},
    "bad UTF-8": {"body": b"\xff\xfe{}"},
    "bad JSON": {"body": b"{not json"},
    "JSON that is no event": {"body": b'["evt_1"]'},
    "over 1 MB": {"body": b'{"id": "' + b"x" * 1_100_000 + b'"}'},
}


@pytest.mark.parametrize("facts", BAD.values(), ids=BAD)
def test_row_26_what_is_not_the_gateways_is_answered_400_and_leaves_nothing_but_a_count(world, facts):
    payment, _ = world.pay("bank")
    given = {"body": event(world, "payment_intent.succeeded", payment.intent_id)} | facts
    answer = call(world, given.pop("body"), **given)
    assert answer.status_code == 400
    assert answer.text == ""
    assert not GatewayEvent.objects.exists()
    assert [count.count for count in TryCount.objects.filter(limit="webhook-refused")] == [1]
    assert world.books() == {"held": 2400}
    assert world.attention() == []


def test_row_26_many_refused_calls_within_an_hour_are_a_matter_for_staff_once(world):
    for _ in range(23):
        assert call(world, b"{}", headers={}).status_code == 400
    assert world.attention() == ["webhook calls refused"]


@pytest.mark.parametrize("hook", ["wrong_secret", "old_timestamp", "future_timestamp"])
def test_row_26_a_delivery_that_was_spoilt_is_refused_and_taken_when_it_comes_again(world, hook):
    payment, _ = world.pay("bank")
    world.deliver()
    world.fault(hook=hook, types="payment_intent.succeeded")
    world.sandbox.control("settle", intent=payment.intent_id)
    assert 400 in {answer["status"] for answer in world.deliver()}
    filed = GatewayEvent.objects.filter(type="payment_intent.succeeded")
    assert not filed.exists()
    (spoilt,) = [e for e in world.state("events") if e["type"] == "payment_intent.succeeded"]
    world.sandbox.control("resend", event=spoilt["id"])
    world.deliver()
    assert filed.get().status == "done"
    assert world.books() == {"settled": 2400}
    assert world.subjects() == BANK_PAID


def test_row_27_an_event_of_the_other_mode_is_recorded_ignored_and_told_to_staff(world):
    payment, _ = world.pay("bank")
    world.deliver()
    world.fault(hook="livemode", types="payment_intent.succeeded")
    world.sandbox.control("settle", intent=payment.intent_id)
    assert {answer["status"] for answer in world.deliver()} == {200}
    assert GatewayEvent.objects.get(type="payment_intent.succeeded").status == "ignored"
    assert "event of the other mode" in world.attention()
    world.age(payment, minutes=60)
    tasks.sweep_processing()
    assert world.books() == {"settled": 2400}


def test_row_27_an_event_of_another_account_is_recorded_ignored_and_told_to_staff(world):
    assert call(world, event(world, "payment_intent.succeeded", "pi_of_somebody", account="acct_other")).ok
    assert GatewayEvent.objects.get().status == "ignored"
    assert world.attention() == ["event of another account"]
    assert world.books() == {}
    assert world.subjects() == []


def test_row_28_an_event_of_another_version_is_worked_off_and_told_to_staff_once(world, caplog):
    world.fault(hook="api_version", times=0)
    payment, _ = world.pay("bank")
    world.sandbox.control("settle", intent=payment.intent_id)
    assert {answer["status"] for answer in world.deliver()} == {200}
    assert "has version 2020-08-27" in caplog.text
    assert AttentionItem.objects.get().kind == "events of another version"
    assert "Your payment is received" in world.page(payment)
    assert world.books() == {"settled": 2400}
    assert world.subjects() == BANK_PAID


def test_row_44_while_the_secret_is_replaced_both_are_taken_and_afterwards_the_new_one_alone(world, settings):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_the_new_one", SECRET]
    payment, _ = world.pay("bank")
    assert {answer["status"] for answer in world.deliver()} == {200}
    world.sandbox.control("webhook", secret="whsec_the_new_one")
    try:
        world.sandbox.control("settle", intent=payment.intent_id)
        assert {answer["status"] for answer in world.deliver()} == {200}
    finally:
        world.sandbox.control("webhook", secret=SECRET)
    assert world.books() == {"settled": 2400}
    assert world.subjects() == BANK_PAID
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_the_new_one"]
    late = event(world, "payment_intent.succeeded", payment.intent_id)
    assert call(world, late).status_code == 400
    assert call(world, late, secret="whsec_the_new_one").status_code == 200

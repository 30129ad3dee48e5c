"""Webhook calls: signed for the real library, repeated until taken, and spoilt on request."""

import json
import time

import pytest
import stripe

from tests.sandbox.conftest import SECRET


def flush_all(sandbox):
    """Send until nothing is pending; returns every outcome."""
    outcomes = []
    while results := sandbox.do("webhooks/flush")["results"]:
        outcomes += results
    return outcomes


def test_every_event_of_a_payment_arrives_signed_and_fits_the_library(sandbox, client, payer, listener):
    payer.pay()
    assert all(result["ok"] for result in flush_all(sandbox))
    types = [client.construct_event(body, header, SECRET).type for body, header in listener.calls]
    assert types == ["payment_intent.created", "charge.succeeded", "charge.updated", "payment_intent.succeeded"]
    wrong = pytest.raises(stripe.SignatureVerificationError)
    with wrong:
        client.construct_event(listener.calls[0][0], listener.calls[0][1], "whsec_other")


def test_a_refused_call_is_repeated_until_it_is_taken(sandbox, payer, listener):
    listener.answers = [500, 500]
    payer.intent()
    outcomes = flush_all(sandbox)
    assert [result["status"] for result in outcomes] == [500, 500, 200]
    assert len({event["id"] for event in listener.events()}) == 1
    delivery = sandbox.look("deliveries")["deliveries"][0]
    assert (delivery["state"], delivery["tries"], len(delivery["log"])) == ("delivered", 3, 3)


def test_a_receiver_that_never_takes_is_given_up(sandbox, payer, listener):
    listener.answers = [500] * 50
    payer.intent()
    assert len(flush_all(sandbox)) == 8
    assert sandbox.look("deliveries")["deliveries"][0]["state"] == "given up"


def test_without_a_pause_the_thread_sends_by_itself_and_retries_after_a_second(sandbox, payer, listener):
    listener.answers = [503]
    sandbox.do("webhooks/pause", paused=False)
    payer.intent()
    end = time.monotonic() + 8
    while len(listener.calls) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    assert [event["type"] for event in listener.events()] == ["payment_intent.created"] * 2


def test_the_event_list_finds_by_type_and_time_and_delivery(sandbox, client, payer, listener):
    payer.pay()
    listed = client.v1.events.list({"types": ["payment_intent.succeeded"], "created": {"gte": 1}})
    assert [event.type for event in listed.data] == ["payment_intent.succeeded"]
    assert listed.data[0].data.object.metadata.deployment == "checks"
    assert client.v1.events.list({"delivery_success": True}).data == []
    flush_all(sandbox)
    assert len(client.v1.events.list({"delivery_success": True}).data) == 4


def test_a_duplicate_has_the_same_id_and_a_twin_another(sandbox, payer, listener):
    sandbox.do("faults", hook="duplicate", types="payment_intent.created")
    payer.intent()
    sandbox.do("faults/clear")
    sandbox.do("faults", hook="twin", types="payment_intent.created")
    payer.intent()
    flush_all(sandbox)
    first, second, third, fourth = listener.events()
    assert first["id"] == second["id"]
    assert third["id"] != fourth["id"]
    assert third["data"] == fourth["data"]


def test_dropped_and_delayed_events(sandbox, payer, listener):
    sandbox.do("faults", hook="drop", types="charge.*", times=0)
    sandbox.do("faults", hook="delay", types="payment_intent.created", seconds=60)
    payer.pay()
    flush_all(sandbox)
    assert [event["type"] for event in listener.events()] == ["payment_intent.succeeded", "payment_intent.created"]


def test_shuffled_events_come_in_another_order_sooner_or_later(sandbox, payer, listener):
    sandbox.do("faults", hook="shuffle", types="*", times=0, seconds=5)
    for _ in range(4):
        payer.pay()
    flush_all(sandbox)
    order = [event["created"] for event in listener.events()], [event["type"] for event in listener.events()]
    usual = ["payment_intent.created", "charge.succeeded", "charge.updated", "payment_intent.succeeded"] * 4
    assert sorted(order[1]) == sorted(usual)
    assert order[1] != usual


def test_wrong_secret_and_old_timestamp_are_refused_by_the_library(sandbox, client, payer, listener):
    for hook in ("wrong_secret", "old_timestamp"):
        sandbox.do("faults", hook=hook, types="payment_intent.created")
        payer.intent()
        flush_all(sandbox)
        with pytest.raises(stripe.SignatureVerificationError):
            client.construct_event(*listener.calls[-1], SECRET)
        sandbox.do("faults/clear")


def test_other_twists_of_an_event(sandbox, payer, listener):
    for hook in ("livemode", "api_version", "thin"):
        sandbox.do("faults", hook=hook)
        payer.intent()
        sandbox.do("faults/clear")
    flush_all(sandbox)
    live, foreign, thin = listener.events()
    assert live["livemode"] is True
    assert foreign["api_version"] == "2020-08-27"
    assert (thin["type"], thin["related_object"]["id"][:3]) == ("v1.payment_intent.created", "pi_")
    assert "data" not in thin


def test_two_calls_at_the_same_moment(sandbox, payer, listener):
    sandbox.do("faults", hook="together")
    payer.intent()
    flush_all(sandbox)
    assert len(listener.calls) == 2
    assert listener.calls[0][0] == listener.calls[1][0]


def test_an_old_event_can_be_sent_again_and_endpoints_choose_types(sandbox, payer, listener):
    payer.pay()
    flush_all(sandbox)
    sandbox.do("event/resend", event=listener.events()[0]["id"])
    flush_all(sandbox)
    assert listener.events()[-1]["id"] == listener.events()[0]["id"]
    place = {"url": listener.url, "secret": SECRET, "types": ["payment_intent.succeeded"]}
    sandbox.do("endpoints", endpoints=[place])
    listener.calls.clear()
    payer.pay()
    flush_all(sandbox)
    assert [event["type"] for event in listener.events()] == ["payment_intent.succeeded"]


def test_the_object_in_an_event_is_the_object_of_that_moment(sandbox, payer, listener):
    intent = payer.intent()
    payer.confirm(intent, payer.token())
    flush_all(sandbox)
    events = {event["type"]: event for event in listener.events()}
    assert events["payment_intent.created"]["data"]["object"]["status"] == "requires_payment_method"
    assert events["payment_intent.succeeded"]["data"]["object"]["status"] == "succeeded"
    assert json.dumps(listener.events()).count('"_') == 0

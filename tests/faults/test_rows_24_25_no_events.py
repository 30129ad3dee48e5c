"""Faults of the gateway's telling: an event that never comes, and an endpoint that is down for days."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from payments import tasks
from payments.models import GatewayEvent, Payment, ReconciliationFinding
from tests.faults.world import CONFIRM, RETRIEVE
from tests.payments.reconciling.looking import reconcile

pytestmark = pytest.mark.django_db(transaction=True)
EVENTS = r"^/v1/events$"
NOBODY = "http://127.0.0.1:9/webhooks/stripe/"


@pytest.fixture
def unheard(world):
    """The gateway tells nobody of anything."""
    world.fault(hook="drop", times=0)
    return world


@pytest.fixture
def down(world):
    """Nobody is at our address; the gateway tries in vain."""
    world.sandbox.control("webhook", url=NOBODY, paused=False)
    yield world
    world.sandbox.control("webhook", url=f"{world.url}/webhooks/stripe/", paused=True)


def status_of(payment):
    payment.refresh_from_db()
    return payment.status


def test_row_24_a_card_whose_outcome_and_event_are_lost_is_settled_by_the_sweep_within_minutes(unheard):
    world = unheard
    world.fault(method="POST", path=CONFIRM, kind="drop", when="after", times=4)
    world.fault(method="GET", path=RETRIEVE, kind="drop", times=4)
    payment, said = world.pay()
    assert payment.status == "submitting"
    assert "do not pay again" in said
    assert (world.books(), world.subjects()) == ({"held": 2400}, [])
    world.age(payment, minutes=1)
    tasks.sweep_stalled()
    assert status_of(payment) == "submitting"
    world.heal()
    world.fault(hook="drop", times=0)
    world.age(payment, minutes=3)
    tasks.sweep_stalled()
    assert status_of(payment) == "paid"
    assert world.at_gateway() == [("succeeded", 2400)]
    assert world.books() == {"settled": 2400}
    assert "Your payment is received" in world.page(payment)
    assert world.subjects() == ["Your payment is received"]
    assert (world.deliver(), GatewayEvent.objects.count()) == ([], 0)


def test_row_24_a_bank_debit_that_settles_unheard_is_found_by_the_sweep_within_the_hour(unheard):
    world = unheard
    payment, _ = world.pay("bank")
    world.sandbox.control("settle", intent=payment.intent_id)
    assert "It is not paid yet" in world.page(payment)
    world.age(payment, minutes=30)
    tasks.sweep_processing()
    assert status_of(payment) == "processing"
    world.age(payment, minutes=55)
    tasks.sweep_processing()
    tasks.sweep_processing()
    assert status_of(payment) == "paid"
    assert world.at_gateway() == [("succeeded", 2400)]
    assert world.books() == {"settled": 2400}
    assert "Your payment is received" in world.page(payment)
    assert world.subjects() == ["Your payment is on its way", "Your payment is received"]
    assert (world.deliver(), GatewayEvent.objects.count()) == ([], 0)


def test_row_25_after_days_of_silence_the_events_are_read_from_the_list_each_once(down):
    world = down
    payment, _ = world.pay("bank")
    assert reconcile("--part", "events")[1] == 0
    world.sandbox.control("settle", intent=payment.intent_id)
    world.sandbox.control("return", intent=payment.intent_id, reason="insufficient_funds")
    assert {answer["status"] for answer in world.deliver()} == {0}
    assert (status_of(payment), world.books()) == ("processing", {"held": 2400})
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        text, status = reconcile("--part", "events")
        assert status == 0
        assert "event missed" in text
        assert status_of(payment) == "returned"
        heard = list(GatewayEvent.objects.values_list("type", "status"))
        assert reconcile("--part", "events")[1] == 0
        assert list(GatewayEvent.objects.values_list("type", "status")) == heard
        world.client.force_login(world.user)
        assert "Your bank took this payment back" in world.page(payment)
        assert "$24.00" in world.bills()
    assert {("payment_intent.succeeded", "done"), ("charge.dispute.created", "done")} <= set(heard)
    assert set(ReconciliationFinding.objects.values_list("kind", "outcome")) == {("event missed", "mended")}
    assert world.at_gateway() == [("succeeded", 2400)]
    assert [dispute["status"] for dispute in world.state("disputes")] == ["lost"]
    assert world.books() == {}
    assert world.subjects() == [
        "Your payment is on its way",
        "Your payment is received",
        "Your bank took a payment back",
    ]


def test_row_25_what_was_read_from_the_list_has_no_second_effect_when_it_is_told_after_all(down):
    world = down
    payment, _ = world.pay("bank")
    world.sandbox.control("settle", intent=payment.intent_id)
    reconcile("--part", "events")
    assert status_of(payment) == "paid"
    filed, said = GatewayEvent.objects.count(), world.subjects()
    world.sandbox.control("webhook", url=f"{world.url}/webhooks/stripe/", paused=True)
    succeeded = [event for event in world.state("events") if event["type"] == "payment_intent.succeeded"]
    for event in succeeded:
        world.sandbox.control("resend", event=event["id"])
    assert 200 in {answer["status"] for answer in world.deliver()}
    assert GatewayEvent.objects.filter(type="payment_intent.succeeded").count() == len(succeeded) == 1
    assert GatewayEvent.objects.count() >= filed
    assert (status_of(payment), world.books()) == ("paid", {"settled": 2400})
    assert payment.events.filter(to_status="paid").count() == 1
    assert world.subjects() == said == ["Your payment is on its way", "Your payment is received"]
    assert "Your payment is received" in world.page(payment)


def test_row_25_payments_are_followed_even_while_the_list_of_events_is_away_too(down):
    world = down
    payment, _ = world.pay("bank")
    world.sandbox.control("settle", intent=payment.intent_id)
    world.fault(method="GET", path=EVENTS, kind="status", status=500, times=0)
    world.age(payment, hours=2)
    text, status = reconcile("--part", "all")
    assert status == 2
    assert "events: 0 looked at" in text
    assert "Stopped: OutcomeUnknown" in text
    assert "reconciliation stopped" in world.attention()
    assert status_of(payment) == "paid"
    assert world.at_gateway() == [("succeeded", 2400)]
    assert world.books() == {"settled": 2400}
    assert world.subjects() == ["Your payment is on its way", "Your payment is received"]
    world.heal()
    assert reconcile("--part", "all")[1] == 0
    assert Payment.objects.get().events.filter(to_status="paid").count() == 1
    assert world.subjects() == ["Your payment is on its way", "Your payment is received"]

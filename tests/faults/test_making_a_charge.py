"""Answers of the gateway that are no answer, or not the one asked for: while a charge is made and confirmed."""

import pytest
import requests
from django.utils import timezone

from payments import services, tasks
from payments.models import GatewayEvent
from tests.faults.world import CONFIRM, CREATE, RETRIEVE, text_of
from tests.parts import eventually

pytestmark = pytest.mark.django_db(transaction=True)
NOT_NOW = "You were not charged. Please try again in a few minutes."


def test_row_01_a_call_that_never_reached_the_gateway_is_sent_again_under_the_same_key(world):
    world.fault(method="POST", path=CREATE, kind="drop", times=1)
    _, said = world.pay()
    assert "Your payment is received" in said
    assert len(world.asked(CREATE)) == 2
    assert world.keys(CREATE) == ["create"]
    assert world.at_gateway() == [("succeeded", 2400)]
    assert world.subjects() == ["Your payment is received"]


def test_row_01_a_gateway_that_stays_away_charges_nothing_and_the_same_review_can_be_confirmed_later(world):
    world.fault(method="POST", path=CREATE, kind="drop", times=0)
    payment = world.begin()
    assert NOT_NOW in world.confirm(payment)
    assert world.at_gateway() == []
    assert world.books() == {}
    assert "Pay" in world.bills()
    assert world.subjects() == []
    world.heal()
    assert "Your payment is received" in world.confirm(payment)
    assert world.keys(CREATE) == ["create"]
    assert world.books() == {"settled": 2400}
    assert world.subjects() == ["Your payment is received"]


def test_row_02_a_charge_that_was_made_without_our_hearing_of_it_is_found_again_by_its_key(world, short_patience):
    world.fault(method="POST", path=CREATE, kind="delay", when="after", seconds=0.9, times=2)
    payment = world.begin()
    assert NOT_NOW in world.confirm(payment)
    assert world.at_gateway() == [("requires_payment_method", 2400)]
    assert world.books() == {}
    assert "Your payment is received" in world.confirm(payment)
    assert world.at_gateway() == [("succeeded", 2400)]
    assert world.subjects() == ["Your payment is received"]


def test_row_07_a_key_that_another_worker_is_using_is_asked_again_and_never_replaced(world):
    for path in (CREATE, CONFIRM):
        world.fault(method="POST", path=path, kind="status", status=409, times=2)
    payment = world.begin()
    assert "Our payment system is busy. You were not charged." in world.confirm(payment)
    assert world.books() == {}
    assert "Your payment is received" in world.confirm(payment)
    assert world.keys(CREATE) == ["create"]
    assert world.keys(CONFIRM) == ["confirm:2"]
    assert world.at_gateway() == [("succeeded", 2400)]
    assert world.books() == {"settled": 2400}
    assert world.subjects() == ["Your payment is received"]


def test_row_07_a_slow_answer_and_the_question_asked_again_meanwhile_are_one_charge(world, short_patience):
    world.fault(method="POST", path=CONFIRM, kind="delay", when="before", seconds=2)
    payment = world.begin()
    world.confirm(payment)
    assert eventually(lambda: world.at_gateway() == [("succeeded", 2400)])
    payment.refresh_from_db()
    services.resolve(payment)
    assert "Your payment is received" in world.page(payment)
    assert world.books() == {"settled": 2400}
    assert world.subjects() == ["Your payment is received"]


def test_row_08_a_create_key_that_stands_for_another_question_goes_to_staff_and_charges_nothing(world):
    payment = world.begin()
    ask(world, "payment_intents", f"{payment.uuid}:create", amount=999, currency="usd")
    assert NOT_NOW in world.confirm(payment)
    assert NOT_NOW in world.confirm(payment)
    assert world.keys(CREATE) == ["create"]
    assert world.asked(CONFIRM) == []
    assert world.books() == {}
    assert world.subjects() == []
    assert world.attention() == ["gateway refused"]


def test_row_08_a_confirm_key_that_stands_for_another_question_stays_unknown_until_the_sweep_has_made_sure(world):
    payment = world.begin()
    other = ask(world, "payment_intents", "other", amount=999, currency="usd")
    ask(world, f"payment_intents/{other['id']}/confirm", f"{payment.uuid}:confirm:1", payment_method="pm_card_visa")
    assert "Please do not pay again" in world.confirm(payment)
    assert world.keys(CONFIRM) == ["confirm:1"]
    assert world.books() == {"held": 2400}
    assert world.attention() == ["gateway refused"]
    world.age(payment, minutes=3)
    tasks.sweep_stalled()
    assert "You were not charged" in world.page(payment)
    assert world.at_gateway()[-1] == ("canceled", 2400)
    assert world.books() == {}
    assert world.subjects() == ["Your payment did not go through"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_row_09_a_saved_500_is_passed_by_asking_how_the_charge_stands(world, when):
    world.fault(method="POST", path=CONFIRM, kind="status", status=500, saved=True, when=when)
    _, said = world.pay()
    assert "Your payment is received" in said
    assert world.keys(CONFIRM) == {"before": ["confirm:1", "confirm:1:again"], "after": ["confirm:1"]}[when]
    assert world.at_gateway() == [("succeeded", 2400)]
    assert world.books() == {"settled": 2400}
    assert world.subjects() == ["Your payment is received"]


def test_row_09_a_saved_500_for_the_making_of_a_charge_holds_no_bill_and_a_new_payment_goes_through(world):
    world.fault(method="POST", path=CREATE, kind="status", status=500, saved=True)
    payment = world.begin()
    for _ in range(2):
        assert NOT_NOW in world.confirm(payment)
    assert world.books() == {}
    assert "Your payment is received" in world.pay()[1]
    assert world.books() == {"settled": 2400}


@pytest.mark.parametrize("path", [CREATE, CONFIRM])
def test_row_10_a_gateway_with_too_many_questions_is_said_to_be_busy_and_charges_nothing(world, path):
    world.fault(method="POST", path=path, kind="status", status=429)
    payment = world.begin()
    said = world.confirm(payment)
    assert "Our payment system is busy. You were not charged. Please wait one minute and try again." in said
    assert len(world.asked(path)) == 1
    assert [status for status, _ in world.at_gateway()] in ([], ["requires_payment_method"])
    assert world.books() == {}
    assert world.subjects() == world.attention() == []
    assert "Your payment is received" in world.confirm(payment)
    assert world.at_gateway() == [("succeeded", 2400)]
    assert world.subjects() == ["Your payment is received"]


def test_row_10_with_the_hint_to_ask_again_the_member_notices_nothing(world):
    world.fault(method="POST", path=CONFIRM, kind="status", status=429, should_retry=True)
    assert "Your payment is received" in world.pay()[1]
    assert world.keys(CONFIRM) == ["confirm:1"]
    assert len(world.asked(CONFIRM)) == 2


def test_row_10_a_busy_gateway_at_the_details_says_so(world):
    world.fault(method="GET", path="/v1/confirmation_tokens/", kind="status", status=429)
    payment = world.begin()
    assert "Enter your card details" in world.page(payment)
    again = world.sandbox.control("token", behaviour="card")["id"]
    world.fault(method="GET", path="/v1/confirmation_tokens/", kind="status", status=429)
    assert "Our payment system is busy" in text_of(world.enter(payment, again))
    assert "Check and confirm" in text_of(world.enter(payment, again))


def test_row_10_a_worker_that_meets_a_busy_gateway_waits_and_comes_back(world):
    payment, _ = world.pay("bank")
    world.sandbox.control("settle", intent=payment.intent_id)
    world.fault(method="GET", path=RETRIEVE, kind="status", status=429, times=0)
    assert {answer["status"] for answer in world.deliver()} == {200}
    waiting = GatewayEvent.objects.filter(status="received")
    assert {(event.tries, event.error) for event in waiting} == {(1, "Busy")}
    assert all(event.next_try_at > timezone.now() for event in waiting)
    tasks.sweep_events()
    assert {event.tries for event in waiting} == {1}
    world.heal()
    waiting.update(next_try_at=timezone.now())
    tasks.sweep_events()
    assert "Your payment is received" in world.page(payment)
    assert world.subjects() == ["Your payment is on its way", "Your payment is received"]


def ask(world, path, key, **facts):
    """Ask the gateway with our own key, as another program with the same account would."""
    answer = requests.post(
        f"{world.sandbox.url}/v1/{path}",
        data=facts,
        headers={"Authorization": "Bearer sk_test_sandbox_tests", "Idempotency-Key": key},
        timeout=10,
    )
    assert answer.ok, answer.text
    return answer.json()

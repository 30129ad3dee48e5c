"""The charge may have been made, and nobody says so: no new charge, and no word of failure, until somebody does."""

import pytest
from django.urls import reverse

from payments import tasks
from payments.models import Payment
from tests.faults.world import CONFIRM, RETRIEVE, text_of

pytestmark = pytest.mark.django_db(transaction=True)
PAID = ["Your payment is received"]


@pytest.mark.parametrize(
    ("kind", "times"),
    [("drop", 1), ("drop", 2), ("truncate", 1), ("delay", 2)],
    ids=["dropped", "dropped twice", "truncated", "too late"],
)
def test_row_03_an_answer_that_is_lost_after_the_charge_is_found_by_asking(world, short_patience, kind, times):
    world.fault(method="POST", path=CONFIRM, kind=kind, when="after", times=times, seconds=0.9)
    payment, said = world.pay()
    assert "Your payment is received" in said
    assert "did not go through" not in said
    assert world.at_gateway() == [("succeeded", 2400)]
    assert world.keys(CONFIRM) == ["confirm:1"]
    assert payment.status == "paid"
    assert world.books() == {"settled": 2400}
    assert world.subjects() == PAID
    world.deliver()
    assert world.subjects() == PAID


@pytest.mark.parametrize("method", ["card", "bank"])
def test_row_03_when_the_gateway_cannot_be_asked_either_the_member_is_told_not_to_pay_again(world, method):
    world.fault(method="POST", path=CONFIRM, kind="truncate", when="after")
    world.fault(method="GET", path=RETRIEVE, kind="drop", times=2)
    payment, said = world.pay(method)
    assert "We are checking your payment Please do not pay again." in said
    assert payment.status == "submitting"
    assert world.books() == {"held": 2400}
    assert world.subjects() == []
    asked = world.client.post(reverse("payments:status", args=[payment.reference]), follow=True)
    words = {"card": "Your payment is received", "bank": "Your payment is on its way"}[method]
    assert words in text_of(asked)
    assert world.subjects() == [words]
    assert len(world.state()) == 1


def test_row_04_while_nothing_can_be_asked_the_bill_stays_locked_the_sweep_goes_on_and_staff_are_told(world):
    payment = world.begin()
    world.fault(method="POST", path=CONFIRM, kind="drop", when="after", times=0)
    world.fault(method="GET", path="/v1/", kind="drop", times=0)
    assert "Please do not pay again" in world.confirm(payment)
    for minutes, waiting in ((3, []), (14, []), (16, ["outcome unknown"]), (90, ["outcome unknown"])):
        world.age(payment, minutes=minutes)
        tasks.sweep_stalled()
        assert world.attention() == waiting
        assert "Please do not pay again" in world.page(payment)
        assert world.books() == {"held": 2400}
    second = world.client.post(reverse("payments:new"), {"choice": "all", "method": "card", "amount": ""})
    assert second.status_code == 200
    assert Payment.objects.count() == 1
    assert "Please do not pay again" in world.page(payment)
    assert world.subjects() == []
    world.heal()
    world.age(payment, minutes=100)
    tasks.sweep_stalled()
    assert "Your payment is received" in world.page(payment)
    assert world.at_gateway() == [("succeeded", 2400)]
    assert world.subjects() == PAID


def test_row_04_a_charge_that_was_never_confirmed_is_canceled_there_before_the_bill_is_free_here(world):
    world.fault(method="POST", path=CONFIRM, kind="drop", times=0)
    world.fault(method="GET", path=RETRIEVE, kind="drop", times=2)
    payment, _ = world.pay()
    world.heal()
    world.age(payment, minutes=3)
    tasks.sweep_stalled()
    assert world.at_gateway() == [("canceled", 2400)]
    assert "This payment was canceled" in world.page(payment)
    assert world.books() == {}
    assert world.subjects() == ["Your payment did not go through"]

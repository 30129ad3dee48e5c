"""Faults of what is charged later: autopay run twice, a bank that asks a member who is not there, a method gone bad."""

import pytest
from django.urls import reverse

from payments.gateway import gateway
from payments.models import Payment, SavedMethod
from tests import factories
from tests.faults.world import World, text_of

pytestmark = pytest.mark.django_db(transaction=True)
NOT_THIS_ONE = "This saved card or account can no longer be used. Please choose another way"


def saves(world: World, method: str = "card", **token: str) -> SavedMethod:
    """Pay the bill and save what it was paid with; a new bill of $24.00 is then due."""
    world.client.post(reverse("payments:new"), {"choice": "all", "method": method, "amount": ""})
    payment = Payment.objects.latest("pk")
    facts = {"token": world.sandbox.control("token", **(token or {"behaviour": method}))["id"], "save": "yes"}
    world.client.post(reverse("payments:details", args=[payment.reference]), facts)
    world.confirm(payment)
    payment.refresh_from_db()
    if payment.status == "processing":
        world.sandbox.control("settle", intent=payment.intent_id)
        world.deliver()
    world.bill = factories.bill(household=world.user.member.household)
    return SavedMethod.objects.get()


def chooses(world: World, saved: SavedMethod) -> Payment:
    """Choose the saved method; the review is next."""
    world.client.post(reverse("payments:new"), {"choice": "all", "method": saved.reference, "amount": ""})
    return Payment.objects.latest("pk")


def listed(world: World) -> str:
    return text_of(world.client.get(reverse("payments:methods")))


def test_row_42_a_card_detached_after_it_was_chosen_is_not_charged_and_another_way_is_offered(world):
    saved = saves(world)
    payment = chooses(world, saved)
    shown = world.shown(payment)
    gateway().forget(saved.gateway_id)
    said = world.confirm(payment, shown)
    assert NOT_THIS_ONE in said
    assert "You were not charged." in said
    assert "Pay another way" in said
    assert sorted(world.at_gateway()) == [("requires_payment_method", 2400), ("succeeded", 2400)]
    assert world.books() == {"settled": 2400}
    assert "(saved)" not in text_of(world.client.get(reverse("payments:new")))
    assert "Our payment company no longer keeps it." in listed(world)
    assert world.subjects() == ["Your payment is received"]
    _, said = world.pay()
    assert "Your payment is received" in said


def test_row_42_an_account_blocked_after_it_was_chosen_is_not_debited(world):
    saved = saves(world, "bank")
    payment = chooses(world, saved)
    shown = world.shown(payment)
    world.sandbox.control("block", payment_method=saved.gateway_id)
    said = world.confirm(payment, shown)
    assert "The bank could not find or use this account." in said
    assert "You were not charged." in said
    assert sorted(world.at_gateway()) == [("requires_payment_method", 2400), ("succeeded", 2400)]
    assert world.books() == {"settled": 2400}
    assert "Your bank does not let us take payments from this account." in listed(world)
    assert world.subjects() == ["Your payment is on its way", "Your payment is received"]


@pytest.mark.parametrize("happens", ["detach", "block", "revoke"])
def test_row_42_what_the_gateway_tells_in_time_is_seen_before_anything_is_sent(world, happens):
    saved = saves(world, "bank")
    payment = chooses(world, saved)
    shown = world.shown(payment)
    if happens == "detach":
        gateway().forget(saved.gateway_id)
    elif happens == "block":
        world.sandbox.control("block", payment_method=saved.gateway_id)
    else:
        mandate = next(m for m in world.state("mandates") if m["type"] == "multi_use")
        world.sandbox.control("mandate/revoke", mandate=mandate["id"])
    world.deliver()
    said = world.confirm(payment, shown)
    assert NOT_THIS_ONE in said
    assert "Choose how to pay" in said
    assert sorted(world.at_gateway()) == [("succeeded", 2400)]
    assert world.books() == {"settled": 2400}
    assert "You cannot pay with this one" in listed(world)
    assert world.subjects() == ["Your payment is on its way", "Your payment is received"]


def test_row_42_the_lost_answer_of_a_saved_card_is_asked_for_and_is_one_charge(world):
    saved = saves(world)
    payment = chooses(world, saved)
    shown = world.shown(payment)
    world.fault(method="POST", path="/confirm$", kind="truncate", when="after", times=1)
    assert "Your payment is received" in world.confirm(payment, shown)
    assert sorted(world.at_gateway()) == [("succeeded", 2400), ("succeeded", 2400)]
    assert world.books() == {"settled": 4800}
    assert world.subjects() == ["Your payment is received", "Your payment is received"]

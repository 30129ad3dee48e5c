"""Faults while the unconfirmed charge is made: no money can move, so the member may simply press again."""

import pytest

from tests.faults.world import CREATE

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

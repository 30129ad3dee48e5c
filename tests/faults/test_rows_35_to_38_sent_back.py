"""Rows 35 to 38: money that we send back. Staff act in Django admin, over HTTP."""

import pytest
from django.urls import reverse

from payments import tasks
from payments.models import Refund
from tests.faults.desk import REFUND, asked_for, new_desk, paid, refund, refunds_at_gateway
from tests.faults.world import text_of

pytestmark = pytest.mark.django_db(transaction=True)
PAID, ON_ITS_WAY, TAKEN_BACK = (
    "Your payment is received",
    "Your payment is on its way",
    "Your bank took a payment back",
)
SENT_BACK, REFUND_COMES, REFUND_FAILED = (
    "We sent your money back",
    "A refund is on its way to you",
    "A refund did not go through",
)


@pytest.fixture
def desk(world):
    """A person of support at the staff's pages."""
    return new_desk()


# --- 35: a refund is asked for twice -------------------------------------------------------------------------------


def test_row_35_a_double_click_sends_one_refund_under_one_key(world, desk):
    payment = paid(world)
    facts = asked_for(desk, payment, "10.00")
    for _ in range(2):
        assert "The refund was sent back." in refund(desk, payment, facts=facts)
    world.deliver()
    assert refunds_at_gateway(world) == [("succeeded", 1000)]
    assert world.asked(REFUND)[0]["idempotency_key"] == f"refund:{Refund.objects.get().uuid}"
    assert world.books() == {"settled": 1400}
    assert "$10.00 was refunded" in world.page(payment)
    assert world.subjects() == [PAID, SENT_BACK]


def test_row_35_two_admins_at_once_send_one_refund_and_the_sum_stays_within_the_payment(world, desk):
    payment, other = paid(world), new_desk()
    mine, theirs = asked_for(desk, payment, "20.00"), asked_for(other, payment, "20.00")
    refund(desk, payment, facts=mine)
    assert "Somebody refunded from this payment since" in refund(other, payment, facts=theirs)
    assert "So much is not left" in refund(other, payment, "20.00")
    assert refunds_at_gateway(world) == [("succeeded", 2000)]
    assert world.books() == {"settled": 400}
    assert world.subjects() == [PAID, SENT_BACK]


@pytest.mark.parametrize("kind", ["drop", "truncate"])
def test_row_35_a_refund_whose_answer_is_lost_is_one_refund(world, desk, kind):
    payment = paid(world)
    world.fault(method="POST", path=REFUND, kind=kind, when="after", times=2)
    said = refund(desk, payment)
    if "has not answered yet" in said:
        assert "A refund of $10.00 is being sent" in world.page(payment)
        assert world.subjects() == [PAID]
    world.heal()
    Refund.objects.filter(status="sending").update(checked_at="2020-01-01T00:00Z")
    tasks.sweep_refunds()
    world.deliver()
    assert refunds_at_gateway(world) == [("succeeded", 1000)]
    assert Refund.objects.get().status == "succeeded"
    assert world.books() == {"settled": 1400}
    assert world.subjects() == [PAID, SENT_BACK]


def test_row_35_a_refund_that_never_reached_the_gateway_is_sent_by_the_sweep(world, desk):
    payment = paid(world)
    world.fault(method="POST", path=REFUND, kind="status", status=503, times=4)
    assert "has not answered yet" in refund(desk, payment)
    assert refunds_at_gateway(world) == []
    assert world.books() == {"settled": 1400}
    world.heal()
    Refund.objects.update(checked_at="2020-01-01T00:00Z")
    tasks.sweep_refunds()
    assert refunds_at_gateway(world) == [("succeeded", 1000)]
    assert world.subjects() == [PAID, SENT_BACK]


# --- 36: a refund while the debit is on its way --------------------------------------------------------------------


def test_row_36_a_debit_on_its_way_is_not_refunded_and_when_it_is_too_late_it_goes_on(world, desk):
    payment, _ = world.pay("bank")
    assert "Cancel it, if it is not too late" in refund(desk, payment)
    assert world.asked(REFUND) == []
    answer = desk.post(reverse("admin:payments_payment_cancel", args=[payment.pk]), follow=True)
    assert "too late" in text_of(answer)
    assert world.at_gateway() == [("processing", 2400)]
    assert world.books() == {"held": 2400}
    assert "It is not paid yet" in world.page(payment)
    assert world.subjects() == [ON_ITS_WAY]


def test_row_36_while_the_gateway_still_stops_it_it_is_canceled_instead(world, desk):
    payment, _ = world.pay("bank", "bank_stuck")
    assert "Cancel it, if it is not too late" in refund(desk, payment)
    answer = desk.post(reverse("admin:payments_payment_cancel", args=[payment.pk]), follow=True)
    assert "The payment was canceled." in text_of(answer)
    world.deliver()
    assert world.at_gateway() == [("canceled", 2400)]
    assert refunds_at_gateway(world) == []
    assert world.books() == {}
    assert "You asked us to cancel it. You were not charged." in world.page(payment)
    assert world.subjects() == [ON_ITS_WAY, "Your payment was canceled"]


# --- 37: pending, then failed --------------------------------------------------------------------------------------


@pytest.fixture
def pending(world, desk):
    """A debit that was paid, of which $10.00 are on their way back."""
    payment = paid(world, "bank")
    assert "It can still fail" in refund(desk, payment)
    world.deliver()
    assert world.subjects()[2:] == [REFUND_COMES]
    assert "refunded" not in world.page(payment)
    assert world.books() == {"settled": 1400}
    return payment


def end(world, how: str) -> None:
    (found,) = world.state("refunds")
    world.sandbox.control(f"refund/{how}", refund=found["id"])


def test_row_37_a_refund_that_fails_is_undone_in_the_books_and_told_to_staff_and_member(world, pending):
    end(world, "fail")
    world.deliver()
    assert refunds_at_gateway(world) == [("failed", 1000)]
    assert world.books() == {"settled": 2400}
    assert world.attention() == ["refund failed"]
    page = world.page(pending)
    assert "A refund of $10.00 did not go through" in page
    assert "was refunded" not in page
    assert world.subjects()[2:] == [REFUND_COMES, REFUND_FAILED]


def test_row_37_the_news_comes_twice_and_in_the_wrong_order(world, pending):
    for hook in ("duplicate", "twin", "shuffle"):
        world.fault(hook=hook, times=0, seconds=0.2)
    end(world, "finish")
    end(world, "fail")
    world.deliver()
    assert Refund.objects.get().status == "failed"
    assert world.books() == {"settled": 2400}
    assert world.subjects().count(REFUND_FAILED) == 1


def test_row_37_the_event_is_lost_and_the_sweep_hears_of_it(world, pending):
    world.fault(hook="drop", times=0)
    end(world, "fail")
    world.deliver()
    assert world.books() == {"settled": 1400}
    Refund.objects.update(checked_at="2020-01-01T00:00Z")
    tasks.sweep_refunds()
    assert world.books() == {"settled": 2400}
    assert world.attention() == ["refund failed"]


def test_row_37_only_one_that_succeeds_is_called_refunded(world, pending):
    end(world, "finish")
    world.deliver()
    assert refunds_at_gateway(world) == [("succeeded", 1000)]
    assert "$10.00 was refunded" in world.page(pending)
    assert world.subjects()[2:] == [REFUND_COMES, SENT_BACK]


# --- 38: both at once ----------------------------------------------------------------------------------------------


def test_row_38_a_return_of_a_debit_that_is_being_refunded_is_flagged_for_staff(world, pending):
    world.sandbox.control("return", intent=pending.intent_id)
    world.deliver()
    pending.refresh_from_db()
    assert pending.status == "returned"
    assert world.attention() == ["double credit"]
    assert world.books() == {}
    assert "took this payment back" in world.page(pending)
    assert world.subjects()[2:] == [REFUND_COMES, TAKEN_BACK]


def test_row_38_a_card_dispute_of_a_payment_that_was_refunded_in_part_is_flagged(world, desk):
    payment = paid(world)
    refund(desk, payment)
    world.sandbox.control("dispute", intent=payment.intent_id)
    world.deliver()
    assert sorted(world.attention()) == ["card dispute", "double credit"]
    assert world.books() == {"disputed": 1400}
    assert "bank is looking into this payment" in world.page(payment)


def test_row_38_after_a_return_and_during_a_dispute_nothing_is_refunded(world, desk):
    returned = paid(world, "bank")
    world.sandbox.control("return", intent=returned.intent_id)
    world.deliver()
    assert "would give the money twice" in refund(desk, returned)
    disputed = paid(world)
    world.sandbox.control("dispute", intent=disputed.intent_id)
    world.deliver()
    assert "would give the money twice" in refund(desk, disputed)
    assert world.asked(REFUND) == []

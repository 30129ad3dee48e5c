"""Rows 33 and 34: money that a bank takes back after it was paid, and money that a card's bank looks into."""

import pytest

from payments import tasks
from payments.models import Dispute
from tests.faults.desk import paid

pytestmark = pytest.mark.django_db(transaction=True)
PAID, ON_ITS_WAY, TAKEN_BACK = (
    "Your payment is received",
    "Your payment is on its way",
    "Your bank took a payment back",
)


# --- 33: a debit comes back after it was paid ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("insufficient_funds", "not enough money in the account"),
        ("incorrect_account_details", "could not find or use this account"),
        ("debit_not_authorized", "does not allow this payment"),
        ("bank_cannot_process", "could not handle the payment"),
    ],
)
def test_row_33_a_return_after_success_reverses_the_money_and_opens_the_bill(world, reason, words):
    payment = paid(world, "bank")
    world.sandbox.control("return", intent=payment.intent_id, reason=reason)
    world.deliver()
    payment.refresh_from_db()
    assert payment.status == "returned"
    assert world.books() == {}
    page = world.page(payment)
    assert "Your bank took this payment back" in page
    assert words in page
    assert "$24.00" in world.bills()
    assert world.subjects() == [ON_ITS_WAY, PAID, TAKEN_BACK]
    assert words in world.mails()[-1]["text"]
    (dispute,) = world.state("disputes")
    known = Dispute.objects.get()
    assert (known.gateway_id, known.kind, known.status, known.amount_cents) == (dispute["id"], "return", "lost", 2400)


def test_row_33_the_news_of_a_return_comes_twice_and_shuffled_and_counts_once(world):
    payment = paid(world, "bank")
    for hook in ("duplicate", "twin", "shuffle"):
        world.fault(hook=hook, times=0, seconds=0.2)
    world.sandbox.control("return", intent=payment.intent_id)
    world.deliver()
    assert world.subjects().count(TAKEN_BACK) == 1
    assert world.books() == {}
    assert list(payment.events.values_list("to_status", flat=True)).count("returned") == 1


def test_row_33_a_return_can_be_paid_again_and_is_not_retried_by_itself(world):
    payment = paid(world, "bank")
    world.sandbox.control("return", intent=payment.intent_id)
    world.deliver()
    tasks.sweep_processing()
    tasks.sweep_stalled()
    tasks.sweep_refunds()
    assert len(world.state()) == 1, "no new charge without the member"
    world.pay("card")
    assert world.books() == {"settled": 2400}


# --- 34: a card dispute --------------------------------------------------------------------------------------------


@pytest.fixture
def disputed(world):
    """A card payment that the card's bank looks into."""
    payment = paid(world)
    world.sandbox.control("dispute", intent=payment.intent_id)
    world.deliver()
    return payment


def close(world, *, won: bool) -> None:
    (dispute,) = world.state("disputes")
    world.sandbox.control("dispute/close", dispute=dispute["id"], won=won)
    world.deliver()


def test_row_34_an_open_card_dispute_holds_the_money_and_asks_nobody_to_pay_again(world, disputed):
    assert world.books() == {"disputed": 2400}
    page = world.page(disputed)
    assert "bank is looking into this payment" in page
    assert "looking into a payment of $24.00" in world.bills()
    assert "Late" not in world.bills()
    assert world.subjects()[1:] == ["Your card's bank is looking into a payment"]
    assert world.attention() == ["card dispute"]


def test_row_34_won_the_payment_counts_again(world, disputed):
    close(world, won=True)
    assert world.books() == {"settled": 2400}
    assert "this payment stands" in world.page(disputed)
    assert world.subjects()[2:] == ["Your payment counts as paid again"]


def test_row_34_lost_the_bill_is_open_again(world, disputed):
    close(world, won=False)
    disputed.refresh_from_db()
    assert disputed.status == "returned"
    assert world.books() == {}
    assert "took this payment back" in world.page(disputed)
    assert "$24.00" in world.bills()
    assert world.subjects()[2:] == [TAKEN_BACK]


def test_row_34_the_end_of_a_dispute_whose_event_is_lost_is_found_by_the_sweep(world, disputed):
    world.fault(hook="drop", times=0)
    close(world, won=True)
    assert world.books() == {"disputed": 2400}
    Dispute.objects.update(checked_at="2020-01-01T00:00Z")
    tasks.sweep_refunds()
    assert world.books() == {"settled": 2400}

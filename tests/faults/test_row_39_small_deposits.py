"""Row 39: small deposits not confirmed in ten days, or tried too often, end the payment; the bill is open again."""

import pytest
from django.urls import reverse

from payments import tasks
from tests.faults.world import text_of

pytestmark = pytest.mark.django_db(transaction=True)
VERIFY = r"/v1/payment_intents/[^/]+/verify_microdeposits$"
PREFIX = "payment_method_microdeposit_verification_"
ON_ITS_WAY, REMINDER, FAILED = (
    "Your payment is on its way",
    "Your payment waits for you",
    "Your payment did not go through",
)


@pytest.fixture
def waiting(world):
    """A payment whose account was typed by hand; `world` is around it."""
    payment, said = world.pay("bank", "bank_by_hand")
    assert "Your bank account must be checked first" in said
    return payment


def tell(world, payment, **typed):
    """Fill in the form of small deposits; return what the next page says."""
    address = reverse("payments:verify", args=[payment.reference])
    return text_of(world.client.post(address, typed, follow=True))


def days_pass(world, payment, days, *, since=0):
    """Let so many days pass for the gateway and for us, and let the worker do its rounds."""
    world.sandbox.control("clock", days=days - since)
    world.age(payment, days=days)
    tasks.remind_of_deposits()
    tasks.sweep_stalled()
    tasks.sweep_processing()


def assert_over(world, payment, words, status="failed"):
    """The payment is over everywhere: nothing held, nothing charged, the bill open, the member told once."""
    payment.refresh_from_db()
    assert payment.status == status
    assert world.books() == {}
    said = world.page(payment)
    assert words in said
    assert "You were not charged" in said
    assert "$24.00" in world.bills()
    assert world.subjects()[-1] == FAILED
    assert world.subjects().count(FAILED) == 1
    assert words in world.mails()[-1]["text"]
    assert world.attention() == []


def test_row_39_nobody_confirms_the_deposits_and_the_gateways_ten_days_end_it(world, waiting):
    assert world.books() == {"held": 2400}
    days_pass(world, waiting, 3)
    assert world.subjects() == [REMINDER] * 2, "one at once, one on day 3"
    days_pass(world, waiting, 8, since=3)
    assert world.subjects() == [REMINDER] * 3
    days_pass(world, waiting, 9.9, since=8)
    assert world.at_gateway() == [("requires_action", 2400)]
    assert "One more step" in world.page(waiting)
    world.sandbox.control("clock", days=0.2)
    assert world.at_gateway() == [("requires_payment_method", 2400)]
    assert world.books() == {"held": 2400}
    world.deliver()
    assert_over(world, waiting, "The small deposits were not confirmed within 10 days")
    assert world.subjects() == [*[REMINDER] * 3, FAILED]


def test_row_39_the_event_of_the_end_is_lost_and_the_sweep_finds_it(world, waiting):
    world.fault(hook="drop", times=0)
    days_pass(world, waiting, 10.1)
    world.deliver()
    assert world.at_gateway() == [("requires_payment_method", 2400)]
    assert_over(world, waiting, "The small deposits were not confirmed within 10 days")


def test_row_39_the_gateway_forgets_to_end_it_and_we_do_there_and_here(world, waiting):
    world.age(waiting, days=10)
    tasks.sweep_processing()
    assert world.at_gateway() == [("canceled", 2400)]
    assert_over(world, waiting, "It was not finished in time", status="canceled")


@pytest.mark.parametrize(
    ("behaviour", "typed", "words"),
    [
        ("bank_by_hand", {"first": "10", "second": "11"}, "no more tries are left"),
        ("bank_by_hand", {"first": "40", "second": "41"}, "not confirmed within 10 days"),
        ("bank_by_hand_code", {"code": "SM33CC"}, "no more tries are left"),
        ("bank_by_hand_code", {"code": "SM44DD"}, "not confirmed within 10 days"),
    ],
)
def test_row_39_the_gateway_takes_no_more_tries_and_says_why(world, behaviour, typed, words):
    payment, _ = world.pay("bank", behaviour)
    assert words in tell(world, payment, **typed)
    assert world.at_gateway() == [("requires_payment_method", 2400)]
    assert_over(world, payment, words)
    world.deliver()
    assert_over(world, payment, words)


def test_row_39_ten_wrong_tries_are_counted_here_and_at_the_gateway_and_are_the_end(world, waiting):
    for left in (9, 8, 7, 6, 5, 4, 3, 2):
        assert f"You have {left} more tries." in tell(world, waiting, first="1", second="2")
    assert "You have 1 more try." in tell(world, waiting, first="1", second="2")
    waiting.refresh_from_db()
    assert (waiting.status, waiting.deposit_tries) == ("awaiting_member", 9)
    assert world.at_gateway() == [("requires_action", 2400)]
    assert world.subjects() == [REMINDER]
    assert "no more tries are left" in tell(world, waiting, first="1", second="2")
    assert world.at_gateway() == [("requires_payment_method", 2400)]
    assert_over(world, waiting, "no more tries are left")
    assert waiting.failure_code == f"{PREFIX}attempts_exceeded"


def test_row_39_wrong_and_then_right_sends_the_debit_and_the_bill_is_paid(world, waiting):
    tell(world, waiting, first="1", second="2")
    assert ON_ITS_WAY in tell(world, waiting, first="45", second="32")
    assert world.at_gateway() == [("processing", 2400)]
    days_pass(world, waiting, 3)
    world.sandbox.control("clock", business_days=4)
    world.deliver()
    waiting.refresh_from_db()
    assert (waiting.status, waiting.deposit_tries) == ("paid", 1)
    assert world.books() == {"settled": 2400}
    assert world.subjects() == [REMINDER, ON_ITS_WAY, "Your payment is received"], "no reminder on day 3"


def test_row_39_after_the_end_the_member_can_pay_another_way(world, waiting):
    tell(world, waiting, first="10", second="11")
    world.pay("card")
    assert world.books() == {"settled": 2400}
    assert sorted(world.at_gateway()) == [("requires_payment_method", 2400), ("succeeded", 2400)]


@pytest.mark.parametrize("kind", ["drop", "truncate"])
def test_row_39_the_answer_to_the_right_amounts_is_lost_and_found(world, waiting, kind, short_patience):
    world.fault(method="POST", path=VERIFY, kind=kind, when="after", times=1)
    assert ON_ITS_WAY in tell(world, waiting, first="32", second="45")
    assert world.at_gateway() == [("processing", 2400)]
    assert world.books() == {"held": 2400}
    assert world.subjects() == [REMINDER, ON_ITS_WAY]


def test_row_39_a_gateway_that_is_away_is_said_plainly_and_nothing_is_lost(world, waiting):
    for path in (VERIFY, r"/v1/payment_intents/[^/]+$"):
        world.fault(path=path, kind="status", status=500, times=0)
    assert "We could not check this just now" in tell(world, waiting, first="32", second="45")
    world.heal()
    assert world.at_gateway() == [("requires_action", 2400)]
    assert ON_ITS_WAY in tell(world, waiting, first="32", second="45")

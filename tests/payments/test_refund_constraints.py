"""What the database itself refuses of refunds and disputes, whatever the code above it does. Plain SQL."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from payments import services
from tests import factories
from tests.raw import write

NOW = timezone.now()
ENDED = ("succeeded", "failed", "declined")


@pytest.fixture
def payment(paying):
    return paying.pay()


def add_refund(payment, cents: int, status: str = "succeeded", **fields) -> None:
    n = next(factories._number)
    row = {
        "payment_id": payment.pk,
        "uuid": f"00000000-0000-0000-0000-{n:012d}",
        "amount_cents": cents,
        "status": status,
        "reason": "Paid twice",
        "requested_by_id": payment.payer_id,
        "created_at": NOW,
        "sent_at": None if status in ("requested", "declined") else NOW,
        "ended_at": NOW if status in ENDED else None,
        "gateway_id": f"re_{n}" if status in ("pending", "succeeded") else None,
        "failure_code": "",
    } | fields
    names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    write(f"INSERT INTO payments_refund ({names}) VALUES ({marks})", *row.values())


def test_refunds_up_to_the_amount_are_accepted(payment):
    for cents, status in ((1000, "succeeded"), (1000, "pending"), (400, "requested")):
        add_refund(payment, cents, status)


@pytest.mark.parametrize("status", ["requested", "sending", "pending", "succeeded"])
def test_refunds_above_the_amount_are_refused(payment, status):
    add_refund(payment, 1000)
    with pytest.raises(IntegrityError, match="above its amount of 2400"):
        add_refund(payment, 1401, status)


def test_what_failed_or_was_declined_does_not_count(payment):
    for status in ("failed", "declined"):
        add_refund(payment, 2400, status)
    add_refund(payment, 2400)


def test_a_failed_refund_cannot_come_to_life_above_the_amount(payment):
    add_refund(payment, 2400)
    add_refund(payment, 100, "failed", gateway_id="re_failed")
    with pytest.raises(IntegrityError, match="above its amount"):
        write("UPDATE payments_refund SET status = 'succeeded'")


def test_a_payment_cannot_shrink_below_its_refunds(payment):
    add_refund(payment, 2400)
    with pytest.raises(IntegrityError, match="what is written stays"):
        write("UPDATE payments_payment SET amount_cents = 2399")


@pytest.mark.parametrize("behaviour", ["card_3ds", "bank", "bank_by_hand", "card_declined"])
def test_what_was_not_paid_has_no_refund(paying, behaviour):
    payment = paying.pay(method="bank" if behaviour.startswith("bank") else "card", behaviour=behaviour)
    with pytest.raises(IntegrityError, match="was not paid"):
        add_refund(payment, 100)


def test_what_was_never_sent_has_no_refund(paying):
    payment = paying.start()
    with pytest.raises(IntegrityError, match="was not paid"):
        add_refund(payment, 100)
    payment = services.drop_unfinished(payment)
    with pytest.raises(IntegrityError, match="was not paid"):
        add_refund(payment, 100)


def test_a_refunded_payment_cannot_become_one_that_was_never_paid(payment):
    add_refund(payment, 100)
    with pytest.raises(IntegrityError, match="payment_ends_its_history"):
        write("UPDATE payments_payment SET status = 'failed', paid_at = NULL, ended_at = now()")


@pytest.mark.parametrize("cents", [0, -1])
def test_a_refund_is_above_zero(payment, cents):
    with pytest.raises(IntegrityError, match="refund_above_zero"):
        add_refund(payment, cents)


def test_nobody_approves_their_own_refund(payment):
    with pytest.raises(IntegrityError, match="refund_approved_by_another"):
        add_refund(payment, 100, approved_by_id=payment.payer_id)
    add_refund(payment, 100, approved_by_id=factories.user(is_staff=True).pk)


@pytest.mark.parametrize("status", ["requested", "sending"])
def test_one_undecided_refund_a_payment(payment, status):
    add_refund(payment, 100, "requested")
    with pytest.raises(IntegrityError, match="one_open_refund_a_payment"):
        add_refund(payment, 100, status)


@pytest.mark.parametrize("status", ["sending", "pending", "succeeded", "failed"])
def test_what_was_sent_says_when(payment, status):
    with pytest.raises(IntegrityError, match="refund_sent_has_moment"):
        add_refund(payment, 100, status, sent_at=None)


@pytest.mark.parametrize("status", ["pending", "succeeded"])
def test_a_refund_under_way_names_the_gateways(payment, status):
    with pytest.raises(IntegrityError, match="refund_known_at_gateway"):
        add_refund(payment, 100, status, gateway_id=None)


def test_one_refund_of_the_gateway_is_one_here(payment):
    add_refund(payment, 100, gateway_id="re_same")
    with pytest.raises(IntegrityError, match="gateway_id"):
        add_refund(payment, 100, gateway_id="re_same")


def add_dispute(payment, cents: int = 2400, status: str = "open", closed_at=None, gateway_id: str = "du_1") -> None:
    write(
        "INSERT INTO payments_dispute (payment_id, gateway_id, kind, amount_cents, reason, status, is_withdrawn,"
        " opened_at, closed_at, checked_at) VALUES (%s, %s, 'card', %s, 'fraudulent', %s, true, now(), %s, now())",
        *(payment.pk, gateway_id, cents, status, closed_at),
    )


@pytest.mark.parametrize(("status", "closed_at"), [("open", NOW), ("won", None), ("lost", None)])
def test_a_dispute_is_closed_when_it_has_ended_and_only_then(payment, status, closed_at):
    with pytest.raises(IntegrityError, match="dispute_closed_has_moment"):
        add_dispute(payment, status=status, closed_at=closed_at)


def test_a_dispute_is_above_zero_and_one_of_the_gateway_is_one_here(payment):
    with pytest.raises(IntegrityError, match="dispute_above_zero"):
        add_dispute(payment, 0)
    add_dispute(payment)
    with pytest.raises(IntegrityError, match="gateway_id"):
        add_dispute(payment)

"""Giving up a payment before it is sent, and what becomes of the wish when the answer is lost."""

import pytest

from billing import selectors as bills
from payments import receipts, services
from payments.gateway import port
from payments.models import Payment
from payments.states import Status
from tests.payments.steps import kinds_sent, steps_of

LOST = port.OutcomeUnknown("no answer")


def owed(paying) -> int:
    return bills.account_for(paying.household).owed_cents


def test_a_payment_that_was_only_begun_is_canceled_without_asking_anyone(paying):
    payment = services.cancel(paying.start(), via="member")
    assert payment.status == Status.CANCELED
    assert "cancel" not in paying.fake.calls
    assert kinds_sent(payment) == []


@pytest.mark.parametrize("behaviour", ["card_3ds", "bank_by_hand"])
def test_while_the_bank_waits_for_the_member_it_can_be_canceled(paying, behaviour):
    payment = paying.pay(method=behaviour.split("_")[0], behaviour=behaviour)
    payment = services.cancel(payment, via="member")
    assert payment.status == Status.CANCELED
    assert paying.fake.intents[payment.intent_id].status == "canceled"
    assert owed(paying) == 2400
    assert kinds_sent(payment)[-1] == "canceled"
    assert receipts.reason_text(payment) == "You asked us to cancel it."


def test_a_debit_that_the_gateway_will_not_stop_goes_on_and_the_wish_is_forgotten(paying):
    payment = paying.pay(method="bank")
    with pytest.raises(services.TooLate):
        services.cancel(payment, via="member")
    payment.refresh_from_db()
    assert (payment.status, payment.cancel_asked_at) == (Status.PROCESSING, None)
    assert owed(paying) == 0


def test_a_debit_that_the_gateway_still_stops_is_canceled(paying):
    payment = paying.pay(method="bank", behaviour="bank_stuck")
    assert services.cancel(payment, via="member").status == Status.CANCELED
    assert kinds_sent(payment) == ["processing", "canceled"]
    assert owed(paying) == 2400


@pytest.mark.parametrize("after_effect", [True, False])
def test_a_wish_whose_answer_was_lost_is_asked_again_by_the_sweep(paying, after_effect):
    payment = paying.pay(behaviour="card_3ds")
    paying.fake.fail_next("cancel", LOST, after_effect=after_effect)
    with pytest.raises(services.CancelUnknown):
        services.cancel(payment, via="member")
    payment.refresh_from_db()
    assert payment.status == Status.AWAITING_MEMBER
    payment = services.resolve(payment)
    assert payment.status == Status.CANCELED
    assert kinds_sent(payment) == ["canceled"]


def test_a_lost_answer_about_a_debit_that_cannot_be_stopped_ends_with_the_debit_going_on(paying):
    payment = paying.pay(method="bank")
    paying.fake.fail_next("cancel", LOST)
    with pytest.raises(services.CancelUnknown):
        services.cancel(payment, via="member")
    payment.refresh_from_db()
    payment = services.resolve(payment)
    assert (payment.status, payment.cancel_asked_at) == (Status.PROCESSING, None)


def test_the_webhook_that_is_faster_than_our_answer_still_knows_whose_wish_it_was(paying):
    payment = paying.pay(behaviour="card_3ds")
    paying.fake.fail_next("cancel", LOST, after_effect=True)
    with pytest.raises(services.CancelUnknown):
        services.cancel(payment, via="member")
    event = services.file_notice(port.Notice("evt_1", "payment_intent.canceled", payment.intent_id, False, ""))
    services.work_off(event.pk)
    payment.refresh_from_db()
    assert payment.status == Status.CANCELED
    assert receipts.reason_text(payment) == "You asked us to cancel it."
    assert kinds_sent(payment) == ["canceled"]


def test_what_passed_the_banks_check_a_moment_before_is_paid_and_not_canceled(paying):
    payment = paying.pay(behaviour="card_3ds")
    paying.fake.settle(payment.intent_id)
    with pytest.raises(services.TooLate):
        services.cancel(payment, via="member")
    payment.refresh_from_db()
    assert (payment.status, payment.cancel_asked_at) == (Status.PAID, None)
    assert kinds_sent(payment) == ["paid"]


def test_pressed_twice_it_is_canceled_once(paying):
    payment = paying.pay(behaviour="card_3ds")
    for seen in (payment, Payment.objects.get(pk=payment.pk)):
        assert services.cancel(seen, via="member").status == Status.CANCELED
    assert paying.fake.calls.count("cancel") == 1
    assert kinds_sent(payment) == ["canceled"]


@pytest.mark.parametrize("behaviour", ["card", "card_declined"])
def test_what_has_ended_cannot_be_canceled(paying, behaviour):
    payment = paying.pay(behaviour=behaviour)
    with pytest.raises(services.TooLate):
        services.cancel(payment, via="member")
    assert steps_of(payment)[-1] != "canceled"


def test_an_unknown_outcome_cannot_be_canceled(paying):
    payment = paying.start()
    paying.fake.fail_next("confirm", LOST, after_effect=True)
    paying.fake.fail_next("intent", LOST)
    payment = paying.submit(payment)
    with pytest.raises(services.TooLate):
        services.cancel(payment, via="member")
    assert Payment.objects.get().status == Status.SUBMITTING


def test_a_cancel_that_looked_before_the_member_pressed_pay_changes_nothing(paying):
    payment = paying.start()
    paying.submit(Payment.objects.get(pk=payment.pk))
    with pytest.raises(services.TooLate):
        services.cancel(payment, via="member")
    assert Payment.objects.get().status == Status.PAID


def test_one_that_was_not_finished_in_time_is_not_called_the_members_wish(paying):
    payment = services.drop_unfinished(paying.start())
    assert receipts.reason_text(payment) == "It was not finished in time."

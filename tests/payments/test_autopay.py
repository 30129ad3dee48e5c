"""Autopay: the notice and the draw; with the gateway in memory."""

from datetime import date, timedelta

import pytest

from payments import services
from payments.gateway import port
from payments.models import AutopayDraw, Payment
from payments.states import Status
from portal.shared.models import OutgoingMessage
from tests import factories
from tests.payments.autopaying import kinds, owed
from tests.payments.steps import steps_of

LOST = port.OutcomeUnknown("no answer")
DUE = date(2027, 4, 1)


def test_turning_it_on_sends_a_copy_of_what_was_agreed_to(autopaying):
    enrollment = autopaying.enrolls()
    assert kinds() == ["autopay_on"]
    assert "I allow it." in OutgoingMessage.objects.get().body_text
    assert enrollment.agreement.address == "192.0.2.7"


def test_the_first_draw_is_announced_ten_days_ahead_with_amount_day_and_a_link(autopaying):
    autopaying.enrolls()
    autopaying.billed()
    autopaying.goes_to(date(2027, 3, 21))
    assert autopaying.runs().announced == 0
    autopaying.goes_to(date(2027, 3, 22))
    assert autopaying.runs().announced == 1
    message = OutgoingMessage.objects.get(kind="autopay_notice")
    draw = AutopayDraw.objects.get()
    assert "$24.00" in message.body_text
    assert "April 1, 2027" in message.body_text
    assert f"/payments/autopay/draws/{draw.reference}/" in message.body_text
    assert "$" not in message.subject


def test_the_same_amount_as_last_time_is_announced_three_bank_days_ahead(autopaying):
    autopaying.drawn()
    autopaying.billed(due_on=date(2027, 5, 3))  # a Monday
    autopaying.goes_to(date(2027, 4, 27))
    assert autopaying.runs().announced == 0
    autopaying.goes_to(date(2027, 4, 28))
    assert autopaying.runs().announced == 1


def test_another_amount_is_announced_ten_days_ahead(autopaying):
    autopaying.drawn()
    autopaying.billed(cents=3600, due_on=date(2027, 5, 3))
    autopaying.goes_to(date(2027, 4, 22))
    assert autopaying.runs().announced == 0
    autopaying.goes_to(date(2027, 4, 23))
    assert autopaying.runs().announced == 1


def test_a_bill_that_comes_late_is_drawn_after_three_bank_days_and_not_sooner(autopaying):
    autopaying.enrolls()
    autopaying.billed(due_on=date(2027, 3, 2))
    autopaying.runs()
    assert AutopayDraw.objects.get().draw_on == date(2027, 3, 4)
    autopaying.goes_to(date(2027, 3, 3))
    assert autopaying.runs().drawn == 0
    autopaying.goes_to(date(2027, 3, 4))
    assert autopaying.runs().drawn == 1


@pytest.mark.parametrize(
    ("due_on", "days_before", "draw_on"),
    [
        (date(2027, 4, 1), 0, date(2027, 4, 1)),
        (date(2027, 4, 4), 0, date(2027, 4, 2)),  # a Sunday: the Friday before
        (date(2027, 4, 1), 3, date(2027, 3, 29)),
        (date(2027, 6, 1), 3, date(2027, 5, 26)),  # over a weekend and Memorial Day
    ],
)
def test_the_day_is_the_due_date_or_so_many_bank_days_before(autopaying, due_on, days_before, draw_on):
    autopaying.enrolls(days_before=days_before)
    autopaying.billed(due_on=due_on)
    autopaying.goes_to(draw_on - timedelta(days=10))
    autopaying.runs()
    assert AutopayDraw.objects.get().draw_on == draw_on


def test_a_bill_above_the_highest_amount_is_told_of_and_never_drawn(autopaying):
    autopaying.enrolls(limit=2399)
    autopaying.billed()
    autopaying.goes_to(date(2027, 3, 22))
    autopaying.runs()
    autopaying.goes_to(DUE)
    autopaying.runs()
    assert kinds() == ["autopay_on", "autopay_above_limit"]
    assert owed(autopaying) == 2400


def test_nothing_is_said_when_nothing_is_due(autopaying):
    autopaying.enrolls()
    bill = autopaying.billed()
    factories.pay(autopaying.paying.household, "paid by hand", 2400)
    autopaying.goes_to(date(2027, 3, 22))
    assert autopaying.runs().announced == 0
    assert kinds() == ["autopay_on"]
    assert not AutopayDraw.objects.filter(bill=bill).exists()


def test_a_card_is_drawn_on_the_day_with_receipt_and_message(autopaying):
    payment = autopaying.drawn()
    assert payment.status == Status.PAID
    assert steps_of(payment) == ["started", "submitting", "paid"]
    assert kinds() == ["autopay_on", "autopay_notice", "payment_paid"]
    assert owed(autopaying) == 0
    assert payment.receipt.amount_cents == 2400


def test_a_bank_account_is_drawn_on_its_standing_permission_and_is_processing(autopaying):
    payment = autopaying.drawn("bank")
    assert payment.status == Status.PROCESSING
    assert payment.authorizations.get().text == "I allow it."
    assert autopaying.fake.consents[payment.intent_id] is None
    assert kinds() == ["autopay_on", "autopay_notice", "payment_processing"]


def test_running_again_draws_nothing_more(autopaying):
    autopaying.drawn()
    for _ in range(3):
        run = autopaying.runs()
        assert (run.announced, run.drawn, run.later, run.errors) == (0, 0, 0, 0)
    assert autopaying.fake.calls.count("confirm_saved") == 1


def test_what_was_paid_by_hand_since_the_notice_is_not_drawn_and_nothing_is_said(autopaying):
    autopaying.enrolls()
    autopaying.billed()
    autopaying.goes_to(date(2027, 3, 22))
    autopaying.runs()
    factories.pay(autopaying.paying.household, "paid by hand", 2400)
    autopaying.goes_to(DUE)
    assert autopaying.runs().drawn == 0
    assert AutopayDraw.objects.get().drop_reason == "nothing due"
    assert kinds() == ["autopay_on", "autopay_notice"]


def test_money_on_its_way_keeps_autopay_silent(autopaying):
    autopaying.enrolls()
    autopaying.billed()
    autopaying.goes_to(date(2027, 3, 22))
    autopaying.runs()
    autopaying.goes_to(DUE)
    autopaying.paying.pay(method="bank")
    assert autopaying.runs().drawn == 0
    assert AutopayDraw.objects.get().drop_reason == "on its way"
    assert autopaying.fake.calls.count("confirm_saved") == 0


def test_less_than_was_announced_is_drawn_as_it_is(autopaying):
    autopaying.enrolls()
    autopaying.billed()
    autopaying.goes_to(date(2027, 3, 22))
    autopaying.runs()
    factories.pay(autopaying.paying.household, "a part by hand", 1000)
    autopaying.goes_to(DUE)
    autopaying.runs()
    assert AutopayDraw.objects.get().payment.amount_cents == 1400


def test_more_than_was_announced_is_announced_anew_and_drawn_three_bank_days_later(autopaying):
    autopaying.enrolls()
    bill = autopaying.billed()
    autopaying.goes_to(date(2027, 3, 22))
    autopaying.runs()
    type(bill).objects.filter(pk=bill.pk).update(total_cents=3000)
    autopaying.goes_to(DUE)
    assert autopaying.runs().drawn == 0
    assert kinds() == ["autopay_on", "autopay_notice", "autopay_notice"]
    assert AutopayDraw.objects.get().draw_on == date(2027, 4, 6)
    autopaying.goes_to(date(2027, 4, 6))
    autopaying.runs()
    assert AutopayDraw.objects.get().payment.amount_cents == 3000


def test_a_lost_answer_is_asked_for_and_is_one_charge(autopaying):
    autopaying.enrolls()
    autopaying.billed()
    autopaying.goes_to(date(2027, 3, 22))
    autopaying.runs()
    autopaying.goes_to(DUE)
    autopaying.fake.fail_next("confirm_saved", LOST, after_effect=True)
    assert autopaying.runs().drawn == 1
    assert [i.status for i in autopaying.fake.intents.values()] == ["succeeded", "succeeded"]


def test_a_gateway_that_is_away_is_asked_by_the_next_run_under_the_same_key(autopaying):
    autopaying.enrolls()
    autopaying.billed()
    autopaying.goes_to(date(2027, 3, 22))
    autopaying.runs()
    autopaying.goes_to(DUE)
    autopaying.fake.fail_next("create", LOST, after_effect=True)
    run = autopaying.runs()
    assert (run.later, run.is_clean) == (1, False)
    assert owed(autopaying) == 2400
    assert autopaying.runs().drawn == 1
    assert len(autopaying.fake.intents) == 2  # the first payment's, and one for the draw
    assert AutopayDraw.objects.get().payment.uuid == services.key_of(AutopayDraw.objects.get())


def test_a_draw_that_could_not_be_sent_for_a_day_is_given_up_and_the_member_told(autopaying):
    autopaying.enrolls()
    autopaying.billed()
    autopaying.goes_to(date(2027, 3, 22))
    autopaying.runs()
    autopaying.goes_to(DUE)
    autopaying.fake.fail_next("create", LOST)
    autopaying.runs()
    services.drop_unfinished(Payment.objects.latest("pk"))
    assert kinds()[-1] == "autopay_failed"
    assert autopaying.runs().drawn == 0
    assert owed(autopaying) == 2400

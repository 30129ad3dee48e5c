"""Small deposits: what the member types, wrong tries, reminders, and the end after ten days."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from billing import selectors as bills
from payments import receipts, services, tasks
from payments.gateway import port
from payments.models import AttentionItem, Payment
from payments.states import Status
from portal.shared.models import OutgoingMessage
from tests.payments.steps import kinds_sent, steps_of

LOST = port.OutcomeUnknown("no answer")


@pytest.fixture
def waiting(paying):
    """A payment of $24.00 that waits for two small deposits."""
    return paying.pay(method="bank", behaviour="bank_by_hand")


def sent_days_ago(payment, days):
    then = timezone.now() - timedelta(days=days)
    Payment.objects.filter(pk=payment.pk).update(submitted_at=then, checked_at=then)
    payment.refresh_from_db()


def owed(paying) -> int:
    return bills.account_for(paying.household).owed_cents


def test_what_is_asked_and_when_it_arrives_are_kept(waiting, paying):
    assert (waiting.status, waiting.action_kind, waiting.deposit_type) == (
        "awaiting_member",
        "microdeposits",
        "amounts",
    )
    assert waiting.deposits_arrive_on == paying.fake.intents[waiting.intent_id].action.arrives_on
    assert waiting.deposits_arrive_on > timezone.localdate()


def test_the_right_amounts_send_the_debit(waiting):
    told = services.tell_deposits(payment=waiting, amounts=(45, 32))
    assert (told.status, told.action_kind, told.deposit_tries) == (Status.PROCESSING, "", 0)
    assert kinds_sent(told) == ["deposits", "processing"]


def test_the_right_code_sends_the_debit(paying):
    waiting = paying.pay(method="bank", behaviour="bank_by_hand_code")
    assert waiting.deposit_type == "code"
    assert services.tell_deposits(payment=waiting, code="SM11AA").status == Status.PROCESSING


def test_each_wrong_try_is_counted_on_the_payment_and_says_how_many_are_left(waiting):
    for wrong, left in ((1, 9), (2, 8), (3, 7)):
        with pytest.raises(services.OtherDeposits) as other:
            services.tell_deposits(payment=waiting, amounts=(1, 2))
        assert other.value.tries_left == left
        waiting.refresh_from_db()
        assert (waiting.deposit_tries, waiting.status) == (wrong, Status.AWAITING_MEMBER)


def test_the_last_wrong_try_fails_the_payment_and_opens_the_bill_again(waiting, paying):
    for _ in range(9):
        with pytest.raises(services.OtherDeposits):
            services.tell_deposits(payment=waiting, amounts=(1, 2))
    assert owed(paying) == 0
    failed = services.tell_deposits(payment=waiting, amounts=(1, 2))
    assert failed.status == Status.FAILED
    assert failed.failure_code.endswith("attempts_exceeded")
    assert owed(paying) == 2400
    assert kinds_sent(failed) == ["deposits", "failed"]
    assert not AttentionItem.objects.exists()


def test_too_late_at_the_gateway_fails_the_payment(waiting, paying):
    failed = services.tell_deposits(payment=waiting, amounts=(40, 41))
    assert (failed.status, owed(paying)) == (Status.FAILED, 2400)
    assert failed.failure_code.endswith("timeout")


def test_an_answer_that_is_lost_after_the_right_amounts_still_sends_the_debit_once(waiting, paying):
    paying.fake.fail_next("verify_microdeposits", LOST, after_effect=True)
    assert services.tell_deposits(payment=waiting, amounts=(32, 45)).status == Status.PROCESSING
    assert paying.fake.calls.count("confirm") == 1


def test_an_answer_that_is_lost_before_anything_happened_leaves_the_payment_waiting_and_counts_the_try(waiting, paying):
    paying.fake.fail_next("verify_microdeposits", LOST)
    with pytest.raises(port.OutcomeUnknown):
        services.tell_deposits(payment=waiting, amounts=(32, 45))
    waiting.refresh_from_db()
    assert (waiting.status, waiting.deposit_tries) == (Status.AWAITING_MEMBER, 1)


def test_when_even_the_question_how_it_stands_is_lost_the_sweep_finds_out_within_the_hour(waiting, paying):
    paying.fake.fail_next("verify_microdeposits", LOST, after_effect=True)
    paying.fake.fail_next("intent", LOST)
    with pytest.raises(port.OutcomeUnknown):
        services.tell_deposits(payment=waiting, amounts=(32, 45))
    assert Payment.objects.get().status == Status.AWAITING_MEMBER
    Payment.objects.update(checked_at=timezone.now() - timedelta(hours=1))
    tasks.sweep_processing()
    assert Payment.objects.get().status == Status.PROCESSING


def test_another_tab_that_tells_the_same_later_changes_nothing(waiting, paying):
    stale = Payment.objects.get()
    services.tell_deposits(payment=waiting, amounts=(32, 45))
    assert services.tell_deposits(payment=stale, amounts=(32, 45)).status == Status.PROCESSING
    assert kinds_sent(stale) == ["deposits", "processing"]
    assert not AttentionItem.objects.exists()


def test_the_days_of_the_debit_count_from_when_the_deposits_were_told(paying):
    with time_machine.travel("2026-11-02 15:00+00:00", tick=False):
        waiting = paying.pay(method="bank", behaviour="bank_by_hand")
        assert receipts.dates_of(waiting) is None
    with time_machine.travel("2026-11-06 15:00+00:00", tick=False):
        told = services.tell_deposits(payment=waiting, amounts=(32, 45))
    assert receipts.dates_of(told).sent_on == date(2026, 11, 6)
    assert receipts.dates_of(told).expected_on == date(2026, 11, 13)  # past a weekend and Veterans Day
    assert "Nov. 13, 2026" in OutgoingMessage.objects.get(kind="payment_processing").body_text


def test_a_busy_gateway_counts_no_try(waiting, paying):
    paying.fake.fail_next("verify_microdeposits", port.Busy("rate_limit"))
    with pytest.raises(port.Busy):
        services.tell_deposits(payment=waiting, amounts=(32, 45))
    waiting.refresh_from_db()
    assert waiting.deposit_tries == 0


def test_a_gateway_that_refuses_us_is_a_matter_for_staff(waiting, paying):
    paying.fake.fail_next("verify_microdeposits", port.NotAllowed("secret_key_required"))
    with pytest.raises(port.NotAllowed):
        services.tell_deposits(payment=waiting, amounts=(32, 45))
    assert AttentionItem.objects.get().kind == "gateway refused"


def test_a_payment_that_does_not_wait_for_deposits_is_left_alone(paying):
    payment = paying.pay(method="bank")
    assert services.tell_deposits(payment=payment, amounts=(32, 45)).status == Status.PROCESSING
    assert "verify_microdeposits" not in paying.fake.calls


def test_a_household_can_tell_of_deposits_fifteen_times_a_day_over_all_its_payments(paying):
    waiting = paying.pay(method="bank", behaviour="bank_by_hand")
    for _ in range(9):
        with pytest.raises(services.OtherDeposits):
            services.tell_deposits(payment=waiting, amounts=(1, 2))
    services.tell_deposits(payment=waiting, amounts=(1, 2))
    second = paying.pay(method="bank", behaviour="bank_by_hand")
    for _ in range(5):
        with pytest.raises(services.OtherDeposits):
            services.tell_deposits(payment=second, amounts=(1, 2))
    with pytest.raises(services.ToldTooOften):
        services.tell_deposits(payment=second, amounts=(32, 45))
    assert paying.fake.calls.count("verify_microdeposits") == 15
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert services.tell_deposits(payment=second, amounts=(32, 45)).status == Status.PROCESSING


# --- reminders -------------------------------------------------------------------------------------------------------
def reminders():
    again = OutgoingMessage.objects.filter(kind="payment_deposits", key__contains=":deposits:")
    return list(again.order_by("pk").values_list("key", flat=True))


def test_the_member_is_reminded_on_days_three_and_eight_once_each(waiting):
    keys = [f"payment:{waiting.reference}:deposits:{day}" for day in (3, 8)]
    for days, sent in ((2.9, []), (3, keys[:1]), (7.9, keys[:1]), (8, keys), (9.9, keys)):
        sent_days_ago(waiting, days)
        tasks.remind_of_deposits()
        tasks.remind_of_deposits()
        assert reminders() == sent, days


def test_after_days_without_a_worker_only_the_newest_reminder_goes_out(waiting):
    sent_days_ago(waiting, 9)
    tasks.remind_of_deposits()
    assert reminders() == [f"payment:{waiting.reference}:deposits:8"]


@pytest.mark.parametrize("days", [10, 11])
def test_after_the_end_nobody_is_reminded(waiting, days):
    sent_days_ago(waiting, days)
    tasks.remind_of_deposits()
    assert reminders() == []


def test_who_told_of_the_deposits_is_not_reminded(waiting):
    services.tell_deposits(payment=waiting, amounts=(32, 45))
    sent_days_ago(waiting, 3)
    services.remind_of_deposits(waiting)
    assert reminders() == []


def test_the_reminder_says_what_to_look_for_by_when_and_no_amount_in_its_subject(waiting):
    with time_machine.travel("2026-11-02 15:30+00:00", tick=False):
        sent_days_ago(waiting, 3)
        tasks.remind_of_deposits()
    mail = OutgoingMessage.objects.get(key=reminders()[0])
    assert mail.subject == "Your payment waits for you"
    for text in (mail.body_text, mail.body_html):
        assert "two deposits, each of less than $1.00" in text
        assert "Nov. 9, 2026, 10:30 a.m." in text  # ten days after October 30, 11:30 a.m. in summer time
        assert "may come after the due date" in text
        assert f"/payments/{waiting.reference}/" in text


# --- the end ---------------------------------------------------------------------------------------------------------
def test_within_ten_days_the_sweeps_leave_it_waiting(waiting, paying):
    sent_days_ago(waiting, 9.9)
    tasks.sweep_stalled()
    tasks.sweep_processing()
    waiting.refresh_from_db()
    assert waiting.status == Status.AWAITING_MEMBER
    assert "cancel" not in paying.fake.calls


def test_the_minutely_sweep_does_not_ask_for_days_how_it_stands(waiting, paying):
    sent_days_ago(waiting, 1)
    asked = paying.fake.calls.count("intent")
    tasks.sweep_stalled()
    assert paying.fake.calls.count("intent") == asked


def test_ten_days_at_the_gateway_fail_the_payment_even_when_no_event_came(waiting, paying):
    paying.fake.end_deposits(waiting.intent_id)
    sent_days_ago(waiting, 10)
    tasks.sweep_processing()
    waiting.refresh_from_db()
    assert waiting.status == Status.FAILED
    assert owed(paying) == 2400
    assert kinds_sent(waiting) == ["deposits", "failed"]


def test_should_the_gateway_still_wait_after_ten_days_we_cancel_it_there_and_open_the_bill(waiting, paying):
    sent_days_ago(waiting, 10)
    tasks.sweep_processing()
    waiting.refresh_from_db()
    assert paying.fake.intents[waiting.intent_id].status == "canceled"
    assert steps_of(waiting) == ["started", "submitting", "awaiting_member", "canceled"]
    assert owed(paying) == 2400
    assert kinds_sent(waiting) == ["deposits", "failed"]

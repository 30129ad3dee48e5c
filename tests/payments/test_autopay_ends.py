"""What autopay never does by itself, what ends it, and what the database refuses; with the gateway in memory."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from payments import services
from payments.gateway import port
from payments.models import AutopayAgreement, AutopayDraw
from payments.states import Status
from portal.shared.models import OutgoingMessage
from tests.payments.autopaying import end_of, kinds, owed

DUE = date(2027, 4, 1)


def test_a_decline_is_told_and_the_same_bill_is_never_tried_again(autopaying):
    payment = autopaying.drawn("card_fails_later")
    assert payment.status == Status.FAILED
    assert kinds() == ["autopay_on", "autopay_notice", "autopay_failed"]
    for day in range(2, 9):
        autopaying.goes_to(date(2027, 4, day))
        assert autopaying.runs().announced == 0
    assert autopaying.fake.calls.count("confirm_saved") == 1
    assert owed(autopaying) == 2400


def test_a_return_turns_it_off_and_nothing_is_tried_again(autopaying):
    payment = autopaying.drawn("bank")
    enrollment = AutopayDraw.objects.get().enrollment
    autopaying.billed(due_on=date(2027, 5, 3))
    autopaying.goes_to(date(2027, 4, 28))
    autopaying.runs()
    autopaying.fake.fail_debit(payment.intent_id)
    services.refresh(payment, via="webhook")
    assert end_of(enrollment) == "returned"
    assert kinds()[-2:] == ["autopay_off", "autopay_failed"]
    assert "Your bank sent a payment back" in OutgoingMessage.objects.get(kind="autopay_off").body_text
    autopaying.goes_to(date(2027, 5, 3))
    assert autopaying.runs().drawn == 0
    assert owed(autopaying) == 4800


def test_a_card_dispute_turns_it_off(autopaying):
    payment = autopaying.drawn()
    dispute = autopaying.fake.open_dispute(payment.intent_id)
    event = services.file_notice(port.Notice("evt_1", "charge.dispute.created", dispute, False, "fake"))
    services.work_off(event.pk)
    assert end_of(AutopayDraw.objects.get().enrollment) == "disputed"


@pytest.mark.parametrize(("problem", "why"), [("detached", "detached"), ("blocked", "blocked"), ("mandate", "mandate")])
def test_a_method_gone_bad_turns_it_off_with_what_was_planned(autopaying, problem, why):
    enrollment = autopaying.enrolls()
    autopaying.billed()
    autopaying.goes_to(date(2027, 3, 22))
    autopaying.runs()
    services.flag(enrollment.saved_method, problem)
    assert end_of(enrollment) == why
    assert AutopayDraw.objects.get().status == "dropped"
    assert kinds() == ["autopay_on", "autopay_notice", "autopay_off"]


def test_removing_its_card_turns_it_off(autopaying):
    enrollment = autopaying.enrolls()
    services.remove(enrollment.saved_method)
    assert end_of(enrollment) == "removed"


def test_an_expired_card_turns_it_off(autopaying):
    enrollment = autopaying.enrolls()
    autopaying.goes_to(date(2035, 1, 2))
    assert autopaying.runs().stopped == 1
    assert end_of(enrollment) == "expired"


def test_who_does_not_answer_for_the_bill_any_more_draws_nothing(autopaying):
    enrollment = autopaying.enrolls()
    autopaying.billed()
    autopaying.goes_to(date(2027, 3, 22))
    autopaying.runs()
    type(autopaying.user.member).objects.filter(pk=autopaying.user.member_id).update(responsible=False)
    autopaying.goes_to(DUE)
    run = autopaying.runs()
    assert (run.stopped, run.drawn) == (1, 0)
    assert end_of(enrollment) == "roster"


def test_one_fault_does_not_hold_up_the_others(autopaying):
    autopaying.enrolls()
    autopaying.billed()
    autopaying.billed(due_on=date(2027, 3, 31))
    autopaying.goes_to(date(2027, 3, 22))
    autopaying.runs()
    autopaying.goes_to(DUE)
    autopaying.fake.fail_next("create", RuntimeError("a fault of ours"))
    run = autopaying.runs()
    assert (run.errors, run.drawn, run.is_clean) == (1, 1, False)


def test_the_database_refuses_a_second_draw_of_one_try(autopaying):
    autopaying.drawn()
    draw = AutopayDraw.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        AutopayDraw.objects.create(
            enrollment=draw.enrollment, bill=draw.bill, try_number=1, amount_cents=2400, draw_on=DUE
        )


def test_the_database_refuses_two_autopays_of_one_household(autopaying):
    enrollment = autopaying.enrolls()
    with pytest.raises(services.CannotEnroll):
        autopaying.enrolls(enrollment.saved_method)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(enrollment).objects.create(
            user=autopaying.user, household=enrollment.household, saved_method=enrollment.saved_method
        )


@pytest.mark.parametrize(
    "sql", ["UPDATE payments_autopayagreement SET text = 'else'", "DELETE FROM payments_autopayagreement"]
)
def test_the_database_refuses_to_change_what_was_agreed_to(autopaying, sql):
    autopaying.enrolls()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert AutopayAgreement.objects.get().text == "I allow it."

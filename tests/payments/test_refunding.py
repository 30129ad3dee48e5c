"""Money sent back: asked for, posted, sent, once, and never more than was paid."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from billing import selectors as bills
from billing.models import Credit
from payments import services, tasks
from payments.gateway import port
from payments.models import AttentionItem, Refund
from payments.states import RefundStatus
from portal.shared.models import AuditEntry, OutgoingMessage
from tests.payments.money_back import ask, cents, hint, refused
from tests.payments.steps import kinds_sent

LOST = port.OutcomeUnknown("no answer")


def age(refund, **ago):
    then = timezone.now() - timedelta(**ago)
    Refund.objects.filter(pk=refund.pk).update(checked_at=then, sent_at=then)


def test_a_refund_to_a_card_is_sent_at_once_and_the_bill_is_open_by_that_much(paying, paid, clerk):
    refund = ask(paid, clerk)
    assert refund.status == RefundStatus.SUCCEEDED
    assert cents(paid) == {"settled": 1400, "reversed": 1000}
    assert bills.account_for(paying.household).owed_cents == 1000
    assert [r.amount_cents for r in paying.fake.refunds_in(paid.intent_id)] == [1000]
    assert kinds_sent(paid) == ["paid", "refund_succeeded"]
    entry = AuditEntry.objects.get(action="refund requested")
    assert (entry.actor, entry.reason, entry.data["cents"]) == (clerk, "Paid twice", 1000)


def test_a_refund_to_a_bank_account_is_pending_and_never_called_refunded_before_it_succeeded(paying, debit, clerk):
    refund = ask(debit, clerk, 2400)
    assert refund.status == RefundStatus.PENDING
    assert kinds_sent(debit)[-1] == "refund_pending"
    assert "refunded" not in OutgoingMessage.objects.latest("pk").body_text.lower()
    paying.fake.finish_refund(refund.gateway_id)
    hint(refund.gateway_id)
    refund.refresh_from_db()
    assert refund.status == RefundStatus.SUCCEEDED
    assert refund.ended_at
    assert kinds_sent(debit)[-2:] == ["refund_pending", "refund_succeeded"]


def test_refunds_in_parts_add_up_to_the_payment_and_no_cent_more(paid, clerk):
    ask(paid, clerk, 1000)
    ask(paid, clerk, 1400)
    with refused("too much"):
        ask(paid, clerk, 1)
    assert services.refunded_cents(paid) == 2400
    assert cents(paid) == {"reversed": 2400}


@pytest.mark.parametrize("amount", [0, -5, 2401])
def test_an_amount_that_was_not_paid_is_refused_and_nothing_is_asked(paying, paid, clerk, amount):
    with refused("too much"):
        ask(paid, clerk, amount)
    assert "refund" not in paying.fake.calls
    assert cents(paid) == {"settled": 2400}


def test_a_refund_has_a_reason(paid, clerk):
    with refused("no reason"):
        services.request_refund(payment=paid, amount_cents=100, reason="  ", actor=clerk)


def test_a_double_click_is_one_refund(paying, paid, clerk):
    uuid = uuid4()
    first, second = ask(paid, clerk, uuid=uuid, seen_cents=0), ask(paid, clerk, uuid=uuid, seen_cents=0)
    assert first.pk == second.pk
    assert len(paying.fake.refunds_in(paid.intent_id)) == 1


def test_of_two_admins_who_saw_the_same_page_the_second_is_told_that_it_changed(paid, clerk, chief):
    ask(paid, clerk, seen_cents=0)
    with refused("changed"):
        ask(paid, chief, seen_cents=0)
    assert Refund.objects.count() == 1


def test_while_one_refund_is_undecided_no_other_is_taken(settings, paid, clerk, chief):
    settings.REFUND_APPROVAL_CENTS = 500
    ask(paid, clerk)
    with refused("open refund"):
        ask(paid, chief, 100)


@pytest.mark.parametrize("after_effect", [True, False])
def test_an_unknown_outcome_stays_sending_and_the_sweep_finds_one_refund(paying, paid, clerk, after_effect):
    paying.fake.fail_next("refund", LOST, after_effect=after_effect)
    refund = ask(paid, clerk)
    assert refund.status == RefundStatus.SENDING
    assert cents(paid) == {"settled": 1400, "reversed": 1000}
    assert kinds_sent(paid) == ["paid"]
    tasks.sweep_refunds()
    refund.refresh_from_db()
    assert refund.status == RefundStatus.SENDING, "it is asked for after two minutes, not before"
    age(refund, minutes=3)
    tasks.sweep_refunds()
    refund.refresh_from_db()
    assert refund.status == RefundStatus.SUCCEEDED
    assert [r.amount_cents for r in paying.fake.refunds_in(paid.intent_id)] == [1000]


def test_a_lost_answer_is_found_even_after_the_gateway_forgot_our_key(paying, paid, clerk):
    paying.fake.fail_next("refund", LOST, after_effect=True)
    refund = ask(paid, clerk)
    paying.fake.answers.clear()
    assert services.resolve_refund(refund).status == RefundStatus.SUCCEEDED
    assert len(paying.fake.refunds_in(paid.intent_id)) == 1


def test_asked_again_under_its_own_key_it_is_one_refund(paying, paid, clerk):
    paying.fake.fail_next("refund", LOST, after_effect=True)
    refund = ask(paid, clerk)
    for _ in range(2):
        assert services.send_refund(refund).status == RefundStatus.SUCCEEDED
    assert len(paying.fake.refunds_in(paid.intent_id)) == 1


def test_while_the_gateway_is_away_staff_hear_of_it_after_fifteen_minutes(paying, paid, clerk):
    paying.fake.fail_next("refund", LOST)
    refund = ask(paid, clerk)
    for minutes, queued in ((3, 0), (16, 1)):
        age(refund, minutes=minutes)
        paying.fake.fail_next("refunds_of", LOST)
        tasks.sweep_refunds()
        assert AttentionItem.objects.filter(kind="refund unknown").count() == queued
    refund.refresh_from_db()
    assert refund.status == RefundStatus.SENDING


def test_a_webhook_tells_of_a_refund_whose_answer_was_lost(paying, paid, clerk):
    paying.fake.fail_next("refund", LOST, after_effect=True)
    refund = ask(paid, clerk)
    (made,) = paying.fake.refunds_in(paid.intent_id)
    hint(made.id, "refund.created")
    refund.refresh_from_db()
    assert (refund.status, refund.gateway_id) == (RefundStatus.SUCCEEDED, made.id)


def test_a_debit_on_its_way_is_not_refunded(paying, clerk):
    payment = paying.pay(method="bank")
    with refused("under way"):
        ask(payment, clerk)
    assert Credit.objects.get().status == "held"


@pytest.mark.parametrize("behaviour", ["card_declined", "card_no_funds"])
def test_what_was_not_paid_is_not_refunded(paying, clerk, behaviour):
    payment = paying.pay(behaviour=behaviour)
    with refused("not paid"):
        ask(payment, clerk)


def test_after_a_return_there_is_no_refund(paying, debit, clerk):
    dispute = paying.fake.return_debit(debit.intent_id)
    services.apply_dispute(debit, paying.fake.dispute(dispute), via="webhook")
    with refused("returned"):
        ask(debit, clerk)


def test_while_a_cards_bank_looks_into_it_there_is_no_refund(paying, paid, clerk):
    dispute = paying.fake.open_dispute(paid.intent_id)
    services.apply_dispute(paid, paying.fake.dispute(dispute), via="webhook")
    with refused("disputed"):
        ask(paid, clerk)


def test_what_the_gateway_will_not_send_back_is_put_back_and_shown_to_staff(paying, paid, clerk):
    paying.fake.open_dispute(paid.intent_id)  # of which we have not heard
    refund = ask(paid, clerk)
    assert (refund.status, refund.failure_code) == (RefundStatus.FAILED, "charge_disputed")
    assert cents(paid) == {"settled": 2400}
    assert AttentionItem.objects.get().kind == "refund failed"

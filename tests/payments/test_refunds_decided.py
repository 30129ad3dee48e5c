"""Refunds that wait for a second person, fail days later, or are not as we asked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing import selectors as bills
from payments import services, tasks
from payments.gateway import port
from payments.models import AttentionItem, Payment, Refund
from payments.states import REFUND_MOVES, RefundStatus, Status, Verdict, refund_verdict
from portal.shared.models import AuditEntry
from tests.payments.money_back import ask, cents, hint, refused
from tests.payments.steps import kinds_sent

LOST = port.OutcomeUnknown("no answer")


def age(refund, **ago):
    then = timezone.now() - timedelta(**ago)
    Refund.objects.filter(pk=refund.pk).update(checked_at=then, sent_at=then)


@pytest.fixture
def waiting(settings, paid, clerk):
    settings.REFUND_APPROVAL_CENTS = 999
    return ask(paid, clerk, 1000)


def test_above_the_limit_a_refund_waits_and_moves_nothing(paying, paid, waiting):
    assert waiting.status == RefundStatus.REQUESTED
    assert "refund" not in paying.fake.calls
    assert cents(paid) == {"settled": 2400}
    assert kinds_sent(paid) == ["paid"]


def test_up_to_the_limit_it_does_not_wait(settings, paid, clerk):
    settings.REFUND_APPROVAL_CENTS = 1000
    assert ask(paid, clerk, 1000).status == RefundStatus.SUCCEEDED


def test_another_person_approves_and_it_is_sent(paid, waiting, chief):
    refund = services.approve_refund(refund=waiting, actor=chief)
    assert (refund.status, refund.approved_by) == (RefundStatus.SUCCEEDED, chief)
    assert cents(paid) == {"settled": 1400, "reversed": 1000}
    assert AuditEntry.objects.get(action="refund approved").actor == chief


def test_nobody_approves_what_they_asked_for(paying, waiting, clerk):
    with refused("own request"):
        services.approve_refund(refund=waiting, actor=clerk)
    assert "refund" not in paying.fake.calls


def test_approved_twice_is_sent_once(paying, paid, waiting, chief):
    services.approve_refund(refund=waiting, actor=chief)
    with refused("decided"):
        services.approve_refund(refund=waiting, actor=chief)
    assert len(paying.fake.refunds_in(paid.intent_id)) == 1


def test_a_declined_refund_moves_nothing_and_says_why(paying, paid, waiting, chief):
    with refused("no reason"):
        services.decline_refund(refund=waiting, actor=chief, reason=" ")
    assert services.decline_refund(refund=waiting, actor=chief, reason="Not a mistake").status == "declined"
    assert AuditEntry.objects.get(action="refund declined").reason == "Not a mistake"
    with refused("decided"):
        services.approve_refund(refund=waiting, actor=chief)
    assert "refund" not in paying.fake.calls
    assert services.refunded_cents(paid) == 0


def test_what_was_returned_while_it_waited_is_not_approved(paying, clerk, chief, settings, debit):
    settings.REFUND_APPROVAL_CENTS = 0
    refund = ask(debit, clerk)
    services.apply_dispute(debit, paying.fake.dispute(paying.fake.return_debit(debit.intent_id)), via="webhook")
    with refused("returned"):
        services.approve_refund(refund=refund, actor=chief)
    refund.refresh_from_db()
    assert refund.status == RefundStatus.REQUESTED


def failed(paying, refund):
    paying.fake.fail_refund(refund.gateway_id, "lost_or_stolen_card")
    hint(refund.gateway_id, "refund.failed")
    refund.refresh_from_db()
    return refund


@pytest.mark.parametrize("before", ["pending", "succeeded"])
def test_a_refund_that_fails_days_later_pays_the_bill_again_and_reaches_staff_and_member(paying, debit, clerk, before):
    refund = ask(debit, clerk)
    if before == "succeeded":
        paying.fake.finish_refund(refund.gateway_id)
        hint(refund.gateway_id)
    assert failed(paying, refund).status == RefundStatus.FAILED
    assert cents(debit) == {"settled": 2400}
    assert bills.account_for(paying.household).owed_cents == 0
    assert AttentionItem.objects.get().kind == "refund failed"
    assert kinds_sent(debit)[-1] == "refund_failed"
    assert ask(debit, clerk).status == RefundStatus.PENDING, "it may be tried again"


def test_an_older_pending_after_failed_changes_nothing(paying, debit, clerk):
    refund = ask(debit, clerk)
    old = paying.fake.refunds[refund.gateway_id]
    failed(paying, refund)
    assert services.apply_refund(refund, old).status == RefundStatus.FAILED
    assert cents(debit) == {"settled": 2400}


def test_failed_twice_is_put_back_once(paying, debit, clerk):
    refund = failed(paying, ask(debit, clerk))
    failed(paying, refund)
    assert cents(debit) == {"settled": 2400}
    assert kinds_sent(debit).count("refund_failed") == 1


def test_a_refund_that_fails_after_a_return_stays_off_the_bills(paying, debit, clerk):
    refund = ask(debit, clerk)
    dispute = paying.fake.return_debit(debit.intent_id)
    services.apply_dispute(debit, paying.fake.dispute(dispute), via="webhook")
    failed(paying, refund)
    assert cents(debit) == {"reversed": 2400}


def test_the_sweep_finds_a_refund_that_failed_without_a_word(paying, debit, clerk):
    refund = ask(debit, clerk)
    paying.fake.fail_refund(refund.gateway_id)
    age(refund, minutes=51)
    tasks.sweep_refunds()
    refund.refresh_from_db()
    assert refund.status == RefundStatus.FAILED


def test_a_refund_with_another_amount_goes_to_staff_and_changes_nothing(paying, debit, clerk):
    refund = ask(debit, clerk)
    facts = paying.fake.refunds[refund.gateway_id]
    paying.fake.refunds[facts.id] = type(facts)(**{**facts.__dict__, "amount_cents": 900, "status": "succeeded"})
    hint(facts.id)
    refund.refresh_from_db()
    assert refund.status == RefundStatus.PENDING
    assert AttentionItem.objects.get().kind == "refund differs"


def test_a_refund_that_somebody_made_at_the_gateway_goes_to_staff(paying, debit):
    made = paying.fake.refund(debit.intent_id, amount_cents=500, key="dashboard", metadata={})
    assert hint(made.id, "refund.created").status == "done"
    assert AttentionItem.objects.get().kind == "refund made elsewhere"
    assert cents(debit) == {"settled": 2400}


def test_a_refund_that_the_gateway_does_not_know_is_ignored(paying):
    assert hint("re_unknown").status == "ignored"


def test_refund_and_return_of_one_payment_are_flagged_once(paying, debit, clerk):
    refund = ask(debit, clerk)
    facts = paying.fake.dispute(paying.fake.return_debit(debit.intent_id))
    services.apply_dispute(debit, facts, via="webhook")
    services.apply_dispute(debit, facts, via="webhook")
    paying.fake.finish_refund(refund.gateway_id)
    hint(refund.gateway_id)
    assert AttentionItem.objects.filter(kind="double credit").count() == 1
    assert Payment.objects.get().status == Status.RETURNED


@pytest.mark.parametrize("status", RefundStatus)
def test_the_table_of_refunds_means_what_it_says(status):
    assert refund_verdict(status, status) is Verdict.SAME
    for after in REFUND_MOVES[status]:
        assert refund_verdict(status, after) is Verdict.MOVE
        assert refund_verdict(after, status) is Verdict.STALE
    if status is not RefundStatus.DECLINED:
        assert refund_verdict(RefundStatus.DECLINED, RefundStatus.SENDING) is Verdict.IMPOSSIBLE

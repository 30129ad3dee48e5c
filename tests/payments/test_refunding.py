"""Money sent back: asked for, approved, posted, sent, followed, and put back when it fails."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from billing import selectors as bills
from billing.models import Credit
from payments import services, tasks
from payments.gateway import port
from payments.models import AttentionItem, Payment, Refund
from payments.services import RefundRefused
from payments.states import REFUND_MOVES, RefundStatus, Status, Verdict, refund_verdict
from portal.shared.models import AuditEntry, OutgoingMessage
from tests import factories
from tests.payments.steps import kinds_sent

LOST = port.OutcomeUnknown("no answer")


@pytest.fixture
def clerk(db):
    return factories.user(is_staff=True)


@pytest.fixture
def chief(db):
    return factories.user(is_staff=True)


@pytest.fixture
def paid(paying):
    return paying.pay()


@pytest.fixture
def debit(paying):
    payment = paying.pay(method="bank")
    paying.fake.settle(payment.intent_id)
    return services.resolve(payment)


def ask(payment, clerk, cents=1000, **facts):
    return services.request_refund(payment=payment, amount_cents=cents, reason="Paid twice", actor=clerk, **facts)


def hint(object_id, type_="refund.updated"):
    event = services.file_notice(port.Notice(f"evt_{uuid4()}", type_, object_id, False, "fake"))
    services.work_off(event.pk)
    event.refresh_from_db()
    return event


def cents(payment) -> dict[str, int]:
    """Return the cents of the payment's credits that are settled and reversed."""
    return {
        name: Credit.objects.filter(source=payment.reference, status=name).cents() for name in ("settled", "reversed")
    }


def age(refund, **ago):
    then = timezone.now() - timedelta(**ago)
    Refund.objects.filter(pk=refund.pk).update(checked_at=then, sent_at=then)


def refused(why):
    return pytest.raises(RefundRefused, match=f"^{why}$")


# --- a small refund ------------------------------------------------------------------------------------------------


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
    assert cents(paid) == {"settled": 0, "reversed": 2400}


@pytest.mark.parametrize("amount", [0, -5, 2401])
def test_an_amount_that_was_not_paid_is_refused_and_nothing_is_asked(paying, paid, clerk, amount):
    with refused("too much"):
        ask(paid, clerk, amount)
    assert "refund" not in paying.fake.calls
    assert cents(paid) == {"settled": 2400, "reversed": 0}


def test_a_refund_has_a_reason(paid, clerk):
    with refused("no reason"):
        services.request_refund(payment=paid, amount_cents=100, reason="  ", actor=clerk)


# --- never twice ---------------------------------------------------------------------------------------------------


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


# --- who may not be refunded ---------------------------------------------------------------------------------------


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
    assert cents(paid) == {"settled": 2400, "reversed": 0}
    assert AttentionItem.objects.get().kind == "refund failed"


# --- a second person -----------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(settings, paid, clerk):
    settings.REFUND_APPROVAL_CENTS = 999
    return ask(paid, clerk, 1000)


def test_above_the_limit_a_refund_waits_and_moves_nothing(paying, paid, waiting):
    assert waiting.status == RefundStatus.REQUESTED
    assert "refund" not in paying.fake.calls
    assert cents(paid) == {"settled": 2400, "reversed": 0}
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


# --- one that fails later ------------------------------------------------------------------------------------------


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
    assert cents(debit) == {"settled": 2400, "reversed": 0}
    assert bills.account_for(paying.household).owed_cents == 0
    assert AttentionItem.objects.get().kind == "refund failed"
    assert kinds_sent(debit)[-1] == "refund_failed"
    assert ask(debit, clerk).status == RefundStatus.PENDING, "it may be tried again"


def test_an_older_pending_after_failed_changes_nothing(paying, debit, clerk):
    refund = ask(debit, clerk)
    old = paying.fake.refunds[refund.gateway_id]
    failed(paying, refund)
    assert services.apply_refund(refund, old).status == RefundStatus.FAILED
    assert cents(debit) == {"settled": 2400, "reversed": 0}


def test_failed_twice_is_put_back_once(paying, debit, clerk):
    refund = failed(paying, ask(debit, clerk))
    failed(paying, refund)
    assert cents(debit) == {"settled": 2400, "reversed": 0}
    assert kinds_sent(debit).count("refund_failed") == 1


def test_a_refund_that_fails_after_a_return_stays_off_the_bills(paying, debit, clerk):
    refund = ask(debit, clerk)
    dispute = paying.fake.return_debit(debit.intent_id)
    services.apply_dispute(debit, paying.fake.dispute(dispute), via="webhook")
    failed(paying, refund)
    assert cents(debit) == {"settled": 0, "reversed": 2400}


def test_the_sweep_finds_a_refund_that_failed_without_a_word(paying, debit, clerk):
    refund = ask(debit, clerk)
    paying.fake.fail_refund(refund.gateway_id)
    age(refund, minutes=51)
    tasks.sweep_refunds()
    refund.refresh_from_db()
    assert refund.status == RefundStatus.FAILED


# --- what is not as we asked ---------------------------------------------------------------------------------------


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
    assert cents(debit) == {"settled": 2400, "reversed": 0}


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

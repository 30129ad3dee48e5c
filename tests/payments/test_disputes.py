"""What banks take back, look into or ask about: set aside, counted again, or off the bill, in whatever order."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from billing import selectors as bills
from payments import services, tasks
from payments.gateway.port import DisputeStatus
from payments.models import AttentionItem, Dispute
from payments.states import Status
from tests import factories
from tests.payments.money_back import cents, hint
from tests.payments.steps import kinds_sent


@pytest.fixture
def opened(paying, paid):
    return paying.fake.open_dispute(paid.intent_id)


def kinds_queued() -> list[str]:
    return list(AttentionItem.objects.order_by("pk").values_list("kind", flat=True))


def test_a_card_dispute_sets_the_money_aside_and_tells_member_and_staff(paying, paid, opened):
    hint(opened, "charge.dispute.created")
    hint(opened, "charge.dispute.funds_withdrawn")
    paid.refresh_from_db()
    assert paid.status == Status.PAID
    assert cents(paid) == {"disputed": 2400}
    account = bills.account_for(paying.household)
    assert (account.owed_cents, account.disputed_cents) == (0, 2400)
    assert kinds_sent(paid) == ["paid", "dispute_opened"]
    assert kinds_queued() == ["card dispute"]
    found = Dispute.objects.get()
    assert (found.kind, found.status, found.is_withdrawn, found.amount_cents) == ("card", "open", True, 2400)
    assert found.fee_cents == 1500, "what the gateway took for it stands beside the money of the member, not in it"


def test_a_dispute_won_counts_again(paying, paid, opened):
    hint(opened)
    paying.fake.close_dispute(opened, won=True)
    hint(opened, "charge.dispute.closed")
    hint(opened, "charge.dispute.funds_reinstated")
    assert cents(paid) == {"settled": 2400}
    assert kinds_sent(paid) == ["paid", "dispute_opened", "dispute_won"]
    assert Dispute.objects.get().closed_at


def test_a_dispute_lost_opens_the_bill_and_says_so(paying, paid, opened):
    hint(opened)
    paying.fake.close_dispute(opened, won=False)
    hint(opened, "charge.dispute.closed")
    paid.refresh_from_db()
    assert paid.status == Status.RETURNED
    assert cents(paid) == {"reversed": 2400}
    assert bills.account_for(paying.household).owed_cents == 2400
    assert kinds_sent(paid) == ["paid", "dispute_opened", "returned"]


@pytest.mark.parametrize("won", [True, False])
def test_an_open_dispute_heard_of_after_its_end_changes_nothing(paying, paid, opened, won):
    old = paying.fake.disputes[opened]
    paying.fake.close_dispute(opened, won=won)
    hint(opened, "charge.dispute.closed")
    services.apply_dispute(paid, old, via="webhook")
    assert cents(paid) == ({"settled": 2400} if won else {"reversed": 2400})
    assert Dispute.objects.get().status == ("won" if won else "lost")


def test_a_dispute_won_of_which_we_never_heard_is_no_news_for_the_member(paying, paid, opened):
    paying.fake.close_dispute(opened, won=True)
    hint(opened, "charge.dispute.closed")
    assert kinds_sent(paid) == ["paid"]


def test_a_dispute_that_is_won_after_it_was_lost_waits_for_staff(paying, paid, opened):
    paying.fake.close_dispute(opened, won=False)
    hint(opened)
    paying.fake.disputes[opened] = replace(paying.fake.disputes[opened], status=DisputeStatus.WON, is_withdrawn=False)
    hint(opened)
    paid.refresh_from_db()
    assert paid.status == Status.RETURNED
    assert kinds_queued() == ["dispute won late"]


def test_an_inquiry_moves_nothing_and_waits_for_staff(paying, paid):
    inquiry = paying.fake.open_dispute(paid.intent_id, is_inquiry=True)
    hint(inquiry, "charge.dispute.created")
    assert cents(paid) == {"settled": 2400}
    assert kinds_sent(paid) == ["paid"]
    assert kinds_queued() == ["inquiry"]
    paying.fake.close_dispute(inquiry, won=True)
    hint(inquiry, "charge.dispute.closed")
    assert cents(paid) == {"settled": 2400}
    assert kinds_queued() == ["inquiry"]


def test_an_inquiry_that_becomes_a_dispute_sets_the_money_aside(paying, paid):
    inquiry = paying.fake.open_dispute(paid.intent_id, is_inquiry=True)
    question = paying.fake.disputes[inquiry]
    hint(inquiry, "charge.dispute.created")
    paying.fake.close_dispute(inquiry, won=False)
    hint(inquiry)
    services.apply_dispute(paid, question, via="webhook")
    assert cents(paid) == {"disputed": 2400}
    assert Dispute.objects.get().kind == "card"


def test_a_return_that_overtakes_the_success_still_ends_returned(paying):
    debit = paying.pay(method="bank")
    paying.fake.settle(debit.intent_id)
    hint(paying.fake.return_debit(debit.intent_id), "charge.dispute.created")
    debit.refresh_from_db()
    assert debit.status == Status.RETURNED
    assert kinds_sent(debit) == ["processing", "paid", "returned"]
    assert Dispute.objects.get().kind == "return"


def test_a_dispute_after_a_part_was_refunded_is_flagged_and_sets_the_rest_aside(paying, paid, django_user_model):
    clerk = factories.user(is_staff=True)
    services.request_refund(payment=paid, amount_cents=1000, reason="Paid twice", actor=clerk)
    dispute = paying.fake.open_dispute(paid.intent_id)
    hint(dispute)
    assert cents(paid) == {"reversed": 1000, "disputed": 1400}
    assert "double credit" in kinds_queued()


def test_a_refund_that_fails_while_in_dispute_is_set_aside_too(paying, paid):
    refund = services.request_refund(
        payment=paid, amount_cents=1000, reason="Paid twice", actor=factories.user(is_staff=True)
    )
    hint(paying.fake.open_dispute(paid.intent_id))
    paying.fake.fail_refund(refund.gateway_id)
    hint(refund.gateway_id, "refund.failed")
    assert cents(paid) == {"disputed": 2400}


def test_the_sweep_finds_the_end_of_a_dispute_of_which_no_event_came(paying, paid, opened):
    hint(opened)
    paying.fake.close_dispute(opened, won=True)
    tasks.sweep_refunds()
    assert cents(paid) == {"disputed": 2400}
    Dispute.objects.update(checked_at=timezone.now() - timedelta(minutes=51))
    tasks.sweep_refunds()
    assert cents(paid) == {"settled": 2400}

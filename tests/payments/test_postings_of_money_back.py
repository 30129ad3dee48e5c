"""What the agency is told of money that went back is, at every step, what the bills count as paid."""

import pytest
from django.db.models import Sum

from billing import selectors as bills
from payments import services
from payments.models import Posting
from tests.payments.money_back import ask, hint


def told(payment):
    """Return what the agency was told of this payment, oldest first: kind and cents."""
    return list(Posting.objects.filter(payment=payment).values_list("kind", "amount_cents"))


@pytest.fixture(autouse=True)
def agrees(request, db):
    """At the end of each test the postings of every payment add up to what its bills count as paid."""
    yield
    sums = Posting.objects.order_by().values_list("payment__reference").annotate(cents=Sum("amount_cents"))
    posted = {reference: cents for reference, cents in sums if cents}
    assert posted == bills.settled_cents_for(list(dict(sums)))


def test_a_refund_is_told_when_it_is_posted_and_again_when_it_did_not_arrive(paying, paid, clerk):
    refund = ask(paid, clerk, 1000)
    assert told(paid) == [("payment", 2400), ("refund", -1000)]
    paying.fake.fail_refund(refund.gateway_id)
    hint(refund.gateway_id)
    hint(refund.gateway_id)
    assert told(paid) == [("payment", 2400), ("refund", -1000), ("refund", 1000)]


def test_a_refund_that_was_only_asked_for_is_not_told(paid, clerk, settings):
    settings.REFUND_APPROVAL_CENTS = 100
    refund = ask(paid, clerk, 1000)
    assert refund.status == "requested"
    assert told(paid) == [("payment", 2400)]


def test_two_refunds_of_one_payment_are_told_each_once(paid, clerk):
    ask(paid, clerk, 1000)
    ask(paid, clerk, 1400)
    assert told(paid) == [("payment", 2400), ("refund", -1000), ("refund", -1400)]


def test_a_card_dispute_is_told_when_it_opens_and_when_it_is_won(paying, paid):
    dispute_id = paying.fake.open_dispute(paid.intent_id)
    hint(dispute_id)
    hint(dispute_id)
    assert told(paid) == [("payment", 2400), ("dispute", -2400)]
    paying.fake.close_dispute(dispute_id, won=True)
    hint(dispute_id)
    hint(dispute_id)
    assert told(paid) == [("payment", 2400), ("dispute", -2400), ("dispute", 2400)]


def test_a_card_dispute_that_is_lost_is_told_once(paying, paid):
    dispute_id = paying.fake.open_dispute(paid.intent_id)
    hint(dispute_id)
    paying.fake.close_dispute(dispute_id, won=False)
    hint(dispute_id)
    assert told(paid) == [("payment", 2400), ("dispute", -2400)]


def test_two_disputes_of_which_the_later_is_won_last_give_everything_again(paying, paid):
    first, second = paying.fake.open_dispute(paid.intent_id), paying.fake.open_dispute(paid.intent_id)
    for dispute_id in (first, second):
        hint(dispute_id)
    for dispute_id in (first, second):
        paying.fake.close_dispute(dispute_id, won=True)
        hint(dispute_id)
    assert told(paid) == [("payment", 2400), ("dispute", -2400), ("dispute", 2400)]


def test_a_refund_that_fails_while_a_dispute_is_open_goes_into_the_dispute(paying, paid, clerk):
    refund = ask(paid, clerk, 1000)
    dispute_id = paying.fake.open_dispute(paid.intent_id)
    hint(dispute_id)
    paying.fake.fail_refund(refund.gateway_id)
    hint(refund.gateway_id)
    assert told(paid)[1:] == [("refund", -1000), ("dispute", -1400), ("refund", 1000), ("dispute", -1000)]
    paying.fake.close_dispute(dispute_id, won=True)
    hint(dispute_id)
    assert told(paid)[-1] == ("dispute", 2400)


def test_a_return_after_a_refund_tells_only_what_was_left(paying, debit, clerk):
    refund = ask(debit, clerk, 1000)
    hint(paying.fake.return_debit(debit.intent_id))
    paying.fake.fail_refund(refund.gateway_id)
    hint(refund.gateway_id)
    assert told(debit) == [("payment", 2400), ("refund", -1000), ("return", -1400)]
    debit.refresh_from_db()
    assert debit.status == "returned"
    assert services.refunded_cents(debit) == 0

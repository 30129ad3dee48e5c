"""Refunds, approvals, returns and cancels at the same instant, on a real PostgreSQL: no cent goes back twice."""

import pytest

from billing.models import Credit
from payments import services
from payments.models import Payment, Refund
from payments.services import RefundRefused
from payments.states import Status
from tests import factories
from tests.payments.steps import Paying, kinds_sent
from tests.payments.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def paying(transactional_db, fake):
    user = factories.user()
    return Paying(user=user, bill=factories.bill(household=user.member.household), fake=fake)


@pytest.fixture
def staff(transactional_db):
    return [factories.user(is_staff=True) for _ in range(8)]


def trying(act):
    """Return act(number) whose refusals are results."""

    def tried(number):
        try:
            return act(number)
        except (RefundRefused, services.TooLate) as refused:
            return refused

    return tried


def sent_back(paying, payment) -> int:
    return sum(refund.amount_cents for refund in paying.fake.refunds_in(payment.intent_id))


def cents(status) -> int:
    return Credit.objects.filter(status=status).cents()


def test_eight_admins_who_refund_everything_at_once_refund_it_once(paying, staff):
    payment = paying.pay()

    def act(number):
        seen = Payment.objects.get(pk=payment.pk)
        return services.request_refund(payment=seen, amount_cents=2400, reason="Paid twice", actor=staff[number])

    results = at_once(8, trying(act))
    assert sum(isinstance(result, Refund) for result in results) == 1
    assert sent_back(paying, payment) == cents("reversed") == 2400
    assert kinds_sent(payment) == ["paid", "refund_succeeded"]


def test_of_eight_approvals_at_once_one_sends(paying, staff, settings):
    settings.REFUND_APPROVAL_CENTS = 0
    payment = paying.pay()
    refund = services.request_refund(payment=payment, amount_cents=1000, reason="Paid twice", actor=paying.user)
    results = at_once(8, trying(lambda n: services.approve_refund(refund=refund, actor=staff[n])))
    assert sum(isinstance(result, Refund) for result in results) == 1
    assert sent_back(paying, payment) == cents("reversed") == 1000
    assert paying.fake.calls.count("refund") == 1


def test_approved_and_declined_at_once_is_one_of_both(paying, staff, settings):
    settings.REFUND_APPROVAL_CENTS = 0
    payment = paying.pay()
    refund = services.request_refund(payment=payment, amount_cents=1000, reason="Paid twice", actor=paying.user)

    def act(number):
        if number % 2:
            return services.approve_refund(refund=refund, actor=staff[number])
        return services.decline_refund(refund=refund, actor=staff[number], reason="Not a mistake")

    at_once(8, trying(act))
    refund.refresh_from_db()
    assert sent_back(paying, payment) == cents("reversed") == (0 if refund.status == "declined" else 1000)


@pytest.mark.parametrize("round_number", range(3))
def test_a_refund_against_a_return_leaves_nothing_paid_and_flags_what_went_out_twice(paying, staff, round_number):
    payment = paying.pay(method="bank")
    paying.fake.settle(payment.intent_id)
    payment = services.resolve(payment)
    facts = paying.fake.disputes[paying.fake.return_debit(payment.intent_id)]

    def act(number):
        seen = Payment.objects.get(pk=payment.pk)
        if number:
            return services.request_refund(payment=seen, amount_cents=1000, reason="Paid twice", actor=staff[number])
        return services.apply_dispute(seen, facts, via="webhook")

    at_once(2, trying(act))
    payment.refresh_from_db()
    assert payment.status == Status.RETURNED
    assert (cents("settled"), cents("reversed")) == (0, 2400)
    flagged = payment.attention_items.filter(kind="double credit").count()
    assert flagged == (1 if sent_back(paying, payment) else 0)


def test_eight_cancels_against_the_news_that_it_is_paid_leave_it_paid(paying):
    payment = paying.pay(behaviour="card_3ds")
    paying.fake.settle(payment.intent_id)

    def act(number):
        seen = Payment.objects.get(pk=payment.pk)
        return services.cancel(seen, via="member") if number % 2 else services.refresh(seen, via="webhook")

    at_once(8, trying(act))
    payment.refresh_from_db()
    assert (payment.status, payment.cancel_asked_at) == (Status.PAID, None)
    assert kinds_sent(payment) == ["paid"]


def test_eight_cancels_at_once_cancel_once(paying):
    payment = paying.pay(behaviour="card_3ds")
    at_once(8, trying(lambda n: services.cancel(Payment.objects.get(pk=payment.pk), via="member")))
    payment.refresh_from_db()
    assert payment.status == Status.CANCELED
    assert kinds_sent(payment) == ["canceled"]
    assert cents("released") == 2400

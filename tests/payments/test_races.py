"""Many at once, on a real PostgreSQL: one charge, one receipt, one message."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from billing.models import Credit
from payments import services
from payments.gateway import port
from payments.models import GatewayEvent, Payment, Receipt
from payments.services.submitting import NotSent
from payments.states import Status
from tests import factories
from tests.payments.steps import Paying, kinds_sent

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count, act):
    """Run act(number) in that many threads that start together; return results and refusals in order."""
    barrier = Barrier(count)

    def run(number):
        try:
            barrier.wait()
            return act(number)
        except (NotSent, services.CannotUse) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.fixture
def paying(transactional_db, fake):
    user = factories.user()
    return Paying(user=user, bill=factories.bill(household=user.member.household), fake=fake)


def test_ten_tabs_can_pay_one_bill_only_once(paying):
    payments = [paying.start(method="bank") for _ in range(10)]
    agreements = [paying.agreement(payment) for payment in payments]
    results = at_once(10, lambda n: services.submit(payment=payments[n], agreement=agreements[n]))
    sent = [result for result in results if isinstance(result, Payment)]
    assert [payment.status for payment in sent] == [Status.PROCESSING]
    assert paying.fake.calls.count("confirm") == 1
    assert Credit.objects.live().cents() == 2400


def test_ten_clicks_on_one_button_charge_once(paying):
    payment = paying.start()
    agreement = paying.agreement(payment)
    at_once(10, lambda n: services.submit(payment=Payment.objects.get(pk=payment.pk), agreement=agreement))
    payment.refresh_from_db()
    assert payment.status == Status.PAID
    assert paying.fake.calls.count("confirm") == 1
    assert kinds_sent(payment) == ["paid"]


def test_a_webhook_against_the_return_page_pays_once(paying):
    payment = paying.pay(behaviour="card_3ds")
    paying.fake.settle(payment.intent_id)
    event = services.file_notice(port.Notice("evt_1", "payment_intent.succeeded", payment.intent_id, False, ""))

    def act(number):
        if number % 2:
            services.work_off(event.pk)
        else:
            services.refresh(Payment.objects.get(pk=payment.pk), via="return page")

    at_once(8, act)
    assert Receipt.objects.count() == 1
    assert kinds_sent(payment) == ["paid"]
    assert list(payment.events.values_list("to_status", flat=True)).count("paid") == 1


def test_the_same_event_ten_times_at_once_has_one_effect(paying):
    payment = paying.pay(method="bank")
    paying.fake.settle(payment.intent_id)
    for round_number in range(5):
        notice = port.Notice(f"evt_{round_number}", "payment_intent.succeeded", payment.intent_id, False, "")

        def act(number, notice=notice):
            event = services.file_notice(notice)
            if event:
                services.work_off(event.pk)

        at_once(10, act)
    payment.refresh_from_db()
    assert payment.status == Status.PAID
    assert GatewayEvent.objects.count() == 5
    assert kinds_sent(payment) == ["processing", "paid"]


def test_a_sweep_against_the_submit_never_frees_a_bill_that_is_charged(paying):
    payment = paying.start()
    agreement = paying.agreement(payment)

    def act(number):
        if number == 0:
            services.submit(payment=Payment.objects.get(pk=payment.pk), agreement=agreement)
        else:
            current = Payment.objects.get(pk=payment.pk)
            if current.status == Status.SUBMITTING:
                services.resolve(current)

    at_once(6, act)
    payment.refresh_from_db()
    charged = sum(i.amount_cents for i in paying.fake.intents.values() if i.status == "succeeded")
    assert charged == Credit.objects.live().cents() == (2400 if payment.status == Status.PAID else 0)


def test_ten_tabs_that_tell_the_small_deposits_at_once_send_one_debit_and_one_message(paying):
    payment = paying.pay(method="bank", behaviour="bank_by_hand")
    seen = [Payment.objects.get(pk=payment.pk) for _ in range(10)]
    results = at_once(10, lambda n: services.tell_deposits(payment=seen[n], amounts=(32, 45)))
    assert [told.status for told in results] == [Status.PROCESSING] * 10
    assert kinds_sent(payment) == ["deposits", "processing"]
    payment.refresh_from_db()
    assert payment.deposit_tries == 0


def test_ten_wrong_tries_at_once_are_ten_tries_and_one_end(paying):
    payment = paying.pay(method="bank", behaviour="bank_by_hand")
    seen = [Payment.objects.get(pk=payment.pk) for _ in range(10)]

    def tell(number):
        try:
            return services.tell_deposits(payment=seen[number], amounts=(1, 2)).status
        except services.OtherDeposits:
            return "other"

    assert sorted(at_once(10, tell)) == [Status.FAILED, *["other"] * 9]
    payment.refresh_from_db()
    assert (payment.status, payment.deposit_tries) == (Status.FAILED, 9)
    assert kinds_sent(payment) == ["deposits", "failed"]

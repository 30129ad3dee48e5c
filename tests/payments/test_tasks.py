"""The sweeps find what nobody came back for, and leave the rest alone."""

from datetime import timedelta

from django.utils import timezone

from payments import services, tasks
from payments.gateway import port
from payments.models import AttentionItem, Payment
from payments.states import Status

LOST = port.OutcomeUnknown("no answer")


def age(payment, **ago):
    then = timezone.now() - timedelta(**ago)
    Payment.objects.filter(pk=payment.pk).update(checked_at=then, submitted_at=then, created_at=then)
    payment.refresh_from_db()


def unknown(paying):
    payment = paying.start()
    paying.fake.fail_next("confirm", LOST, after_effect=True)
    paying.fake.fail_next("intent", LOST)
    return paying.submit(payment)


def test_an_unknown_outcome_is_resolved_after_two_minutes_and_not_before(paying):
    payment = unknown(paying)
    tasks.sweep_stalled()
    payment.refresh_from_db()
    assert payment.status == Status.SUBMITTING
    age(payment, minutes=3)
    tasks.sweep_stalled()
    payment.refresh_from_db()
    assert payment.status == Status.PAID


def test_while_the_gateway_is_away_nothing_changes_and_staff_hear_of_it_after_fifteen_minutes(paying):
    payment = unknown(paying)
    for minutes, queued in ((3, 0), (16, 1)):
        age(payment, minutes=minutes)
        paying.fake.fail_next("intent", LOST)
        tasks.sweep_stalled()
        payment.refresh_from_db()
        assert payment.status == Status.SUBMITTING
        assert AttentionItem.objects.filter(kind="outcome unknown").count() == queued


def test_a_crash_before_the_intent_was_known_frees_the_bill(paying):
    payment = paying.start()
    agreement = paying.agreement(payment)
    services.submitting._claim(payment, agreement)
    age(payment, minutes=3)
    tasks.sweep_stalled()
    payment.refresh_from_db()
    assert payment.status == Status.STARTED
    assert paying.submit(payment).status == Status.PAID


def test_a_bank_debit_whose_event_never_came_is_found_within_the_hour(paying):
    payment = paying.pay(method="bank")
    paying.fake.settle(payment.intent_id)
    age(payment, minutes=60)
    tasks.sweep_processing()
    payment.refresh_from_db()
    assert payment.status == Status.PAID


def test_a_payment_begun_and_never_sent_is_closed_after_a_day(paying):
    payment = paying.start()
    tasks.sweep_stalled()
    payment.refresh_from_db()
    assert payment.status == Status.STARTED
    age(payment, days=2)
    tasks.sweep_stalled()
    payment.refresh_from_db()
    assert payment.status == Status.CANCELED


def test_an_event_that_no_worker_took_is_worked_off_by_the_sweep(paying):
    payment = paying.pay(method="bank")
    paying.fake.settle(payment.intent_id)
    services.file_notice(port.Notice("evt_1", "payment_intent.succeeded", payment.intent_id, False, ""))
    tasks.sweep_events()
    payment.refresh_from_db()
    assert payment.status == Status.PAID


def test_a_sweep_that_looked_before_the_member_pressed_pay_changes_nothing(paying):
    seen = paying.start(method="bank")
    payment = paying.submit(Payment.objects.get(pk=seen.pk))
    assert services.drop_unfinished(seen).status == Status.PROCESSING
    assert paying.fake.intents[payment.intent_id].status == "processing"


def test_a_sweep_that_looked_before_the_intent_was_stored_frees_nothing(paying):
    payment = paying.start(method="bank")
    services.submitting._claim(payment, paying.agreement(payment))
    seen = Payment.objects.get(pk=payment.pk)
    Payment.objects.filter(pk=payment.pk).update(intent_id="pi_stored")
    assert services.resolve(seen).status == Status.SUBMITTING

"""A bank debit after it was sent: paid, failed, returned, in whatever order the news comes."""

import pytest
import time_machine

from billing import selectors as bills
from payments import receipts, services
from payments.gateway import port
from payments.models import AttentionItem, GatewayEvent, Receipt
from payments.states import Status
from tests.payments.steps import kinds_sent, steps_of


@pytest.fixture
def sent(paying):
    return paying.pay(method="bank")


def hint(fake, payment, type_="payment_intent.succeeded", event_id="evt_1", object_id=None):
    notice = port.Notice(event_id, type_, object_id or payment.intent_id, False, "fake")
    event = services.file_notice(notice)
    if event:
        services.work_off(event.pk)
    return event


def owed(paying) -> int:
    return bills.account_for(paying.household).owed_cents


def test_a_settled_debit_is_paid_once_however_often_we_are_told(paying, sent):
    paying.fake.settle(sent.intent_id)
    hint(paying.fake, sent)
    hint(paying.fake, sent)
    hint(paying.fake, sent, event_id="evt_twin")
    sent.refresh_from_db()
    assert sent.status == Status.PAID
    assert Receipt.objects.count() == 1
    assert kinds_sent(sent) == ["processing", "paid"]
    assert GatewayEvent.objects.count() == 2


def test_the_sweep_finds_a_settled_debit_of_which_no_event_came(paying, sent):
    paying.fake.settle(sent.intent_id)
    assert services.resolve(sent).status == Status.PAID


def test_a_failed_debit_reopens_the_bill_and_tells_the_member(paying, sent):
    paying.fake.fail_debit(sent.intent_id)
    hint(paying.fake, sent, "payment_intent.payment_failed")
    sent.refresh_from_db()
    assert sent.status == Status.FAILED
    assert owed(paying) == 2400
    assert kinds_sent(sent) == ["processing", "failed"]


def test_an_old_hint_of_processing_after_paid_changes_nothing(paying, sent):
    paying.fake.settle(sent.intent_id)
    hint(paying.fake, sent)
    hint(paying.fake, sent, "payment_intent.processing", "evt_old")
    sent.refresh_from_db()
    assert steps_of(sent) == ["started", "submitting", "processing", "paid"]


def test_a_return_after_paid_reopens_the_bill_and_tells_the_member_in_plain_words(paying, sent):
    paying.fake.settle(sent.intent_id)
    dispute = paying.fake.return_debit(sent.intent_id)
    hint(paying.fake, sent, "charge.dispute.created", object_id=dispute)
    sent.refresh_from_db()
    assert sent.status == Status.RETURNED
    assert owed(paying) == 2400
    assert kinds_sent(sent) == ["processing", "paid", "returned"]
    assert Receipt.objects.count() == 1


def test_an_inquiry_moves_no_money_and_waits_for_staff(paying, sent):
    paying.fake.settle(sent.intent_id)
    dispute = paying.fake.return_debit(sent.intent_id, is_inquiry=True)
    hint(paying.fake, sent, "charge.dispute.created", object_id=dispute)
    sent.refresh_from_db()
    assert sent.status == Status.PAID
    assert AttentionItem.objects.get().kind == "inquiry"


def test_an_event_of_another_deployment_is_ignored(paying, sent):
    paying.fake._set(sent.intent_id, metadata={"deployment": "elsewhere"}, status="succeeded")
    event = hint(paying.fake, sent)
    event.refresh_from_db()
    sent.refresh_from_db()
    assert event.status == "ignored"
    assert sent.status == Status.PROCESSING


def test_an_event_about_a_payment_that_is_not_here_yet_is_tried_again_and_then_shown_to_staff(paying, sent):
    paying.fake._set(
        sent.intent_id, metadata={"deployment": "tests", "payment": "00000000-0000-0000-0000-000000000000"}
    )
    event = hint(paying.fake, sent)
    for _ in range(12):
        GatewayEvent.objects.filter(pk=event.pk).update(next_try_at="2020-01-01T00:00Z")
        services.work_off(event.pk)
    event.refresh_from_db()
    assert event.status == "dead"
    assert event.tries == 10
    assert AttentionItem.objects.get().kind == "event not worked off"


def test_an_event_that_finds_the_gateway_away_waits_for_its_next_try(paying, sent):
    paying.fake.settle(sent.intent_id)
    paying.fake.fail_next("intent", port.OutcomeUnknown("no answer"))
    event = hint(paying.fake, sent)
    event.refresh_from_db()
    assert (event.status, event.error) == ("received", "OutcomeUnknown")
    GatewayEvent.objects.filter(pk=event.pk).update(next_try_at="2020-01-01T00:00Z")
    services.work_off(event.pk)
    sent.refresh_from_db()
    assert sent.status == Status.PAID


def test_an_event_of_the_other_mode_is_recorded_and_ignored(paying, sent):
    paying.fake.settle(sent.intent_id)
    event = services.file_notice(port.Notice("evt_live", "payment_intent.succeeded", sent.intent_id, True, "fake"))
    services.work_off(event.pk)
    sent.refresh_from_db()
    assert sent.status == Status.PROCESSING
    assert AttentionItem.objects.get().kind == "event of the other mode"


def test_a_bank_check_that_the_member_left_is_canceled_after_an_hour(paying, django_user_model):
    payment = paying.pay(behaviour="card_3ds")
    assert payment.status == Status.AWAITING_MEMBER
    assert payment.action_url
    assert services.resolve(payment).status == Status.AWAITING_MEMBER
    type(payment).objects.filter(pk=payment.pk).update(submitted_at="2020-01-01T00:00Z")
    payment.refresh_from_db()
    assert services.resolve(payment).status == Status.CANCELED
    assert owed(paying) == 2400


def test_passing_the_banks_check_pays(paying):
    payment = paying.pay(behaviour="card_3ds")
    paying.fake.settle(payment.intent_id)
    assert services.refresh(payment, via="return page").status == Status.PAID


@pytest.mark.parametrize(
    ("moment", "label"),
    [("2026-11-24 15:00+00:00", "Sent to your bank"), ("2026-11-25 02:30+00:00", "Goes to your bank")],
)
def test_the_timeline_never_says_sent_before_it_is(paying, moment, label):
    with time_machine.travel(moment, tick=False):
        payment = paying.pay(method="bank")
        rows = receipts.timeline(payment)
    assert [row["label"] for row in rows] == [
        label,
        "Expected to be paid by",
        "Your bank may still take it back until",
    ]

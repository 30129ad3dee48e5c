"""Events that the webhook never heard are read from the gateway's list, each filed and worked off once."""

from datetime import UTC, datetime, timedelta

import pytest

from payments import services
from payments.gateway import port
from payments.gateway.fake import notice_body, sign
from payments.models import GatewayEvent, ReconciliationRun
from payments.services.events import HANDLERS, TYPES
from payments.states import Status
from tests.payments.reconciling.looking import age, run
from tests.payments.steps import kinds_sent


def at_the_bank(paying):
    """A debit whose events are all told to the webhook so far."""
    payment = paying.pay(method="bank")
    for event in paying.fake.happened:
        heard(paying, event)
    return payment


def heard(paying, event):
    notice = event.notice
    body = notice_body(notice.event_id, notice.type, notice.object_id)
    row = services.file_notice(paying.fake.notice(body, sign(body)))
    services.work_off(row.pk)


def long_ago(paying, **time):
    happened = paying.fake.happened
    happened[:] = [type(e)(e.notice, e.created_at - timedelta(**time)) for e in happened]


def test_an_event_that_was_missed_is_worked_off_and_named(paying):
    payment = at_the_bank(paying)
    paying.fake.settle(payment.intent_id)
    long_ago(paying, hours=2)
    found = run("events")
    assert (found.looked, found.outcomes) == (2, ["mended"])
    event_id = paying.fake.happened[-1].notice.event_id
    assert found.rows == [
        ("event missed", payment.reference, event_id, "told by the webhook", "payment_intent.succeeded")
    ]
    payment.refresh_from_db()
    assert payment.status == Status.PAID
    assert kinds_sent(payment) == ["processing", "paid"]
    assert GatewayEvent.objects.get(event_id=event_id).status == "done"


def test_every_type_that_is_listed_is_one_that_is_worked_off(paying):
    payment = at_the_bank(paying)
    paying.fake.settle(payment.intent_id)
    services.refresh(payment, via="sweep")
    dispute_id = paying.fake.return_debit(payment.intent_id)
    charge_id = paying.fake.intents[payment.intent_id].charge_id
    refund_id = paying.fake.give_back(payment.intent_id, 100)
    abouts = {"payment_intent": payment.intent_id, "charge.updated": charge_id, "charge.dispute": dispute_id}
    abouts["refund"] = refund_id
    about_payments = [type_ for type_ in TYPES if type_.startswith(tuple(abouts))]
    for type_ in about_payments:
        about = next(object_id for start, object_id in abouts.items() if type_.startswith(start))
        paying.fake.tell(type_, about)
    run("events")
    assert set(GatewayEvent.objects.values_list("status", flat=True)) == {"done"}
    assert set(GatewayEvent.objects.values_list("type", flat=True)) == set(about_payments)


def test_every_kind_of_event_that_has_a_handler_is_listed_and_no_other():
    starts = {start for start in HANDLERS if start != "charge.refund."}  # the refund.* events say the same
    assert {start for type_ in TYPES for start in starts if type_.startswith(start)} == starts
    assert [type_ for type_ in TYPES if not type_.startswith(tuple(starts))] == []
    assert len(TYPES) <= 20, "Stripe takes no more in one list"


def test_what_the_webhook_heard_is_not_worked_off_again_nor_named(paying):
    at_the_bank(paying)
    long_ago(paying, hours=2)
    found = run("events")
    assert (found.looked, found.names) == (1, [])
    assert GatewayEvent.objects.get().tries == 1


def test_an_event_of_this_minute_is_taken_without_being_called_missed(paying):
    payment = at_the_bank(paying)
    paying.fake.settle(payment.intent_id)
    assert run("events").names == []
    payment.refresh_from_db()
    assert payment.status == Status.PAID


def test_an_event_about_another_deployment_is_filed_as_none_of_our_business(paying):
    foreign = paying.fake.create(amount_cents=900, method="card", key="k", metadata={"deployment": "elsewhere"})
    paying.fake.tell("payment_intent.succeeded", foreign.id, datetime.now(UTC) - timedelta(hours=2))
    assert run("events").names == []
    assert GatewayEvent.objects.get().status == "ignored"


def test_a_run_begins_where_the_last_one_came_to_with_an_hour_of_overlap(paying):
    first = run("events")
    second = run("events")
    assert second.since == first.reached_at - timedelta(hours=1)
    third = run("events", since=datetime.now(UTC) - timedelta(minutes=1))
    assert run("events").since == second.reached_at - timedelta(hours=1)
    assert third.reached_at > second.reached_at


def test_after_days_of_silence_it_catches_up_from_where_it_was(paying):
    payment = at_the_bank(paying)
    run("events")
    ReconciliationRun.objects.update(
        reached_at=datetime.now(UTC) - timedelta(days=6), started_at=datetime.now(UTC) - timedelta(days=6)
    )
    paying.fake.settle(payment.intent_id)
    long_ago(paying, days=5)
    age(paying, days=5)
    assert run("events").names == ["event missed"]
    payment.refresh_from_db()
    assert payment.status == Status.PAID


def test_a_gateway_that_cannot_be_asked_stops_the_run_and_the_next_goes_on_from_there(paying):
    payment = at_the_bank(paying)
    paying.fake.settle(payment.intent_id)
    long_ago(paying, days=2)
    ask, asked = paying.fake.events, []

    def fails_on_the_fifth_day(types, since, until=None):
        asked.append(since)
        if len(asked) == 5:
            raise port.OutcomeUnknown("no answer")
        return ask(types, since, until)

    paying.fake.events = fails_on_the_fifth_day
    first = run("events")
    assert (first.error, first.ended_at, first.names) == ("OutcomeUnknown no answer", None, [])
    assert first.reached_at == asked[4]
    second = run("events")
    assert (second.pk, second.error, second.names) == (first.pk, "", ["event missed"])
    assert asked[5] == asked[4]
    payment.refresh_from_db()
    assert payment.status == Status.PAID


class Killed(BaseException):
    """The process ends here and now."""


def test_a_run_that_is_killed_goes_on_where_it_was(paying):
    ask, asked = paying.fake.events, []

    def killed_on_the_fifth_day(types, since, until=None):
        asked.append(since)
        if len(asked) == 5:
            raise Killed
        return ask(types, since, until)

    paying.fake.events = killed_on_the_fifth_day
    with pytest.raises(Killed):
        run("events")
    stopped = ReconciliationRun.objects.get()
    assert (stopped.ended_at, stopped.reached_at) == (None, asked[4])
    finished = run("events")
    assert (finished.pk, asked[5]) == (stopped.pk, asked[4])
    assert finished.ended_at
    assert len(asked) == 4 + 1 + 27


def test_a_dry_run_names_what_was_missed_and_files_nothing(paying):
    payment = at_the_bank(paying)
    paying.fake.settle(payment.intent_id)
    long_ago(paying, hours=2)
    assert run("events", dry_run=True).names == ["event missed"]
    assert GatewayEvent.objects.count() == 1
    assert ReconciliationRun.objects.count() == 0
    payment.refresh_from_db()
    assert payment.status == Status.PROCESSING

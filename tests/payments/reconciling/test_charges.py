"""Charges at the gateway against payments here: each difference is found under its name, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from billing import services as billing
from payments import services
from payments.gateway import port
from payments.gateway.port import IntentStatus
from payments.models import AttentionItem, Payment, ReconciliationFinding
from payments.states import Status
from tests.payments.reconciling.looking import age, run, unguarded
from tests.payments.steps import kinds_sent


def test_books_that_agree_have_no_finding(paying):
    paying.pay()
    age(paying, hours=3)
    found = run("intents")
    assert (found.looked, found.names) == (1, [])


@pytest.mark.parametrize(
    ("disturb", "kind", "expected", "seen"),
    [
        ({"amount_cents": 2500}, "other amount", "$24.00", "$25.00"),
        ({"currency": "cad"}, "other facts", "as we asked", "other currency"),
        ({"status": IntentStatus.FAILED}, "paid here, not there", "failed", "paid"),
        ({"status": IntentStatus.PROCESSING}, "paid here, not there", "processing", "paid"),
    ],
)
def test_a_paid_payment_whose_charge_is_otherwise_is_named(paying, disturb, kind, expected, seen):
    payment = paying.pay()
    paying.fake._set(payment.intent_id, **disturb)
    age(paying, hours=3)
    assert run("intents").rows == [(kind, payment.reference, payment.intent_id, expected, seen)]
    payment.refresh_from_db()
    assert payment.status == Status.PAID


def test_a_charge_that_is_paid_there_and_failed_here_is_named_and_not_touched(paying):
    payment = paying.pay(method="bank")
    with unguarded():
        Payment.objects.filter(pk=payment.pk).update(status="failed", ended_at=timezone.now())
    paying.fake.settle(payment.intent_id)
    age(paying, hours=3)
    assert run("intents").rows == [
        ("paid there, not here", payment.reference, payment.intent_id, "succeeded", "failed"),
    ]
    payment.refresh_from_db()
    assert payment.status == "failed"


def test_a_payment_that_lags_behind_is_put_right_and_the_member_is_told_once(paying):
    payment = paying.pay(method="bank")
    paying.fake.settle(payment.intent_id)
    age(paying, hours=3)
    found = run("intents")
    assert found.rows == [("behind the gateway", payment.reference, payment.intent_id, "succeeded", "processing")]
    assert found.outcomes == ["mended"]
    payment.refresh_from_db()
    assert payment.status == Status.PAID
    assert kinds_sent(payment) == ["processing", "paid"]
    assert AttentionItem.objects.count() == 0


def test_what_is_on_its_way_this_very_minute_is_no_difference(paying):
    payment = paying.pay(method="bank")
    paying.fake.settle(payment.intent_id)
    assert run("intents").names == []
    payment.refresh_from_db()
    assert payment.status == Status.PROCESSING


def test_a_charge_without_a_payment_here_is_named(paying):
    lost = paying.fake.create(amount_cents=2400, method="card", key="k", metadata=_ours("9b3c"))
    paying.fake._set(lost.id, status=IntentStatus.SUCCEEDED, charge_id="ch_lost")
    odd = paying.fake.create(amount_cents=700, method="card", key="l", metadata=_ours("not a uuid"))
    assert run("intents").rows == [
        ("no payment here", "", odd.id, "a payment here", "unconfirmed $7.00"),
        ("no payment here", "", lost.id, "a payment here", "succeeded $24.00"),
    ]


def test_a_charge_of_another_deployment_is_none_of_our_business(paying):
    paying.fake.create(amount_cents=2400, method="card", key="k", metadata={"deployment": "elsewhere"})
    paying.fake.create(amount_cents=2400, method="card", key="l", metadata={})
    found = run("intents")
    assert (found.looked, found.names) == (2, [])


def test_a_second_charge_of_one_payment_is_named_and_one_that_was_never_used_is_not(paying):
    payment = paying.pay()
    unused = paying.fake.create(amount_cents=2400, method="card", key="k", metadata=_ours(payment.uuid))
    second = paying.fake.create(amount_cents=2400, method="card", key="l", metadata=_ours(payment.uuid))
    paying.fake._set(second.id, status=IntentStatus.SUCCEEDED, charge_id="ch_second")
    age(paying, hours=3)
    assert run("intents").rows == [
        ("second charge", payment.reference, second.id, payment.intent_id, f"{second.id} succeeded"),
    ]
    assert paying.fake.intents[unused.id].status is IntentStatus.UNCONFIRMED


def test_a_payment_whose_charge_is_not_at_the_gateway_is_named(paying):
    payment = paying.pay()
    del paying.fake.intents[payment.intent_id]
    age(paying, hours=3)
    assert run("intents").rows == [
        ("not at the gateway", payment.reference, payment.intent_id, "a charge of $24.00", "none"),
    ]


def test_a_charge_that_was_made_on_another_day_than_its_payment_was_sent_is_no_difference(paying):
    payment = paying.pay()
    age(paying, hours=3)
    paying.fake.born[payment.intent_id] -= timedelta(days=2)
    assert run("intents").names == []


def test_a_refund_that_only_the_gateway_knows_is_named(paying):
    payment = paying.pay()
    paying.fake.give_back(payment.intent_id, 400)
    age(paying, hours=3)
    assert run("intents").rows == [
        ("refunded there, not here", payment.reference, payment.intent_id, "$24.00 kept", "$20.00 kept"),
    ]


def test_money_taken_back_there_and_not_here_is_named(paying):
    payment = paying.pay(method="bank")
    paying.fake.settle(payment.intent_id)
    services.refresh(payment, via="sweep")
    paying.fake.return_debit(payment.intent_id)
    age(paying, hours=3)
    assert run("intents").rows == [
        ("taken back there, not here", payment.reference, payment.intent_id, "$24.00 kept", "$0.00 kept"),
    ]


def test_money_that_our_bills_no_longer_count_is_named(paying):
    payment = paying.pay()
    with unguarded():
        billing.reverse(source=payment.source)
    age(paying, hours=3)
    assert run("intents").rows == [
        ("refunded here, not there", payment.reference, payment.intent_id, "$0.00 kept", "$24.00 kept"),
    ]


class TestNeverConfirmed:
    """A charge that nobody will confirm does not lie about at the gateway."""

    def left(self, paying, days):
        payment = paying.start()
        paying.fake.fail_next("confirm", port.TokenUnusable("expired"))
        with pytest.raises(services.CannotUse):
            paying.submit(payment)
        payment.refresh_from_db()
        assert payment.status == "started"
        assert paying.fake.intents[payment.intent_id].status is IntentStatus.UNCONFIRMED
        age(paying, days=days)
        return payment

    def test_after_a_day_its_payment_is_closed_and_then_the_charge_is_canceled(self, paying):
        payment = self.left(paying, days=2)
        found = run("intents")
        assert (found.canceled, found.names) == (1, [])
        payment.refresh_from_db()
        assert payment.status == Status.CANCELED
        assert paying.fake.intents[payment.intent_id].status is IntentStatus.CANCELED

    def test_within_the_day_it_is_left_alone(self, paying):
        payment = self.left(paying, days=0)
        assert run("intents").canceled == 0
        assert paying.fake.intents[payment.intent_id].status is IntentStatus.UNCONFIRMED

    def test_without_a_payment_here_it_is_named_too(self, paying):
        lost = paying.fake.create(amount_cents=2400, method="card", key="k", metadata=_ours("9b3c"))
        paying.fake.born[lost.id] -= timedelta(days=2)
        found = run("intents")
        assert (found.canceled, found.names, found.outcomes) == (1, ["no payment here"], ["mended"])
        assert paying.fake.intents[lost.id].status is IntentStatus.CANCELED
        assert run("intents").names == []

    def test_a_dry_run_says_so_and_changes_nothing(self, paying):
        payment = self.left(paying, days=2)
        assert run("intents", dry_run=True).canceled == 1
        payment.refresh_from_db()
        assert payment.status == "started"
        assert paying.fake.intents[payment.intent_id].status is IntentStatus.UNCONFIRMED


def test_a_new_difference_reaches_staff_once_and_one_that_is_gone_is_closed(paying):
    payment = paying.pay()
    paying.fake._set(payment.intent_id, amount_cents=2500)
    age(paying, hours=3)
    assert [run("intents").names, run("intents").names] == [["other amount"], ["other amount"]]
    finding = ReconciliationFinding.objects.get()
    item = AttentionItem.objects.get()
    assert (item.kind, item.payment, item.resolved_at) == ("books and gateway differ", payment, None)
    paying.fake._set(payment.intent_id, amount_cents=2400)
    assert run("intents").names == []
    finding.refresh_from_db()
    item.refresh_from_db()
    assert (finding.outcome, item.resolution) == ("gone", "no longer found")
    assert item.resolved_at


def test_a_difference_outside_of_the_time_that_was_asked_for_stays_open(paying):
    payment = paying.pay()
    paying.fake._set(payment.intent_id, amount_cents=2500)
    age(paying, days=3)
    run("intents")
    since = datetime.now(UTC) - timedelta(days=1)
    assert run("intents", since=since).names == []
    assert ReconciliationFinding.objects.get().closed_at is None


def _ours(uuid):
    return {"payment": str(uuid), "deployment": "tests"}

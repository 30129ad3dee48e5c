"""The books against the gateway's: every kind of payment has the same money there, and each difference is named."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from payments import books, services
from payments.gateway import port
from payments.models import Payment
from tests import factories


@pytest.fixture
def settled(all_kinds, fake):
    """Payments of every kind, sent two hours ago; what was unknown is known by now."""
    services.resolve(all_kinds.submitting)
    Payment.objects.filter(submitted_at__isnull=False).update(submitted_at=timezone.now() - timedelta(hours=2))
    return all_kinds


def differences():
    return [(wrong.reference, wrong.found, wrong.expected) for wrong in books.against_gateway()]


def test_every_kind_of_payment_has_its_money_at_the_gateway(settled, fake):
    assert differences() == []
    assert fake.calls.count("intents_created") == 1


def test_nothing_to_compare_asks_nothing(db, fake):
    assert differences() == []
    assert fake.calls == []


def test_money_refunded_on_the_gateways_own_pages_is_found(settled, fake):
    fake.give_back(settled.paid.intent_id, 300)
    assert differences() == [
        (
            settled.paid.reference,
            "2400 received - 300 refunded - 0 withdrawn there",
            "2400 cents that count here",
        )
    ]


def test_money_that_a_bank_took_and_nobody_told_us_of_is_found(settled, fake):
    fake.open_dispute(settled.partly.intent_id)
    assert differences() == [
        (settled.partly.reference, "1000 received - 0 refunded - 1000 withdrawn there", "1000 cents that count here")
    ]


def test_a_debit_that_settled_there_and_not_here_is_found(settled, fake):
    fake.settle(settled.processing.intent_id)
    assert differences() == [
        (settled.processing.reference, "2400 received - 0 refunded - 0 withdrawn there", "0 cents that count here")
    ]


def test_a_payment_whose_charge_the_gateway_does_not_have_is_found(settled, fake):
    del fake.intents[settled.paid.intent_id]
    assert differences() == [(settled.paid.reference, "no charge at the gateway", "2400 cents")]


def test_a_charge_of_ours_without_a_payment_is_found_and_another_deployments_is_not(settled, fake):
    ours, other = (
        fake.create(amount_cents=700, method="card", key=name, metadata={"deployment": name})
        for name in ("tests", "elsewhere")
    )
    fake.settle(ours.id)
    fake.settle(other.id)
    assert differences() == [(f"charge {ours.id}", "700 received", "a payment here")]


def test_a_double_credit_that_staff_know_of_is_no_news_until_they_close_it(settled, fake):
    staff = factories.user(is_staff=True)
    dispute = fake.open_dispute(settled.refunded.intent_id)
    services.apply_dispute(settled.refunded, fake.dispute(dispute), via="webhook")
    item = settled.refunded.attention_items.get(kind="double credit")
    assert differences() == []
    services.resolve_attention(item=item, actor=staff, resolution="Written off", address=None)
    assert differences() == [
        (settled.refunded.reference, "2400 received - 1000 refunded - 2400 withdrawn there", "0 cents that count here")
    ]


def test_what_was_sent_within_the_hour_may_still_be_on_its_way(settled, fake):
    fake.settle(settled.processing.intent_id)
    Payment.objects.filter(pk=settled.processing.pk).update(submitted_at=timezone.now())
    assert differences() == []


def test_the_command_asks_the_gateway_only_when_told(settled, fake, capsys):
    fake.give_back(settled.paid.intent_id, 300)
    call_command("check_books")
    with pytest.raises(SystemExit) as ended:
        call_command("check_books", "--gateway")
    assert ended.value.code == 1
    assert f"{settled.paid.reference}: the gateway has what we have:" in capsys.readouterr().out


def test_a_gateway_that_is_away_ends_the_command_with_2(settled, fake):
    fake.fail_next("intents_created", port.OutcomeUnknown("no answer"))
    with pytest.raises(CommandError) as ended:
        call_command("check_books", "--gateway")
    assert ended.value.returncode == 2

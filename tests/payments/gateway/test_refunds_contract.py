"""The contract of refunds, disputes and cancels, for the gateway in memory and for Stripe's adapter on the sandbox."""

from uuid import uuid4

import pytest

from payments.gateway import port
from payments.gateway.port import DisputeStatus, IntentStatus, RefundStatus
from tests.payments.gateway.test_contract import confirmed, created

OURS = {"refund": "r", "deployment": "tests"}


def paid(bank, behaviour="card"):
    intent = confirmed(bank, behaviour)
    if behaviour.startswith("bank"):
        bank.settle(intent.id)
    return bank.gateway.intent(intent.id)


def refund(bank, intent, cents=1000, key=None):
    return bank.gateway.refund(intent.id, amount_cents=cents, key=key or f"refund:{uuid4()}", metadata=OURS)


def test_a_refund_to_a_card_succeeds_and_carries_our_words(bank):
    intent = paid(bank)
    made = refund(bank, intent)
    assert made.status is RefundStatus.SUCCEEDED
    assert (made.amount_cents, made.currency, made.intent_id, made.metadata) == (1000, "usd", intent.id, OURS)
    assert bank.gateway.refund_state(made.id) == made


def test_a_refund_to_a_bank_account_is_pending_until_it_arrives(bank):
    made = refund(bank, paid(bank, "bank"))
    assert made.status is RefundStatus.PENDING
    bank.finish_refund(made.id)
    assert bank.gateway.refund_state(made.id).status is RefundStatus.SUCCEEDED


@pytest.mark.parametrize("behaviour", ["card", "bank"])
def test_a_refund_may_fail_afterwards_and_tells_why(bank, behaviour):
    made = refund(bank, paid(bank, behaviour))
    bank.fail_refund(made.id)
    after = bank.gateway.refund_state(made.id)
    assert (after.status, after.failure_code) == (RefundStatus.FAILED, "lost_or_stolen_card")


def test_the_same_key_gives_the_same_refund(bank):
    intent, key = paid(bank), f"refund:{uuid4()}"
    assert refund(bank, intent, key=key).id == refund(bank, intent, key=key).id
    assert len(bank.gateway.refunds_of(intent.id)) == 1


def test_the_same_key_with_another_amount_is_an_unknown_outcome(bank):
    intent, key = paid(bank), f"refund:{uuid4()}"
    refund(bank, intent, key=key)
    with pytest.raises(port.OutcomeUnknown):
        refund(bank, intent, 1001, key=key)


def test_refunds_of_a_charge_are_listed_newest_first_and_no_other_charges(bank):
    intent, other = paid(bank), paid(bank)
    first, second = refund(bank, intent), refund(bank, intent, 1400)
    refund(bank, other)
    assert [found.id for found in bank.gateway.refunds_of(intent.id)] == [second.id, first.id]


def test_no_more_is_sent_back_than_was_charged(bank):
    intent = paid(bank)
    refund(bank, intent, 1000)
    with pytest.raises(port.Refused):
        refund(bank, intent, 1401)
    refund(bank, intent, 1400)
    with pytest.raises(port.Refused):
        refund(bank, intent, 1)


@pytest.mark.parametrize("cents", [0, -1])
def test_nothing_and_less_is_never_sent_back(bank, cents):
    with pytest.raises(port.Refused):
        refund(bank, paid(bank), cents)


def test_what_was_declined_is_never_sent_back(bank):
    intent = created(bank)
    with pytest.raises(port.Declined):
        confirmed(bank, "card_declined", intent)
    with pytest.raises(port.Refused):
        refund(bank, intent)


def test_a_charge_in_dispute_is_not_refunded(bank):
    intent = paid(bank)
    bank.open_dispute(intent.id)
    with pytest.raises(port.Refused):
        refund(bank, intent)


def test_a_refund_that_does_not_exist_is_refused(bank):
    with pytest.raises(port.Refused):
        bank.gateway.refund_state("re_unknown")


@pytest.mark.parametrize(("won", "status"), [(True, DisputeStatus.WON), (False, DisputeStatus.LOST)])
def test_a_card_dispute_takes_the_money_until_it_is_won(bank, won, status):
    intent = paid(bank)
    dispute = bank.open_dispute(intent.id)
    found = bank.gateway.dispute(dispute)
    assert (found.status, found.method, found.amount_cents) == (DisputeStatus.OPEN, "card", 2400)
    assert (found.reason, found.is_withdrawn, found.is_inquiry) == ("fraudulent", True, False)
    bank.close_dispute(dispute, won=won)
    after = bank.gateway.dispute(dispute)
    assert (after.status, after.is_withdrawn) == (status, not won)
    assert (found.fee_cents, after.fee_cents) == (1500, 1500)


def test_an_inquiry_takes_nothing_and_may_become_a_dispute(bank):
    dispute = bank.open_dispute(paid(bank).id, is_inquiry=True)
    found = bank.gateway.dispute(dispute)
    assert (found.status, found.is_inquiry, found.is_withdrawn) == (DisputeStatus.OPEN, True, False)
    bank.close_dispute(dispute, won=False)
    after = bank.gateway.dispute(dispute)
    assert (after.status, after.is_inquiry, after.is_withdrawn) == (DisputeStatus.OPEN, False, True)
    assert (found.fee_cents, after.fee_cents) == (0, 1500)


def test_a_return_is_lost_at_once(bank):
    found = bank.gateway.dispute(bank.take_back(paid(bank, "bank").id))
    assert (found.status, found.is_withdrawn, found.amount_cents) == (DisputeStatus.LOST, True, 2400)
    assert found.fee_cents == 1500


def test_a_dispute_that_does_not_exist_is_refused(bank):
    with pytest.raises(port.Refused):
        bank.gateway.dispute("du_unknown")


def test_a_debit_that_is_not_sent_to_the_bank_yet_can_be_canceled_once(bank):
    intent = confirmed(bank, "bank_stuck")
    assert intent.status is IntentStatus.PROCESSING
    assert bank.gateway.cancel(intent.id).status is IntentStatus.CANCELED
    with pytest.raises(port.Refused):
        bank.gateway.cancel(intent.id)

"""Bank debits: days of waiting on the sandbox's clock, returns before and after success, and micro-deposits."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import stripe

ACCOUNT = {"account_number": "000123456789", "routing_number": "110000000", "account_holder_type": "individual"}


def by_hand(payer, number="000123456789"):
    """Return a confirmed intent whose account was typed by hand."""
    data = {"type": "us_bank_account", "us_bank_account": {**ACCOUNT, "account_number": number}}
    data["billing_details"] = {"name": "Jane Holder"}
    token = payer.client.v1.test_helpers.confirmation_tokens.create({"payment_method_data": data})
    return payer.confirm(payer.intent("us_bank_account"), token)


def kinds(client, **params):
    """Return the types of the events so far, oldest first."""
    return [event.type for event in reversed(client.v1.events.list({"limit": 100, **params}).data)]


def test_a_debit_is_processing_until_four_bank_days_have_passed(sandbox, client, payer):
    sent = payer.pay("pm_usBankAccount_success")
    assert (sent.status, sent.latest_charge.id[:3], sent.latest_charge.status) == ("processing", "py_", "pending")
    assert sent.latest_charge.payment_method_details.us_bank_account.expected_debit_date
    sandbox.do("clock", business_days=3)
    assert client.v1.payment_intents.retrieve(sent.id).status == "processing"
    sandbox.do("clock", business_days=1)
    assert client.v1.payment_intents.retrieve(sent.id).status == "succeeded"
    expected = ["payment_intent.created", "charge.pending", "payment_intent.processing", "charge.updated"]
    assert kinds(client) == [*expected, "charge.succeeded", "charge.updated", "payment_intent.succeeded"]


def test_the_clock_does_not_count_weekends_and_bank_holidays(sandbox):
    for _ in range(10):
        now = sandbox.do("clock", business_days=1)
        day = datetime.fromtimestamp(now["now"], UTC).astimezone(ZoneInfo("America/New_York"))
        assert day.weekday() < 5
        assert now["bank_day"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("pm_usBankAccount_insufficientFunds", "insufficient_funds"),
        ("pm_usBankAccount_accountClosed", "account_closed"),
        ("pm_usBankAccount_noAccount", "no_account"),
        ("pm_usBankAccount_debitNotAuthorized", "debit_not_authorized"),
    ],
)
def test_a_failing_account_fails_when_the_bank_answers(sandbox, client, payer, name, code):
    sent = payer.pay(name)
    assert sent.status == "processing"
    sandbox.do("settle", intent=sent.id)
    after = client.v1.payment_intents.retrieve(sent.id, {"expand": ["latest_charge"]})
    assert (after.status, after.last_payment_error.code) == ("requires_payment_method", code)
    assert after.latest_charge.failure_code == code
    assert kinds(client)[-2:] == ["charge.failed", "payment_intent.payment_failed"]


def test_a_good_debit_can_be_made_to_fail_while_processing(sandbox, client, payer):
    sent = payer.pay("pm_usBankAccount_success")
    sandbox.do("fail", intent=sent.id, code="account_closed")
    assert client.v1.payment_intents.retrieve(sent.id).last_payment_error.code == "account_closed"


def test_a_late_return_is_a_final_dispute_and_ends_the_mandate(sandbox, client, payer):
    sent = payer.pay("pm_usBankAccount_success")
    sandbox.do("settle", intent=sent.id)
    dispute = sandbox.do("return", intent=sent.id, reason="incorrect_account_details")
    assert (dispute["status"], dispute["reason"]) == ("lost", "incorrect_account_details")
    assert client.v1.payment_intents.retrieve(sent.id).status == "succeeded"
    mandate = sent.latest_charge.payment_method_details.us_bank_account.mandate
    assert client.v1.mandates.retrieve(mandate).status == "inactive"
    names = ["created", "funds_withdrawn", "closed"]
    assert kinds(client)[-4:] == [*(f"charge.dispute.{name}" for name in names), "mandate.updated"]


def test_the_dispute_account_succeeds_and_is_then_taken_back(sandbox, client, payer):
    sent = payer.pay("pm_usBankAccount_dispute")
    sandbox.do("settle", intent=sent.id)
    found = client.v1.disputes.list({"payment_intent": sent.id}).data
    assert [(one.reason, one.status, one.amount) for one in found] == [("insufficient_funds", "lost", 12_300)]


def test_a_debit_on_its_way_cannot_be_canceled(client, payer):
    sent = payer.pay("pm_usBankAccount_success")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.cancel(sent.id)
    assert refused.value.code == "payment_intent_unexpected_state"


def test_the_account_that_never_settles_stays_processing_and_can_be_canceled(sandbox, client, payer):
    sent = payer.pay("pm_usBankAccount_processing")
    sandbox.do("clock", days=40)
    assert client.v1.payment_intents.retrieve(sent.id).status == "processing"
    assert client.v1.payment_intents.cancel(sent.id).status == "canceled"


def test_a_blocked_account_is_refused_with_402_and_told_of(sandbox, client, payer):
    sent = payer.pay("pm_usBankAccount_success")
    sandbox.do("block", intent=sent.id)
    assert kinds(client)[-1] == "payment_method.automatically_updated"
    with pytest.raises(stripe.CardError) as refused:
        payer.pay("pm_usBankAccount_success")
    assert refused.value.code == "bank_account_unusable"


def test_an_account_typed_by_hand_waits_for_its_deposits_and_then_pays(sandbox, client, payer):
    waiting = by_hand(payer)
    action = waiting.next_action.verify_with_microdeposits
    assert (waiting.status, action.microdeposit_type) == ("requires_action", "amounts")
    assert action.hosted_verification_url == f"{sandbox.url}/microdeposit/{waiting.id}"
    assert action.arrival_date > waiting.created
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.verify_microdeposits(waiting.id, {"amounts": [1, 2]})
    assert refused.value.code.endswith("amounts_mismatch")
    verified = client.v1.payment_intents.verify_microdeposits(waiting.id, {"amounts": [32, 45]})
    assert verified.status == "processing"


@pytest.mark.parametrize(
    ("given", "ending"),
    [({"amounts": [10, 11]}, "attempts_exceeded"), ({"descriptor_code": "SM44DD"}, "timeout")],
)
def test_deposits_that_cannot_be_verified_end_the_payment(client, payer, given, ending):
    waiting = by_hand(payer)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.verify_microdeposits(waiting.id, given)
    assert refused.value.code.endswith(ending)
    assert client.v1.payment_intents.retrieve(waiting.id).status == "requires_payment_method"


def test_ten_days_without_verification_end_the_payment(sandbox, client, payer):
    waiting = by_hand(payer)
    sandbox.do("clock", days=9.9)
    assert client.v1.payment_intents.retrieve(waiting.id).status == "requires_action"
    sandbox.do("clock", days=0.2)
    after = client.v1.payment_intents.retrieve(waiting.id)
    assert after.last_payment_error.code.endswith("verification_timeout")
    assert kinds(client)[-1] == "payment_intent.payment_failed"


def test_deposits_that_a_bank_does_not_take_end_the_payment_next_day(sandbox, client, payer):
    waiting = by_hand(payer, "000666666661")
    sandbox.do("clock", business_days=1)
    after = client.v1.payment_intents.retrieve(waiting.id)
    assert after.last_payment_error.code == "payment_method_microdeposit_failed"


def test_the_hosted_page_takes_the_deposits_too(sandbox, client, payer):
    waiting = by_hand(payer)
    url = waiting.next_action.verify_with_microdeposits.hosted_verification_url
    wrong = sandbox.session.post(url, data={"first": "1", "second": "2"}, timeout=5)
    assert "do not match" in wrong.text
    right = sandbox.session.post(url, data={"first": "45", "second": "32"}, timeout=5)
    assert "verified" in right.text
    assert client.v1.payment_intents.retrieve(waiting.id).status == "processing"


def test_the_mandate_keeps_when_and_from_where_the_payer_agreed(client, payer):
    sent = payer.pay("pm_usBankAccount_success")
    mandate = client.v1.mandates.retrieve(sent.latest_charge.payment_method_details.us_bank_account.mandate)
    assert mandate.customer_acceptance.accepted_at == 1_795_000_000
    assert mandate.customer_acceptance.online.user_agent == "checks"
    assert (mandate.type, mandate.status) == ("single_use", "active")

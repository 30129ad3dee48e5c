"""Refunds, disputes, payouts and saved methods."""

import pytest
import stripe


def kinds(client):
    """Return the types of the events so far, oldest first."""
    return [event.type for event in reversed(client.v1.events.list({"limit": 100}).data)]


def test_a_card_is_refunded_at_once_in_parts_and_never_beyond(client, payer):
    paid = payer.pay(amount=1_000)
    first = client.v1.refunds.create({"payment_intent": paid.id, "amount": 400}, {"idempotency_key": "refund:1"})
    assert (first.status, first.id[:3]) == ("succeeded", "re_")
    assert not client.v1.charges.retrieve(paid.latest_charge.id).refunded
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": paid.id, "amount": 601})
    client.v1.refunds.create({"payment_intent": paid.id})
    charge = client.v1.charges.retrieve(paid.latest_charge.id)
    assert (charge.refunded, charge.amount_refunded) == (True, 1_000)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": paid.id})
    assert refused.value.code == "charge_already_refunded"
    assert kinds(client)[-2:] == ["refund.created", "charge.refunded"]


def test_a_bank_refund_is_pending_for_three_bank_days(sandbox, client, payer):
    sent = payer.pay("pm_usBankAccount_success")
    sandbox.do("settle", intent=sent.id)
    refund = client.v1.refunds.create({"payment_intent": sent.id})
    assert (refund.status, refund.id[:4]) == ("pending", "pyr_")
    sandbox.do("clock", business_days=2)
    assert client.v1.refunds.retrieve(refund.id).status == "pending"
    sandbox.do("clock", business_days=1)
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"


def test_a_refund_of_a_debit_on_its_way_waits_for_the_debit(sandbox, client, payer):
    sent = payer.pay("pm_usBankAccount_success")
    refund = client.v1.refunds.create({"payment_intent": sent.id})
    assert (refund.status, refund.pending_reason) == ("pending", "charge_pending")
    sandbox.do("settle", intent=sent.id)
    assert client.v1.refunds.retrieve(refund.id).pending_reason == "processing"


def test_a_refund_may_come_back(sandbox, client, payer):
    paid = payer.pay("pm_card_refundFail")
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    assert refund.status == "succeeded"
    sandbox.do("refund/fail", refund=refund.id)
    failed = client.v1.refunds.retrieve(refund.id)
    assert failed.status == "failed"
    assert failed.failure_reason
    assert client.v1.charges.retrieve(paid.latest_charge.id).amount_refunded == 0
    assert "refund.failed" in kinds(client)


def test_a_card_dispute_takes_the_money_and_gives_it_back_when_won(sandbox, client, payer):
    paid = payer.pay()
    opened = sandbox.do("dispute", intent=paid.id)
    assert opened["status"] == "needs_response"
    sandbox.do("dispute/close", dispute=opened["id"], won=True)
    won = client.v1.disputes.retrieve(opened["id"])
    assert (won.status, [entry.amount for entry in won.balance_transactions]) == ("won", [-12_300, 12_300])
    names = ["created", "funds_withdrawn", "funds_reinstated", "closed"]
    assert kinds(client)[-4:] == [f"charge.dispute.{name}" for name in names]


def test_a_dispute_card_is_disputed_by_itself_and_we_can_give_up(client, payer):
    paid = payer.pay("pm_card_createDispute")
    (found,) = client.v1.disputes.list({"payment_intent": paid.id}).data
    assert client.v1.disputes.close(found.id).status == "lost"


def test_an_inquiry_moves_no_money_until_it_is_lost(sandbox, client, payer):
    paid = payer.pay("pm_card_createDisputeInquiry")
    (found,) = client.v1.disputes.list({"payment_intent": paid.id}).data
    assert (found.status, found.balance_transactions) == ("warning_needs_response", [])
    assert "charge.dispute.funds_withdrawn" not in kinds(client)
    sandbox.do("dispute/close", dispute=found.id, won=False)
    assert client.v1.disputes.retrieve(found.id).status == "needs_response"
    assert "charge.dispute.funds_withdrawn" in kinds(client)


def test_a_payout_says_which_entries_it_holds(sandbox, client, payer):
    paid = [payer.pay(amount=amount) for amount in (1_000, 2_000)]
    payout = sandbox.do("payout")
    assert payout["amount"] == 3_000
    entries = client.v1.balance_transactions.list({"payout": payout["id"]}).data
    assert {entry.source for entry in entries} == {one.latest_charge.id for one in paid}
    assert kinds(client)[-2:] == ["payout.paid", "payout.reconciliation_completed"]
    assert client.v1.payouts.retrieve(payout["id"]).status == "paid"


def test_a_saved_method_can_be_charged_without_its_holder_until_it_is_detached(client):
    customer = client.v1.customers.create({"email": "a@example.com", "metadata": {"member": "7"}})
    setup = client.v1.setup_intents.create({
        "confirm": True,
        "customer": customer.id,
        "usage": "off_session",
        "payment_method": "pm_usBankAccount_success",
        "allowed_payment_method_types": ["us_bank_account"],
        "return_url": "http://127.0.0.1:8000/back/",
        "mandate_data": {"customer_acceptance": {
            "type": "online", "online": {"ip_address": "127.0.0.1", "user_agent": "checks"}}},
    })  # fmt: skip
    assert setup.status == "succeeded"
    (saved,) = client.v1.customers.payment_methods.list(customer.id).data
    params = {"amount": 900, "currency": "usd", "customer": customer.id, "payment_method": saved.id}
    params |= {"off_session": True, "confirm": True, "allowed_payment_method_types": ["us_bank_account"]}
    assert client.v1.payment_intents.create(params).status == "processing"
    client.v1.payment_methods.detach(saved.id)
    assert client.v1.customers.payment_methods.list(customer.id).data == []
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.create(params)


def test_a_card_that_must_ask_its_holder_cannot_be_charged_without_him(client):
    customer = client.v1.customers.create({})
    params = {"amount": 900, "currency": "usd", "customer": customer.id, "off_session": True, "confirm": True}
    with pytest.raises(stripe.CardError) as refused:
        client.v1.payment_intents.create({**params, "payment_method": "pm_card_threeDSecure2Required"})
    assert refused.value.code == "authentication_required"


def test_customers_are_changed_deleted_and_given_sessions(client):
    customer = client.v1.customers.create({"name": "A", "email": "a@example.com"})
    assert client.v1.customers.update(customer.id, {"name": "B"}).name == "B"
    session = client.v1.customer_sessions.create({
        "customer": customer.id, "components": {"payment_element": {"enabled": True}}
    })  # fmt: skip
    assert session.components.payment_element.enabled
    assert client.v1.customers.delete(customer.id).deleted
    assert client.v1.customers.retrieve(customer.id).deleted

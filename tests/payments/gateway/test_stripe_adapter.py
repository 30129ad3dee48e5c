"""What only the real adapter can get wrong: the wire, faults on it, signatures, and the published contract."""

import time
from uuid import uuid4

import pytest
import stripe

from payments.gateway import port
from payments.gateway.port import IntentStatus
from payments.gateway.stripe_adapter import StripeGateway
from tests.payments.gateway.banks import SandboxBank
from tests.payments.gateway.test_contract import confirmed, created
from tests.payments.gateway.test_contract_of_saving import again, kept


@pytest.fixture
def bank(sandbox, settings):
    settings.STRIPE_API_BASE = sandbox.url
    settings.GATEWAY_TIMEOUT = (1, 2)
    yield SandboxBank(StripeGateway(), sandbox)
    sandbox.control("faults/clear")


CONFIRM = r"/v1/payment_intents/[^/]+/confirm$"
CREATE = r"/v1/payment_intents$"


@pytest.mark.parametrize("kind", ["drop", "truncate", "delay"])
def test_an_answer_lost_after_the_charge_is_unknown_or_found_under_the_same_key(bank, sandbox, kind):
    intent = created(bank)
    sandbox.control("faults", method="POST", path=CONFIRM, kind=kind, when="after", seconds=3, times=2)
    try:
        assert confirmed(bank, "card", intent).status is IntentStatus.SUCCEEDED
    except port.OutcomeUnknown:
        assert bank.gateway.intent(intent.id).status is IntentStatus.SUCCEEDED


def test_a_connection_dropped_before_the_charge_is_unknown_and_nothing_is_charged(bank, sandbox):
    intent = created(bank)
    sandbox.control("faults", method="POST", path=CONFIRM, kind="drop", times=4)
    with pytest.raises(port.OutcomeUnknown):
        confirmed(bank, "card", intent)
    assert bank.gateway.intent(intent.id).status is IntentStatus.UNCONFIRMED


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, port.NotAllowed),
        (403, port.NotAllowed),
        (409, port.InProgress),
        (429, port.Busy),
        (500, port.OutcomeUnknown),
        (503, port.OutcomeUnknown),
    ],
)
def test_each_status_means_one_thing(bank, sandbox, status, error):
    sandbox.control("faults", method="POST", path=CREATE, kind="status", status=status, times=4)
    with pytest.raises(error):
        created(bank)


@pytest.mark.parametrize("kind", ["drop", "truncate", "delay"])
def test_a_refund_whose_answer_is_lost_is_found_among_the_charges_refunds(bank, sandbox, kind):
    intent = confirmed(bank, "card")
    sandbox.control("faults", method="POST", path="/v1/refunds$", kind=kind, when="after", seconds=3, times=2)
    key = f"refund:{uuid4()}"
    try:
        bank.gateway.refund(intent.id, amount_cents=1000, key=key, metadata={"refund": "r"})
    except port.OutcomeUnknown:
        sandbox.control("faults/clear")
    (found,) = bank.gateway.refunds_of(intent.id)
    assert (found.amount_cents, found.metadata) == (1000, {"refund": "r"})
    assert bank.gateway.refund(intent.id, amount_cents=1000, key=key, metadata={"refund": "r"}) == found


def test_a_gateway_that_is_not_there_is_an_unknown_outcome(settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:1"
    with pytest.raises(port.OutcomeUnknown):
        StripeGateway().intent("pi_1")


@pytest.mark.parametrize("offset", [-400, 400])
def test_a_notice_from_long_ago_or_from_the_future_is_refused(bank, offset):
    body, signature = bank.signed("evt_1", "payment_intent.succeeded", "pi_1", int(time.time()) + offset)
    with pytest.raises(port.NoticeRefused):
        bank.gateway.notice(body, signature)


def test_either_of_two_secrets_is_taken_while_one_is_replaced(bank, settings):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", "whsec_sandbox_tests"]
    assert bank.gateway.notice(*bank.signed("evt_1", "payment_intent.succeeded", "pi_1")).event_id == "evt_1"


@pytest.mark.parametrize("header", ["", "t=1", "v1=00", "t=x,v1=00", "t=1,v1=", ",,,", "t"])
def test_a_strange_signature_header_is_refused(bank, header):
    with pytest.raises(port.NoticeRefused):
        bank.gateway.notice(b"{}", header)


@pytest.mark.contract
def test_every_request_and_every_answer_keeps_to_the_published_contract(bank, sandbox, contract_path):
    for behaviour in ("card", "card_3ds", "bank", "bank_by_hand"):
        intent = confirmed(bank, behaviour)
        bank.gateway.intent(intent.id)
    with pytest.raises(port.Declined):
        confirmed(bank, "card_declined")
    by_hand, by_code = confirmed(bank, "bank_by_hand"), confirmed(bank, "bank_by_hand_code")
    with pytest.raises(port.DepositsDiffer):
        bank.gateway.verify_microdeposits(by_hand.id, amounts=(1, 2))
    bank.gateway.verify_microdeposits(by_hand.id, amounts=(32, 45))
    bank.gateway.verify_microdeposits(by_code.id, code="SM11AA")
    debit = confirmed(bank, "bank", key=str(uuid4()))
    bank.settle(debit.id)
    sent_back = bank.gateway.refund(debit.id, amount_cents=1000, key=f"refund:{uuid4()}", metadata={"refund": "r"})
    bank.fail_refund(bank.gateway.refund_state(sent_back.id).id)
    assert len(bank.gateway.refunds_of(debit.id)) == 1
    bank.gateway.dispute(bank.take_back(debit.id))
    account = kept(bank, "bank")
    again(bank, account)
    bank.gateway.mandate(bank.revoke(account.id))
    bank.gateway.forget(account.id)
    assert sandbox.look("violations") == {"violations": []}
    with pytest.raises(stripe.InvalidRequestError):
        bank.gateway.client.v1.payment_intents.create({"amount": 2400, "currency": "usd", "no_such": "thing"})

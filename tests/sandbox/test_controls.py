"""The controls that other tests steer the sandbox by keep their names and do what they say."""

import pytest
import requests
import stripe


class Named:
    """An id, as a payer's token has one."""

    def __init__(self, found):
        self.id = found


def paid_with(sandbox, payer, behaviour):
    kind = "us_bank_account" if behaviour.startswith("bank") else "card"
    return payer.confirm(payer.intent(kind), Named(sandbox.do("token", behaviour=behaviour)["id"]))


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [
        ("card", "succeeded"),
        ("card_3ds", "requires_action"),
        ("bank", "processing"),
        ("bank_by_hand", "requires_action"),
    ],
)
def test_a_token_is_made_without_the_form(sandbox, payer, behaviour, status):
    assert paid_with(sandbox, payer, behaviour).status == status


@pytest.mark.parametrize(
    ("behaviour", "decline_code"), [("card_declined", "generic_decline"), ("card_no_funds", "insufficient_funds")]
)
def test_a_token_of_a_bad_card_is_made_without_the_form(sandbox, payer, behaviour, decline_code):
    with pytest.raises(stripe.CardError) as caught:
        paid_with(sandbox, payer, behaviour)
    assert caught.value.json_body["error"]["decline_code"] == decline_code


def test_a_debit_says_at_once_when_the_money_will_probably_be_taken(sandbox, payer):
    debit = paid_with(sandbox, payer, "bank")
    assert debit.latest_charge.id.startswith("py_")
    assert debit.latest_charge.status == "pending"
    assert debit.latest_charge.payment_method_details.us_bank_account.expected_debit_date > "2026"


def test_a_debit_is_settled_then_returned(sandbox, client, payer):
    debit = paid_with(sandbox, payer, "bank")
    assert sandbox.do("settle", intent=debit.id)["status"] == "succeeded"
    returned = sandbox.do("return", intent=debit.id, reason="insufficient_funds")
    assert (returned["object"], returned["reason"], returned["status"]) == ("dispute", "insufficient_funds", "lost")
    assert len(client.v1.events.list({"type": "charge.dispute.created"}).data) == 1


def test_a_debit_is_failed_with_a_code(sandbox, payer):
    debit = paid_with(sandbox, payer, "bank")
    failed = sandbox.do("fail", intent=debit.id, code="account_closed")
    assert (failed["status"], failed["last_payment_error"]["code"]) == ("requires_payment_method", "account_closed")


def test_the_webhook_control_moves_spoils_and_flush_and_resend_deliver(sandbox, client, payer, listener):
    sandbox.do("webhook", url=listener.url, secret="whsec_moved", paused=True, faults=["duplicate"])
    paid = payer.pay()
    sandbox.do("flush")
    succeeded = [event for event in listener.events() if event["type"] == "payment_intent.succeeded"]
    assert [event["data"]["object"]["id"] for event in succeeded] == [paid.id, paid.id]
    body, signature = listener.calls[-1]
    assert client.construct_event(body, signature, "whsec_moved").id
    requests.delete(f"{sandbox.url}/_control/faults", timeout=5)
    before = len(listener.calls)
    sandbox.do("resend", event=succeeded[0]["id"])
    sandbox.do("flush")
    assert len(listener.calls) == before + 1
    sandbox.do("webhook", paused=False, secret="whsec_sandbox_checks")


def test_several_faults_are_set_at_once_and_taken_away(sandbox, client):
    rule = {"method": "POST", "path": "/v1/payment_intents$", "kind": "status", "times": 1}
    sandbox.do("faults", faults=[{**rule, "status": 503}, {**rule, "nth": 2, "status": 429}])
    asked = {"amount": 5000, "currency": "usd"}
    for kind in (stripe.APIError, stripe.RateLimitError):
        with pytest.raises(kind):
            client.v1.payment_intents.create(asked)
    assert requests.delete(f"{sandbox.url}/_control/faults", timeout=5).json() == {"faults": []}
    assert client.v1.payment_intents.create(asked).id


@pytest.mark.parametrize(("given", "hours"), [({"hours": 5}, 5), ({"days": 2}, 48)])
def test_the_clock_goes_forward(sandbox, given, hours):
    before = sandbox.look("clock")["now"]
    assert sandbox.do("clock", **given)["now"] - before in range(hours * 3600, hours * 3600 + 5)


@pytest.mark.parametrize("name", ["state", "deliveries", "requests", "violations", "inbox", "faults"])
def test_every_record_can_be_read(sandbox, name):
    assert isinstance(sandbox.look(name), dict)


def test_an_unknown_control_or_intent_is_a_plain_404(sandbox):
    for name, body in (("no_such", {}), ("settle", {"intent": "pi_none"})):
        assert requests.post(f"{sandbox.url}/_control/{name}", json=body, timeout=5).status_code == 404

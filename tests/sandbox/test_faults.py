"""Things that go wrong on purpose in the API's answers, and whether they took effect."""

import pytest
import stripe

CONFIRM = {"method": "POST", "path": "/confirm$"}


def state_of(sandbox, intent):
    """Return the intent's status as it really is."""
    found = {one["id"]: one for one in sandbox.look("state")["payment_intents"]}
    return found[intent.id]["status"]


def test_a_call_dropped_before_its_effect_charged_nothing(sandbox, payer):
    intent, token = payer.intent(), payer.token()
    sandbox.do("faults", **CONFIRM, kind="drop", when="before")
    with pytest.raises(stripe.APIConnectionError):
        payer.confirm(intent, token)
    assert state_of(sandbox, intent) == "requires_payment_method"
    assert payer.confirm(intent, token).status == "succeeded"


def test_a_call_dropped_after_its_effect_charged_and_the_key_gives_the_answer(sandbox, payer):
    intent, token = payer.intent(), payer.token()
    sandbox.do("faults", **CONFIRM, kind="drop", when="after")
    with pytest.raises(stripe.APIConnectionError):
        payer.confirm(intent, token, key="lost")
    assert state_of(sandbox, intent) == "succeeded"
    assert payer.confirm(intent, token, key="lost").status == "succeeded"
    assert len(sandbox.look("state")["charges"]) == 1


def test_an_answer_cut_in_half_charged_and_is_no_json(sandbox, payer):
    intent, token = payer.intent(), payer.token()
    sandbox.do("faults", **CONFIRM, kind="truncate", when="after")
    with pytest.raises(stripe.StripeError):
        payer.confirm(intent, token)
    assert state_of(sandbox, intent) == "succeeded"


def test_an_answer_that_comes_too_late_charged(sandbox, payer):
    intent, token = payer.intent(), payer.token()
    sandbox.do("faults", **CONFIRM, kind="delay", when="after", seconds=1.5)
    payer.client = sandbox.client(timeout=0.8)
    with pytest.raises(stripe.APIConnectionError):
        payer.confirm(intent, token)
    assert state_of(sandbox, intent) == "succeeded"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, stripe.AuthenticationError), (429, stripe.RateLimitError), (500, stripe.APIError), (503, stripe.APIError)],
)
def test_a_status_before_the_effect_has_none(sandbox, payer, status, kind):
    intent, token = payer.intent(), payer.token()
    sandbox.do("faults", **CONFIRM, kind="status", status=status)
    with pytest.raises(kind):
        payer.confirm(intent, token, key="again")
    assert state_of(sandbox, intent) == "requires_payment_method"
    assert payer.confirm(intent, token, key="again").status == "succeeded"


def test_a_500_after_the_effect_that_is_saved_is_replayed_though_the_money_moved(sandbox, payer):
    intent, token = payer.intent(), payer.token()
    sandbox.do("faults", **CONFIRM, kind="status", status=500, when="after", saved=True)
    for _ in range(2):
        with pytest.raises(stripe.APIError) as refused:
            payer.confirm(intent, token, key="stuck")
    assert refused.value.headers["Idempotent-Replayed"] == "true"
    assert state_of(sandbox, intent) == "succeeded"


def test_a_saved_500_without_effect_leaves_the_intent_unconfirmed(sandbox, payer):
    intent, token = payer.intent(), payer.token()
    sandbox.do("faults", **CONFIRM, kind="status", status=500, saved=True)
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            payer.confirm(intent, token, key="stuck")
    assert state_of(sandbox, intent) == "requires_payment_method"
    assert payer.confirm(intent, token, key="stuck:2").status == "succeeded"


@pytest.mark.parametrize(("should_retry", "calls"), [(None, 1), (True, 2), (False, 1)])
def test_the_library_repeats_a_429_only_when_told_to(sandbox, should_retry, calls):
    client = sandbox.client(retries=1)
    sandbox.do("faults", method="GET", path="/v1/charges$", kind="status", status=429, should_retry=should_retry)
    if calls == 1:
        with pytest.raises(stripe.RateLimitError):
            client.v1.charges.list()
    else:
        assert client.v1.charges.list().data == []
    assert len(sandbox.look("requests")["requests"]) == calls


def test_a_fault_waits_for_its_turn_and_ends(sandbox, client):
    sandbox.do("faults", method="GET", path="/v1/charges$", kind="status", status=503, nth=2, times=2)
    statuses = [sandbox.raw("GET", "/v1/charges").status_code for _ in range(5)]
    assert statuses == [200, 503, 503, 200, 200]


def test_a_fault_that_makes_no_sense_is_refused(sandbox):
    answer = sandbox.session.post(f"{sandbox.url}/_control/faults", json={"kind": "explode"}, timeout=5)
    assert answer.status_code == 400
    assert sandbox.look("faults") == {"faults": []}

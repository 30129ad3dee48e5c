"""One key, one effect: replays, conflicts, concurrency, and what is not kept."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def post(sandbox, path, body, key):
    """Send a form with a key, without the library."""
    return sandbox.raw("POST", path, data=body, headers={**FORM, "Idempotency-Key": key})


def test_the_same_key_gives_the_same_intent_and_says_so(sandbox):
    body = "amount=500&currency=usd"
    first, second = (post(sandbox, "/v1/payment_intents", body, "k1") for _ in range(2))
    assert first.content == second.content
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(sandbox.look("state")["payment_intents"]) == 1


def test_the_same_key_with_other_parameters_is_an_error(sandbox, client, payer):
    payer.intent(amount=500, key="k2")
    with pytest.raises(stripe.IdempotencyError) as refused:
        payer.intent(amount=501, key="k2")
    assert refused.value.http_status == 400
    assert len(sandbox.look("state")["payment_intents"]) == 1


def test_a_decline_is_replayed_too(sandbox, payer):
    intent, token = payer.intent(), payer.token("pm_card_chargeDeclined")
    for _ in range(2):
        with pytest.raises(stripe.CardError) as refused:
            payer.confirm(intent, token, key="k3")
    assert refused.value.headers["Idempotent-Replayed"] == "true"
    assert len(sandbox.look("state")["charges"]) == 1


def test_a_validation_error_is_not_kept(sandbox):
    assert post(sandbox, "/v1/payment_intents", "amount=5&currency=usd", "k4").status_code == 400
    assert post(sandbox, "/v1/payment_intents", "amount=500&currency=usd", "k4").status_code == 200


def test_a_key_is_forgotten_after_a_day_of_the_sandboxs_clock(sandbox, payer):
    first = payer.intent(key="k5")
    sandbox.do("clock", hours=23)
    assert payer.intent(key="k5").id == first.id
    sandbox.do("clock", hours=2)
    assert payer.intent(key="k5").id != first.id


def test_twenty_calls_at_once_with_one_key_make_one_intent(sandbox):
    clients = [sandbox.client(retries=8) for _ in range(20)]

    def create(client):
        params = {"amount": 700, "currency": "usd"}
        return client.v1.payment_intents.create(params, {"idempotency_key": "k6"}).id

    with ThreadPoolExecutor(20) as pool:
        ids = set(pool.map(create, clients))
    assert len(ids) == 1
    assert len(sandbox.look("state")["payment_intents"]) == 1


def test_a_key_in_use_is_a_409_that_the_library_calls_a_bare_api_error(sandbox):
    sandbox.do("faults", kind="delay", method="POST", path="/v1/payment_intents$", seconds=1.0)
    params, options = {"amount": 700, "currency": "usd"}, {"idempotency_key": "k7"}
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(lambda: sandbox.client().v1.payment_intents.create(params, options))
        while not sandbox.look("requests")["requests"]:
            pass
        with pytest.raises(stripe.APIError) as refused:
            sandbox.client().v1.payment_intents.create(params, options)
        assert refused.value.http_status == 409
        assert refused.value.json_body["error"]["code"] == "idempotency_key_in_use"
        made = slow.result()
    assert sandbox.client().v1.payment_intents.create(params, options).id == made.id

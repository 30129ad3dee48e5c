"""Card payments through the real library, by the documented test cards."""

import pytest
import stripe

DECLINES = {
    "pm_card_chargeDeclined": ("card_declined", "generic_decline"),
    "pm_card_chargeDeclinedInsufficientFunds": ("card_declined", "insufficient_funds"),
    "pm_card_visa_chargeDeclinedLostCard": ("card_declined", "lost_card"),
    "pm_card_visa_chargeDeclinedStolenCard": ("card_declined", "stolen_card"),
    "pm_card_visa_chargeDeclinedVelocityLimitExceeded": ("card_declined", "card_velocity_exceeded"),
    "pm_card_chargeDeclinedExpiredCard": ("expired_card", "expired_card"),
    "pm_card_chargeDeclinedIncorrectCvc": ("incorrect_cvc", "incorrect_cvc"),
    "pm_card_chargeDeclinedProcessingError": ("processing_error", "processing_error"),
    "pm_card_radarBlock": ("card_declined", "fraudulent"),
}
BRANDS = {
    "pm_card_visa": ("visa", "credit"),
    "pm_card_visa_debit": ("visa", "debit"),
    "pm_card_mastercard": ("mastercard", "credit"),
    "pm_card_amex": ("amex", "credit"),
    "pm_card_discover": ("discover", "credit"),
}


@pytest.mark.parametrize("name", BRANDS)
def test_a_good_card_of_each_brand_pays_at_once(payer, name):
    paid = payer.pay(name)
    assert (paid.status, paid.amount_received) == ("succeeded", 12_300)
    assert (paid.payment_method.card.brand, paid.payment_method.card.funding) == BRANDS[name]
    assert paid.latest_charge.id.startswith("ch_")
    assert paid.metadata.to_dict() == {"attempt_id": "a1", "deployment": "checks"}


@pytest.mark.parametrize("name", DECLINES)
def test_a_bad_card_is_refused_with_its_own_code_and_the_intent_can_be_paid_otherwise(payer, name):
    intent = payer.intent()
    with pytest.raises(stripe.CardError) as refused:
        payer.confirm(intent, payer.token(name))
    error = refused.value.json_body["error"]
    assert (error["code"], error["decline_code"]) == DECLINES[name]
    assert error["payment_intent"]["status"] == "requires_payment_method"
    assert payer.client.v1.payment_intents.retrieve(intent.id).last_payment_error.code == DECLINES[name][0]
    assert payer.confirm(intent, payer.token()).status == "succeeded"


def test_a_card_that_asks_its_holder_pays_after_yes_and_not_after_no(sandbox, payer):
    for answer, status, word in (("complete", "succeeded", "succeeded"), ("fail", "requires_payment_method", "failed")):
        waiting = payer.pay("pm_card_threeDSecure2Required")
        assert waiting.status == "requires_action"
        url = waiting.next_action.redirect_to_url.url
        back = sandbox.session.post(url, data={"answer": answer}, allow_redirects=False, timeout=5)
        address = back.headers["Location"]
        assert address.startswith(f"http://127.0.0.1:8000/back/?attempt=1&payment_intent={waiting.id}&")
        assert f"redirect_status={word}" in address
        after = payer.client.v1.payment_intents.retrieve(waiting.id)
        assert after.status == status
    assert after.last_payment_error.code == "payment_intent_authentication_failure"


def test_a_card_may_pass_the_question_and_still_be_declined(sandbox, payer):
    waiting = payer.pay("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds")
    sandbox.session.post(waiting.next_action.redirect_to_url.url, data={"answer": "complete"}, allow_redirects=False)
    after = payer.client.v1.payment_intents.retrieve(waiting.id)
    assert after.status == "requires_payment_method"
    assert after.last_payment_error.decline_code == "insufficient_funds"


def test_a_token_pays_once(payer):
    token = payer.token()
    payer.confirm(payer.intent(), token)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        payer.confirm(payer.intent(), token)
    assert refused.value.param == "confirmation_token"


def test_an_expired_token_is_refused_and_nothing_is_charged(sandbox, payer):
    token, intent = payer.token(), payer.intent()
    sandbox.do("token/expire", token=token.id)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        payer.confirm(intent, token)
    assert refused.value.param == "confirmation_token"
    assert payer.client.v1.payment_intents.retrieve(intent.id).latest_charge is None


def test_a_token_of_another_kind_than_the_intent_allows_is_refused(payer):
    with pytest.raises(stripe.InvalidRequestError):
        payer.confirm(payer.intent("card"), payer.token("pm_usBankAccount_success"))


def test_a_paid_intent_cannot_be_confirmed_canceled_or_changed(payer):
    paid = payer.pay()
    for call in (
        lambda: payer.confirm(paid, payer.token()),
        lambda: payer.client.v1.payment_intents.cancel(paid.id),
        lambda: payer.client.v1.payment_intents.update(paid.id, {"amount": 100}),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            call()
        assert refused.value.code == "payment_intent_unexpected_state"


def test_an_unpaid_intent_is_canceled(payer):
    canceled = payer.client.v1.payment_intents.cancel(payer.intent().id, {"cancellation_reason": "abandoned"})
    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")


def test_the_removed_parameter_is_refused_by_name(client):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.create({"amount": 100, "currency": "usd", "payment_method_types": ["card"]})
    assert refused.value.code == "payment_method_types_no_longer_supported"


@pytest.mark.parametrize("amount", [49, 100_000_000, "12.50"])
def test_an_amount_that_stripe_does_not_take_is_refused(client, amount):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.create({"amount": amount, "currency": "usd"})
    assert client.v1.payment_intents.list().data == []


def test_lists_go_newest_first_with_cursors_and_times(client, payer):
    made = [payer.intent().id for _ in range(3)]
    first = client.v1.payment_intents.list({"limit": 2})
    assert [one.id for one in first.data] == made[:0:-1]
    assert first.has_more
    rest = client.v1.payment_intents.list({"limit": 2, "starting_after": made[1]})
    assert ([one.id for one in rest.data], rest.has_more) == ([made[0]], False)
    assert client.v1.payment_intents.list({"created": {"gte": 4_000_000_000}}).data == []
    found = client.v1.payment_intents.search({"query": "metadata['attempt_id']:'a1'"})
    assert len(found.data) == 3


def test_a_path_that_stripe_does_not_have_is_a_json_404(sandbox):
    answer = sandbox.raw("GET", "/v1/nothing/here")
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "invalid_request_error")
    assert "GMT" in answer.headers["Date"]


def test_only_the_sandboxs_own_keys_are_taken(sandbox):
    for key in ("sk_live_1", "sk_test_1", ""):
        answer = sandbox.raw("GET", "/v1/charges", headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 401
    page_key = {"Authorization": "Bearer pk_test_sandbox_x"}
    assert sandbox.raw("GET", "/v1/charges", headers=page_key).status_code == 403


def test_a_page_sees_its_own_intent_with_the_client_secret_and_no_other(sandbox, payer):
    intent = payer.intent()
    page_key = {"Authorization": "Bearer pk_test_sandbox_x"}
    path = f"/v1/payment_intents/{intent.id}?client_secret="
    assert sandbox.raw("GET", path + intent.client_secret, headers=page_key).status_code == 200
    assert sandbox.raw("GET", path + "wrong", headers=page_key).status_code == 400

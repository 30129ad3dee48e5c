"""Confirmation tokens: made by the payment frame (or a test helper), used once, gone after twelve hours."""

from typing import Any

from sandbox import clock, methods
from sandbox.errors import ApiError, invalid, missing
from sandbox.store import Object, new_id, public, store

LIFETIME = 12 * 3600  # seconds
PREVIEWED = ("allow_redisplay", "billing_details", "customer", "customer_account", "type", *methods.TYPES)


def make(method: Object, params: dict[str, Any], *, online: dict[str, str] | None = None) -> Object:
    """Save a new token for a payment method that is not saved itself until the token is used."""
    mandate = None
    if method["type"] == "us_bank_account" and online:
        mandate = {"customer_acceptance": {"type": "online", "online": online}}
    preview = {name: value for name, value in public(method).items() if name in PREVIEWED}
    return store.save({
        "id": new_id("ctoken"), "object": "confirmation_token", "created": clock.now(),
        "expires_at": clock.now() + LIFETIME, "livemode": False, "mandate_data": mandate, "metadata": None,
        "payment_intent": None, "payment_method_options": None, "payment_method_preview": preview,
        "return_url": params.get("return_url"), "setup_future_usage": params.get("setup_future_usage"),
        "setup_intent": None, "shipping": None, "use_stripe_sdk": True, "_method": method,
        "_expected": params.get("expected") or {},
    })  # fmt: skip


def from_frame(params: dict[str, Any], *, ip: str, agent: str) -> Object:
    """Answer the frame's POST /v1/confirmation_tokens. `bank_verification` is instant, microdeposits or code."""
    data = params.get("payment_method_data") or {}
    verification = params.get("bank_verification")
    deposits = "descriptor_code" if verification == "code" else "amounts"
    method = methods.from_data(data, verified=verification == "instant", deposits=deposits)
    expected = params.get("expected") or {}
    if (allowed := expected.get("types")) and method["type"] not in allowed:
        raise invalid("This kind of payment method is not offered here.", "payment_method_data[type]")
    return make(method, params, online={"ip_address": ip, "user_agent": agent})


def from_helper(params: dict[str, Any]) -> Object:
    """Answer POST /v1/test_helpers/confirmation_tokens."""
    if name := params.get("payment_method"):
        method = store.get(name, "payment_method") or methods.named(name)
        if method is None:
            raise missing("PaymentMethod", name, "payment_method")
    else:
        method = methods.from_data(params.get("payment_method_data") or {})
    return make(method, params, online={"ip_address": "127.0.0.1", "user_agent": "test helper"})


def retrieve(token_id: str) -> Object:
    """Answer GET /v1/confirmation_tokens/{id}."""
    if found := store.get(token_id, "confirmation_token"):
        return found
    raise missing("confirmation_token", token_id, "confirmation_token")


def use(token_id: str, intent: Object) -> Object:
    """Spend a token on an intent and return the payment method, now saved. Raises ApiError when it will not do."""
    found = store.get(token_id, "confirmation_token")
    if found is None:
        raise _refused("No such confirmation token.", "resource_missing")
    if found["payment_intent"] or found["setup_intent"]:
        raise _refused("This confirmation token has already been used.", "token_already_used")
    if found["expires_at"] <= clock.now():
        raise _refused("This confirmation token has expired.", "payment_intent_payment_attempt_expired")
    method = found["_method"]
    if method["type"] not in intent["payment_method_types"]:
        raise _refused("The token's payment method is not allowed here.", "payment_intent_incompatible_payment_method")
    _check_agreement(found["_expected"], intent)
    found[intent["object"]] = intent["id"]
    store.save(found)
    return store.save(method)


def _check_agreement(expected: dict[str, Any], intent: Object) -> None:
    """Raise when the page that made the token was told another amount, currency or wish to keep the method."""
    for name in ("amount", "currency"):
        if name in intent and expected.get(name) not in (None, intent[name]):
            text = f"The {name} given to Elements does not match the intent's {name}."
            raise _refused(text, "payment_intent_invalid_parameter")
    if "keeps" in expected and intent["object"] == "payment_intent":
        wishes = intent["payment_method_options"].values()
        if bool(expected["keeps"]) != any(wish.get("setup_future_usage") for wish in wishes):
            text = "The setup_future_usage given to Elements does not match the intent's."
            raise _refused(text, "payment_intent_invalid_parameter")


def _refused(text: str, code: str) -> ApiError:
    return invalid(text, "confirmation_token", code)

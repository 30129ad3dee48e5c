"""Payment intents as the portal sees them: create, confirm, update, cancel."""

from typing import Any

from sandbox import charges, clock, events, methods, microdeposits, paying, tokens
from sandbox.errors import ApiError, invalid, missing
from sandbox.store import Object, new_id, public, store, words

OPEN = ("requires_payment_method", "requires_confirmation")
SMALLEST, LARGEST = 50, 99_999_999  # cents
TAKEN = words("""customer description metadata receipt_email setup_future_usage statement_descriptor
    statement_descriptor_suffix transfer_group""")
BLANK = words("""application application_fee_amount canceled_at cancellation_reason customer customer_account
    description excluded_payment_method_types last_payment_error latest_charge managed_payments next_action
    on_behalf_of payment_method payment_method_configuration_details payment_record processing receipt_email review
    setup_future_usage shipping source statement_descriptor statement_descriptor_suffix transfer_group
    automatic_payment_methods""")


def retrieve(intent_id: str) -> Object:
    """Answer GET /v1/payment_intents/{id}."""
    if found := store.get(intent_id, "payment_intent"):
        return found
    raise missing("payment_intent", intent_id, "intent")


def unexpected(intent: Object, word: str) -> ApiError:
    """Return the refusal for an intent in the wrong state."""
    kind = intent["object"]
    text = f"This intent could not be {word} because it has a status of {intent['status']}."
    return invalid(text, code=f"{kind}_unexpected_state", **{kind: public(intent)})


def create(params: dict[str, Any]) -> Object:
    """Answer POST /v1/payment_intents."""
    amount = _amount(params.get("amount"))
    if str(params.get("currency", "")).lower() != "usd":
        raise invalid("Give the currency: usd.", "currency", "parameter_missing")
    types = params.get("allowed_payment_method_types")
    if types and not set(types) <= set(methods.TYPES):
        raise invalid("The sandbox knows card and us_bank_account.", "allowed_payment_method_types")
    intent_id = new_id("pi")
    intent: Object = {
        **dict.fromkeys(BLANK),
        "id": intent_id,
        "object": "payment_intent",
        "allowed_payment_method_types": types,
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": 0,
        "capture_method": "automatic_async",
        "client_secret": f"{intent_id}_secret_{new_id('s')[2:]}",
        "confirmation_method": "automatic",
        "created": clock.now(),
        "currency": "usd",
        "livemode": False,
        "payment_method_options": _options(params.get("payment_method_options") or {}),
        "payment_method_types": types or list(methods.TYPES),
        "status": "requires_payment_method",
        "_off_session": params.get("off_session") is True,
        "_by_script": False,
        "_return_url": None,
        **{name: params.get(name) or None for name in TAKEN},
        "metadata": params.get("metadata") or {},
    }
    if method_id := params.get("payment_method"):
        intent.update(payment_method=methods.find(method_id)["id"], status="requires_confirmation")
    events.emit("payment_intent.created", intent)
    return confirm(intent_id, params) if params.get("confirm") is True else intent


def _options(given: dict[str, Any]) -> Object:
    """Return what was said for one method, with every field that Stripe names in its answer."""
    blank = {"card": dict.fromkeys(("installments", "mandate_options", "network", "request_three_d_secure"))}
    return {kind: {**blank.get(kind, {}), **told} for kind, told in given.items()}


def _amount(given: Any) -> int:
    if not isinstance(given, int):
        raise invalid(f"Invalid integer: {given}", "amount", "parameter_invalid_integer")
    if not SMALLEST <= given <= LARGEST:
        code = "amount_too_small" if given < SMALLEST else "amount_too_large"
        raise invalid("The amount is too small or too large.", "amount", code)
    return given


def update(intent_id: str, params: dict[str, Any]) -> Object:
    """Answer POST /v1/payment_intents/{id}."""
    intent = retrieve(intent_id)
    if {"amount", "currency"} & params.keys():
        if intent["status"] not in OPEN:
            raise unexpected(intent, "updated")
        intent["amount"] = _amount(params.get("amount", intent["amount"]))
        intent["currency"] = str(params.get("currency", intent["currency"])).lower()
    intent.update({name: params[name] or None for name in TAKEN if name in params and name != "metadata"})
    metadata = {**intent["metadata"], **(params.get("metadata") or {})}
    intent["metadata"] = {name: text for name, text in metadata.items() if text != ""}
    return store.save(intent)


def confirm(intent_id: str, params: dict[str, Any]) -> Object:
    """Answer POST /v1/payment_intents/{id}/confirm. Raises ApiError 402 when the money is refused at once."""
    intent = retrieve(intent_id)
    if intent["status"] not in OPEN:
        raise unexpected(intent, "confirmed")
    method, return_url = _method(intent, params)
    if params.get("payment_method_options"):
        intent["payment_method_options"] |= _options(params["payment_method_options"])
    intent.update(
        payment_method=method["id"],
        last_payment_error=None,
        _return_url=params.get("return_url") or return_url,
        _by_script=params.get("use_stripe_sdk") is True,
        _off_session=params.get("off_session") is True or intent["_off_session"],
    )
    intent["_by_script"] = intent["_by_script"] or not intent["_return_url"]
    if method["type"] == "us_bank_account":
        intent["_mandate"] = _mandate(intent, method, params)["id"]
    return paying.start(intent, method)


def _mandate(intent: Object, method: Object, params: dict[str, Any]) -> Object:
    """Return the permission to debit: given with this call, or the standing one of a kept account."""
    acceptance = (params.get("mandate_data") or {}).get("customer_acceptance")
    standing = charges.standing_mandate(method) if not acceptance else None
    if standing is None:
        return charges.make_mandate(method, acceptance, intent, reusable=paying.saves_method(intent))
    if standing["status"] != "active":
        raise invalid("The mandate of this payment method is inactive.", "mandate", "payment_intent_mandate_invalid")
    return standing


def _method(intent: Object, params: dict[str, Any]) -> tuple[Object, str | None]:
    """Return the payment method to charge, and the return address that came with a token."""
    if token_id := params.get("confirmation_token"):
        method = tokens.use(token_id, intent)
        return method, tokens.retrieve(token_id)["return_url"]
    if data := params.get("payment_method_data"):
        return store.save(methods.from_data(data)), None
    if chosen := params.get("payment_method") or intent["payment_method"]:
        method = methods.find(chosen)
        methods.owned(method, intent["customer"])
        return method, None
    raise invalid("A payment method is missing.", "payment_method", "payment_intent_unexpected_state")


def verify(intent_id: str, params: dict[str, Any]) -> Object:
    """Answer POST /v1/payment_intents/{id}/verify_microdeposits."""
    return microdeposits.verify(retrieve(intent_id), params)


def cancel(intent_id: str, params: dict[str, Any]) -> Object:
    """Answer POST /v1/payment_intents/{id}/cancel. A debit under way cannot be stopped, but for the test account's."""
    intent = retrieve(intent_id)
    stuck = intent["status"] == "processing" and methods.outcome(methods.find(intent["payment_method"])).never_settles
    if intent["status"] not in (*OPEN, "requires_action") and not stuck:
        raise unexpected(intent, "canceled")
    clock.drop_alarms(intent_id)
    intent.update(status="canceled", next_action=None, canceled_at=clock.now())
    intent["cancellation_reason"] = params.get("cancellation_reason")
    events.emit("payment_intent.canceled", intent)
    return intent

"""Setup intents: saving a card or account for later payments without a charge."""

from typing import Any

from sandbox import charges, clock, events, intents, methods, microdeposits, paying, tokens
from sandbox.errors import card_error, invalid, missing
from sandbox.numbers import message
from sandbox.store import Object, new_id, public, store


def create(params: dict[str, Any]) -> Object:
    """Answer POST /v1/setup_intents."""
    setup_id = new_id("seti")
    types = params.get("allowed_payment_method_types")
    setup: Object = {
        "id": setup_id, "object": "setup_intent", "allowed_payment_method_types": types, "application": None,
        "automatic_payment_methods": None, "cancellation_reason": None,
        "client_secret": f"{setup_id}_secret_{new_id('s')[2:]}", "created": clock.now(),
        "customer": params.get("customer"), "customer_account": None, "description": params.get("description"),
        "excluded_payment_method_types": None, "flow_directions": None, "last_setup_error": None,
        "latest_attempt": None, "livemode": False, "mandate": None, "metadata": params.get("metadata") or {},
        "next_action": None, "on_behalf_of": None, "payment_method": None,
        "payment_method_configuration_details": None, "payment_method_options": {},
        "payment_method_types": types or list(methods.TYPES), "single_use_mandate": None,
        "status": "requires_payment_method", "usage": params.get("usage", "off_session"),
    }  # fmt: skip
    events.emit("setup_intent.created", setup)
    if method_id := params.get("payment_method"):
        setup.update(payment_method=methods.find(method_id)["id"], status="requires_confirmation")
        store.save(setup)
    return confirm(setup_id, params) if params.get("confirm") is True else setup


def retrieve(setup_id: str) -> Object:
    """Answer GET /v1/setup_intents/{id}."""
    if found := store.get(setup_id, "setup_intent"):
        return found
    raise missing("setupintent", setup_id, "intent")


def update(setup_id: str, params: dict[str, Any]) -> Object:
    """Answer POST /v1/setup_intents/{id}."""
    setup = retrieve(setup_id)
    for name in ("description", "customer"):
        if name in params:
            setup[name] = params[name] or None
    setup["metadata"] = {**setup["metadata"], **(params.get("metadata") or {})}
    return store.save(setup)


def confirm(setup_id: str, params: dict[str, Any]) -> Object:
    """Answer POST /v1/setup_intents/{id}/confirm."""
    setup = retrieve(setup_id)
    if setup["status"] not in intents.OPEN:
        raise intents.unexpected(setup, "confirmed")
    method = _method(setup, params)
    setup.update(payment_method=method["id"], last_setup_error=None, _return_url=params.get("return_url"))
    outcome = methods.outcome(method)
    if method["type"] == "us_bank_account":
        acceptance = (params.get("mandate_data") or {}).get("customer_acceptance")
        setup["mandate"] = charges.make_mandate(method, acceptance, setup, reusable=True)["id"]
        return _finish(setup) if method["_verified"] else microdeposits.ask(setup)
    if outcome.authentication:
        by_script = params.get("use_stripe_sdk") is True or not setup["_return_url"]
        setup.update(status="requires_action", next_action=paying.redirect(setup, by_script))
        events.emit("setup_intent.requires_action", setup)
        return setup
    if outcome.code and not outcome.only_when_saved:
        _fail(setup, outcome.code, outcome.decline_code)
        text = message(outcome.decline_code)
        raise card_error(outcome.code, text, outcome.decline_code, setup_intent=public(setup))
    return _finish(setup)


def _method(setup: Object, params: dict[str, Any]) -> Object:
    if token_id := params.get("confirmation_token"):
        return tokens.use(token_id, setup)
    if data := params.get("payment_method_data"):
        return store.save(methods.from_data(data))
    if chosen := params.get("payment_method") or setup["payment_method"]:
        method = methods.find(chosen)
        methods.usable(method)
        return method
    raise invalid("This SetupIntent is missing a payment method.", code="setup_intent_unexpected_state")


def _finish(setup: Object) -> Object:
    method = methods.find(setup["payment_method"])
    if setup["customer"] and not method["customer"]:
        method["customer"] = setup["customer"]
        events.emit("payment_method.attached", method)
    setup.update(status="succeeded", next_action=None)
    events.emit("setup_intent.succeeded", setup)
    return setup


def _fail(setup: Object, code: str, decline_code: str = "") -> None:
    method = methods.find(setup["payment_method"])
    error = charges.last_error(code, decline_code, None, method)
    setup.update(status="requires_payment_method", payment_method=None, next_action=None, last_setup_error=error)
    events.emit("setup_intent.setup_failed", setup)


def finish_authentication(setup: Object, passed: bool) -> Object:
    """Go on after the holder answered the bank's question."""
    if setup["status"] == "requires_action":
        if passed:
            _finish(setup)
        else:
            _fail(setup, "setup_intent_authentication_failure")
    return setup


def cancel(setup_id: str, params: dict[str, Any]) -> Object:
    """Answer POST /v1/setup_intents/{id}/cancel."""
    setup = retrieve(setup_id)
    if setup["status"] not in (*intents.OPEN, "requires_action"):
        raise intents.unexpected(setup, "canceled")
    clock.drop_alarms(setup_id)
    setup.update(status="canceled", next_action=None, cancellation_reason=params.get("cancellation_reason"))
    events.emit("setup_intent.canceled", setup)
    return setup


def _after_microdeposits(setup: Object, failure: str) -> None:
    if failure:
        _fail(setup, failure)
    else:
        _finish(setup)


microdeposits.NEXT["setup_intent"] = _after_microdeposits

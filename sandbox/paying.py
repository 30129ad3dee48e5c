"""What happens to an intent's money: cards at once, bank debits after some days, verification before either."""

from datetime import UTC, datetime

from sandbox import charges, clock, disputes, events, methods, microdeposits, refunds
from sandbox.errors import ApiError, card_error
from sandbox.numbers import message
from sandbox.options import options
from sandbox.store import Object, public, store

SETTLEMENT = 4  # bank days from the debit to the money


def saves_method(intent: Object) -> bool:
    """Say whether the payer agreed to later payments with the same method."""
    wishes = [intent["setup_future_usage"]]
    wishes += [given.get("setup_future_usage") for given in intent["payment_method_options"].values()]
    return any(wish in ("off_session", "on_session") for wish in wishes)


def start(intent: Object, method: Object) -> Object:
    """Ask for the money of a confirmed intent. Raises ApiError 402 when it is refused at once."""
    if method["type"] == "card":
        return _start_card(intent, method)
    if methods.is_blocked(method):
        raise _refuse(intent, method, "bank_account_unusable")
    if not method["_verified"]:
        return microdeposits.ask(intent)
    return debit(intent, method, raising=True)


def _start_card(intent: Object, method: Object) -> Object:
    outcome = methods.outcome(method)
    saved = bool(method["customer"])
    if outcome.authentication == "always" or (outcome.authentication and not saved):
        if intent["_off_session"]:
            raise _refuse(intent, method, "authentication_required", "authentication_required")
        intent.update(status="requires_action", next_action=redirect(intent, intent["_by_script"]))
        events.emit("payment_intent.requires_action", intent)
        return intent
    return charge_card(intent, method, raising=True)


def redirect(intent: Object, by_script: bool) -> Object:
    """Return the next action that leads the payer to the bank's page (a page of ours)."""
    url = f"{options.url}/3ds/{intent['id']}"
    if by_script:
        return {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": url}}
    return {"type": "redirect_to_url", "redirect_to_url": {"return_url": intent["_return_url"], "url": url}}


def charge_card(intent: Object, method: Object, *, raising: bool) -> Object:
    """Charge a card that needs no more asking."""
    outcome = methods.outcome(method)
    if outcome.code and (method["customer"] or not outcome.only_when_saved):
        error = _refuse(intent, method, outcome.code, outcome.decline_code)
        if raising:
            raise error
        return intent
    charge = charges.make(intent, method, "succeeded")
    return _paid(intent, charges.succeed(charge), method)


def _paid(intent: Object, charge: Object, method: Object) -> Object:
    """Mark an intent as paid, tell it, and let what must follow follow."""
    intent.update(status="succeeded", amount_received=intent["amount"], latest_charge=charge["id"], next_action=None)
    if saves_method(intent) and intent["customer"] and method["customer"] is None:
        method["customer"] = intent["customer"]
        events.emit("payment_method.attached", method)
    events.emit("payment_intent.succeeded", intent)
    outcome = methods.outcome(method)
    if outcome.dispute:
        disputes.open_for(charge, outcome.dispute, inquiry=outcome.inquiry)
    return intent


def _refuse(intent: Object, method: Object, code: str, decline_code: str = "") -> ApiError:
    """Record a refusal and return the 402 that tells it."""
    charge = charges.fail(charges.make(intent, method, "failed"), code, decline_code)
    fail(intent, charges.last_error(code, decline_code, charge, method), charge)
    error = {name: value for name, value in intent["last_payment_error"].items() if name not in ("type", "message")}
    error["payment_intent"] = public(intent)
    return card_error(**{**error, "message": message(decline_code or code)})


def fail(intent: Object, error: Object, charge: Object | None = None) -> Object:
    """Send an intent back to needing another payment method, with the reason."""
    clock.drop_alarms(intent["id"])
    intent.update(status="requires_payment_method", payment_method=None, next_action=None, last_payment_error=error)
    if charge:
        intent["latest_charge"] = charge["id"]
    if intent["object"] == "payment_intent":
        events.emit("payment_intent.payment_failed", intent)
    return intent


def finish_authentication(intent: Object, passed: bool) -> Object:
    """Go on after the payer answered the bank's question."""
    if intent["status"] != "requires_action":
        return intent
    method = methods.find(intent["payment_method"])
    if not passed:
        code = "payment_intent_authentication_failure"
        error = charges.last_error(code, "", None, method)
        error.update(type="invalid_request_error", message="The payer did not confirm the payment with the bank.")
        return fail(intent, error)
    intent["_authenticated"] = True
    return charge_card(intent, method, raising=False)


def debit(intent: Object, method: Object, *, raising: bool = False) -> Object:
    """Send a bank debit on its way: processing now, settled after four bank days."""
    outcome = methods.outcome(method)
    if outcome.code and outcome.at_once:
        error = _refuse(intent, method, outcome.code)
        if raising:
            raise error
        return intent
    charge = charges.make(intent, method, "pending")
    due = clock.bank_day_after(clock.now(), SETTLEMENT)
    day = datetime.fromtimestamp(due, UTC).astimezone(clock.EASTERN).date()
    charge["payment_method_details"]["us_bank_account"]["expected_debit_date"] = day.isoformat()
    events.emit("charge.pending", charge)
    intent.update(status="processing", latest_charge=charge["id"], next_action=None)
    events.emit("payment_intent.processing", intent)
    events.emit("charge.updated", charge, {"payment_method_details": {"us_bank_account": {}}})
    if not outcome.never_settles:
        clock.set_alarm("settle", intent["id"], due)
    return intent


@clock.alarm("settle")
def settle(intent_id: str, failure: str = "") -> None:
    """Let the bank answer a debit: paid, or back with a code (its test account's, or the given one)."""
    intent = store.get(intent_id, "payment_intent")
    if intent is None or intent["status"] != "processing":
        return
    charge = store.get(intent["latest_charge"], "charge")
    method = methods.find(intent["payment_method"])
    clock.drop_alarms(intent_id)
    if charge is None:
        return
    code = failure or methods.outcome(method).code
    if code:
        charges.fail(charge, code)
        fail(intent, charges.last_error(code, "", charge, method), charge)
    else:
        _paid(intent, charges.succeed(charge), method)
        refunds.start_waiting(charge)


def _after_microdeposits(intent: Object, failure: str) -> None:
    method = methods.find(intent["payment_method"])
    if failure:
        fail(intent, charges.last_error(failure, "", None, method))
    else:
        debit(intent, method)


microdeposits.NEXT["payment_intent"] = _after_microdeposits

"""What tests and the control panel can make happen. Every action takes plain parameters and returns plain data."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sandbox import behaviours, charges, clock, customers, disputes, events, inbox, methods, paying, refunds, twilio
from sandbox.errors import ApiError, invalid, missing
from sandbox.faults import faults
from sandbox.options import options
from sandbox.sender import sender
from sandbox.store import Object, public, store
from sandbox.views_api import calls, violations

Params = dict[str, Any]
ACTIONS: dict[str, Callable[[Params], Any]] = {"text/incoming": twilio.incoming, "text/state": twilio.state}
LATE_RETURNS = ("insufficient_funds", "incorrect_account_details", "bank_cannot_process", "debit_not_authorized")


def action(name: str) -> Callable[[Callable[[Params], Any]], Callable[[Params], Any]]:
    """Register an action under its path."""

    def keep(function: Callable[[Params], Any]) -> Callable[[Params], Any]:
        ACTIONS[name] = function
        return function

    return keep


def perform(name: str, params: Params) -> Any:
    """Do one action in one transaction; the sender's calls are outside of it."""
    function = ACTIONS.get(name)
    if function is None:
        raise ApiError(404, f"No such control: {name}")
    if function in (flush, quiet):
        return function(params)  # not inside of a transaction: the portal calls us back
    with store.change():
        return function(params)


def _intent(params: Params) -> Object:
    """Return the intent meant by `intent` or by `charge`."""
    wanted = params.get("intent") or (store.get(params.get("charge", ""), "charge") or {}).get("payment_intent") or ""
    found = store.get(wanted, "payment_intent")
    if found is None:
        raise missing("payment_intent", wanted, "intent")
    return found


def _charge(params: Params) -> Object:
    wanted = params.get("charge") or _intent(params)["latest_charge"] or ""
    found = store.get(wanted, "charge")
    if found is None:
        raise missing("charge", wanted, "charge")
    return found


def _processing(params: Params) -> Object:
    intent = _intent(params)
    if intent["status"] != "processing":
        raise invalid(f"The payment is not processing; it is {intent['status']}.")
    return intent


@action("settle")
def settle(params: Params) -> Any:
    """Let the bank answer a debit now: as its test account does, or paid if that one never settles."""
    intent = _processing(params)
    paying.settle(intent["id"])
    return public(store.get(intent["id"]))


@action("fail")
def fail(params: Params) -> Any:
    """Let the bank refuse a processing debit with `code` (insufficient_funds)."""
    intent = _processing(params)
    paying.settle(intent["id"], params.get("code") or "insufficient_funds")
    return public(store.get(intent["id"]))


@action("return")
def give_back(params: Params) -> Any:
    """Let a bank debit come back: failed while processing, a final dispute when it had succeeded."""
    intent = _intent(params)
    reason = params.get("reason") or "insufficient_funds"
    if intent["status"] == "processing":
        paying.settle(intent["id"], reason)
        return public(store.get(intent["id"]))
    charge = _charge(params)
    if not charge["id"].startswith("py_"):
        raise invalid("Only a bank debit can be returned; dispute a card payment.")
    return public(disputes.open_for(charge, reason))


@action("dispute")
def dispute(params: Params) -> Any:
    """Open a dispute about a charge or intent, with `reason` and perhaps `inquiry`."""
    charge = _charge(params)
    bank = charge["id"].startswith("py_")
    reason = params.get("reason") or ("debit_not_authorized" if bank else "fraudulent")
    return public(disputes.open_for(charge, reason, inquiry=_truth(params.get("inquiry"))))


@action("dispute/close")
def close_dispute(params: Params) -> Any:
    """Close a dispute: `won` true or false."""
    return public(disputes.end(params.get("dispute", ""), won=_truth(params.get("won"))))


@action("block")
def block(params: Params) -> Any:
    """Make the bank account of a `payment_method` or `intent` unusable."""
    method_id = params.get("payment_method") or _charge(params)["payment_method"]
    method = methods.find(method_id)
    if method["type"] != "us_bank_account":
        raise invalid("Only a bank account can be blocked.")
    methods.block(method)
    return public(store.get(method["id"]))


@action("mandate/revoke")
def revoke(params: Params) -> Any:
    """End the `mandate`, or that of an `intent`."""
    mandate_id = params.get("mandate") or _intent(params).get("_mandate") or ""
    if store.get(mandate_id, "mandate") is None:
        raise missing("mandate", mandate_id, "mandate")
    charges.end_mandate(mandate_id)
    return public(store.get(mandate_id))


@action("refund")
def refund(params: Params) -> Any:
    """Refund a charge, wholly or an `amount` in cents."""
    given = {"charge": _charge(params)["id"]}
    return public(refunds.create({**given, **({"amount": int(params["amount"])} if params.get("amount") else {})}))


@action("refund/finish")
def finish_refund(params: Params) -> Any:
    """Let a pending refund arrive now."""
    refunds.finish(refunds.retrieve(params.get("refund", ""))["id"])
    return public(refunds.retrieve(params["refund"]))


@action("refund/fail")
def fail_refund(params: Params) -> Any:
    """Let a refund come back."""
    refunds.fail(params.get("refund", ""), params.get("reason", ""))
    return public(refunds.retrieve(params["refund"]))


@action("payout")
def payout(params: Params) -> Any:
    """Send the balance to the bank account."""
    return public(customers.pay_out())


@action("token")
def make_token(params: Params) -> Any:
    """Make a confirmation token without the form: a `behaviour`, or one of Stripe's pm_ names as `payment_method`."""
    made = behaviours.token(params.get("behaviour") or "card", params.get("payment_method") or "", params)
    return {"id": made["id"]}


@action("token/expire")
def expire(params: Params) -> Any:
    """Let a confirmation `token` expire now, also by the portal's clock."""
    token = store.get(params.get("token", ""), "confirmation_token")
    if token is None:
        raise missing("confirmation_token", params.get("token", ""), "token")
    return public(store.save({**token, "expires_at": int(time.time()) - 1}))


@action("clock")
def move_clock(params: Params) -> Any:
    """Go forward by `hours`, `days` or `business_days`; with nothing given, tell the time."""
    hours, days = float(params.get("hours") or 0), float(params.get("days") or 0)
    count = int(params.get("business_days") or 0)
    if min(hours, days, count) < 0:
        raise invalid("The clock only goes forward.")
    if hours or days or count:
        clock.advance(hours=hours, days=days, business_days=count)
    shown = datetime.fromtimestamp(clock.now(), UTC).astimezone(clock.EASTERN)
    return {
        "now": clock.now(),
        "eastern": shown.isoformat(timespec="seconds"),
        "bank_day": clock.is_bank_day(shown.date()),
    }


@action("resend")
@action("event/resend")
def resend(params: Params) -> Any:
    """Send an `event` again to every endpoint."""
    event = store.get(params.get("event", ""), "event")
    if event is None:
        raise missing("event", params.get("event", ""), "event")
    return {"deliveries": [events.plan_delivery(event["id"], place) for place in store.meta("endpoints", [])]}


@action("endpoints")
def set_endpoints(params: Params) -> Any:
    """Send events to these `endpoints` from now on: a list of {url, secret, types}."""
    places = params.get("endpoints")
    if places is not None:
        store.set_meta("endpoints", [{"secret": options.webhook_secret, **place} for place in places])
    return {"endpoints": store.meta("endpoints", [])}


@action("webhooks/pause")
def pause(params: Params) -> Any:
    """Hold deliveries back (`paused` true, the default) or let them go."""
    store.set_meta("paused", _truth(params.get("paused", True)))
    return {"paused": store.meta("paused")}


@action("webhook")
def webhook(params: Params) -> Any:
    """Change where events go (`url`, `secret`), hold them back (`paused`), or spoil them all (`faults`: names)."""
    place = (store.meta("endpoints") or [{"url": options.webhook_url, "secret": options.webhook_secret}])[0]
    place = {**place, **{name: str(params[name]) for name in ("url", "secret") if name in params}}
    store.set_meta("endpoints", [place] if place["url"] else [])
    if "paused" in params:
        store.set_meta("paused", _truth(params["paused"]))
    for name in params.get("faults") or []:
        add_fault({"hook": name, "times": 0})
    found = {"endpoints": store.meta("endpoints", []), "paused": store.meta("paused", False)}
    return {**found, "faults": faults.as_json()}


@action("flush")
@action("webhooks/flush")
def flush(params: Params) -> Any:
    """Send all pending deliveries now and tell what became of them."""
    return {"results": sender.flush()}


@action("quiet")
def quiet(params: Params) -> Any:
    """Hold deliveries back and wait until the one on its way has ended: after this the portal hears nothing."""
    with store.change():
        store.set_meta("paused", True)
    with sender.sending:
        return {"paused": True}


@action("faults")
def add_fault(params: Params) -> Any:
    """Add a fault, or several as `faults`; see sandbox/faults.py."""
    try:
        for spec in params.get("faults") or [params]:
            faults.add(spec)
    except (TypeError, ValueError) as error:
        raise invalid(str(error)) from error
    return {"faults": faults.as_json()}


@action("faults/clear")
def clear_faults(params: Params) -> Any:
    """Let everything go well again."""
    faults.clear()
    return {"faults": []}


@action("portal")
def set_portal(params: Params) -> Any:
    """Let these `urls` show the payment form."""
    options.portal_urls = list(params.get("urls") or [])
    return {"origins": options.portal_origins()}


@action("reset")
def reset(params: Params) -> Any:
    """Forget all payments, mail, faults and the skipped time; keep the endpoints."""
    store.reset()
    faults.clear()
    calls.clear()
    violations.clear()
    return {"reset": True}


@action("inbox/clear")
def clear_inbox(params: Params) -> Any:
    """Empty the inbox."""
    inbox.clear()
    return {"inbox": []}


def _truth(value: Any) -> bool:
    return value in (True, "true", "1", "on", "yes", 1)

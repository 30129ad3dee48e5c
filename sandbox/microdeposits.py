"""Verification of a bank account typed by hand: two small deposits or one with a code, within ten days.

Works for payment intents and setup intents alike; what comes after a right answer is registered in NEXT.
"""

from collections.abc import Callable
from typing import Any

from sandbox import clock, events, methods
from sandbox.errors import ApiError, invalid
from sandbox.options import options
from sandbox.store import Object, public, store

LIMIT = 10 * clock.DAY  # seconds
TRIES = 10
AMOUNTS = {(32, 45): "right", (10, 11): "attempts_exceeded", (40, 41): "timeout"}
CODES = {"SM11AA": "right", "SM33CC": "attempts_exceeded", "SM44DD": "timeout"}
PREFIX = "payment_method_microdeposit_verification_"
Step = Callable[[Object, str], None]  # an intent and a code of failure, '' when verified
NEXT: dict[str, Step] = {}


def ask(intent: Object) -> Object:
    """Let the payer wait for the deposits."""
    arrives = clock.bank_day_after(clock.now(), 2)
    url = f"{options.url}/microdeposit/{intent['id']}"
    kind = methods.find(intent["payment_method"])["_deposits"]
    detail = {"arrival_date": arrives, "hosted_verification_url": url, "microdeposit_type": kind}
    intent.update(
        status="requires_action",
        next_action={"type": "verify_with_microdeposits", "verify_with_microdeposits": detail},
    )
    intent["_tries"] = 0
    events.emit(f"{intent['object']}.requires_action", intent)
    clock.set_alarm("unverified", intent["id"], clock.now() + LIMIT)
    if methods.outcome(methods.find(intent["payment_method"])).no_microdeposits:
        clock.set_alarm("undeliverable", intent["id"], clock.bank_day_after(clock.now(), 1))
    return intent


def verify(intent: Object, params: dict[str, Any]) -> Object:
    """Answer .../verify_microdeposits: go on, or say what was wrong."""
    if (intent["next_action"] or {}).get("type") != "verify_with_microdeposits":
        text = f"This intent does not wait for deposits; its status is {intent['status']}."
        code = f"{intent['object']}_unexpected_state"
        raise invalid(text, code=code, **{intent["object"]: public(intent)})
    verdict = _verdict(params)
    if verdict == "right":
        method = methods.find(intent["payment_method"])
        store.save({**method, "_verified": True})
        clock.drop_alarms(intent["id"])
        NEXT[intent["object"]](intent, "")
        return intent
    intent["_tries"] += 1
    if verdict == "mismatch" and intent["_tries"] >= TRIES:
        verdict = "attempts_exceeded"
    if verdict in ("attempts_exceeded", "timeout"):
        NEXT[intent["object"]](intent, PREFIX + verdict)
    else:
        store.save(intent)
        kind = "descriptor_code_mismatch" if "descriptor_code" in params else "amounts_mismatch"
        verdict = kind
    text = "The deposits do not match." if "mismatch" in verdict else "The account could not be verified."
    raise ApiError(400, text, keep=True, code=PREFIX + verdict, **{intent["object"]: public(intent)})


def _verdict(params: dict[str, Any]) -> str:
    if "descriptor_code" in params:
        return CODES.get(str(params["descriptor_code"]).strip().upper(), "mismatch")
    amounts = params.get("amounts") or []
    if len(amounts) != 2 or not all(isinstance(amount, int) for amount in amounts):
        raise invalid("Give two amounts in cents.", "amounts", PREFIX + "amounts_invalid")
    return AMOUNTS.get(tuple(sorted(amounts)), "mismatch")


@clock.alarm("unverified")
def unverified(intent_id: str) -> None:
    """Give up after ten days."""
    _end(intent_id, PREFIX + "timeout")


@clock.alarm("undeliverable")
def undeliverable(intent_id: str) -> None:
    """The bank did not take the small deposits."""
    _end(intent_id, "payment_method_microdeposit_failed")


def _end(intent_id: str, code: str) -> None:
    intent = store.get(intent_id)
    if intent and intent["status"] == "requires_action":
        clock.drop_alarms(intent_id)
        NEXT[intent["object"]](intent, code)

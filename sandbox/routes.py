"""Which function answers which path of the API."""

import re
from collections.abc import Callable
from typing import Any

from sandbox import customers, disputes, intents, lists, methods, microdeposits, paying, refunds, setups, tokens
from sandbox.errors import invalid, missing
from sandbox.store import Object, store

Answer = Callable[[dict[str, Any], list[str], str], Any]


def _one(kind: str, label: str) -> Answer:
    """Return a function that finds one object of a kind."""

    def answer(params: dict[str, Any], ids: list[str], path: str) -> Object:
        if found := store.get(ids[0], kind):
            return found
        raise missing(label, ids[0])

    return answer


def _list(kind: str, *, of_customer: bool = False) -> Answer:
    """Return a function that lists the objects of a kind."""

    def answer(params: dict[str, Any], ids: list[str], path: str) -> Object:
        return lists.listed(kind, path, params, ids[0] if of_customer else "")

    return answer


def _verify(params: dict[str, Any], ids: list[str], path: str) -> Object:
    found = intents.retrieve(ids[0]) if "payment_intents" in path else setups.retrieve(ids[0])
    return microdeposits.verify(found, params)


def _retrieve_intent(params: dict[str, Any], ids: list[str], path: str) -> Object:
    """A page may look at its own intent when it knows the client secret; see views_api for the two kinds of key."""
    found = intents.retrieve(ids[0]) if "payment_intents" in path else setups.retrieve(ids[0])
    if (secret := params.get("client_secret")) and secret != found["client_secret"]:
        raise invalid("The client_secret does not match.", "client_secret", f"{found['object']}_invalid_parameter")
    return found


TABLE: list[tuple[str, str, Answer]] = [
    ("POST", "payment_intents", lambda p, ids, path: intents.create(p)),
    ("GET", "payment_intents", _list("payment_intent")),
    ("GET", "payment_intents/search", lambda p, ids, path: lists.search(p, path)),
    ("GET", "payment_intents/*", _retrieve_intent),
    ("POST", "payment_intents/*", lambda p, ids, path: intents.update(ids[0], p)),
    ("POST", "payment_intents/*/confirm", lambda p, ids, path: intents.confirm(ids[0], p)),
    ("POST", "payment_intents/*/cancel", lambda p, ids, path: intents.cancel(ids[0], p)),
    ("POST", "payment_intents/*/verify_microdeposits", _verify),
    ("POST", "test_helpers/confirmation_tokens", lambda p, ids, path: tokens.from_helper(p)),
    ("GET", "confirmation_tokens/*", lambda p, ids, path: tokens.retrieve(ids[0])),
    ("GET", "charges", _list("charge")),
    ("GET", "charges/*", _one("charge", "charge")),
    ("GET", "events", _list("event")),
    ("GET", "events/*", _one("event", "event")),
    ("POST", "refunds", lambda p, ids, path: refunds.create(p)),
    ("GET", "refunds", _list("refund")),
    ("GET", "refunds/*", lambda p, ids, path: refunds.retrieve(ids[0])),
    ("POST", "refunds/*", lambda p, ids, path: refunds.update(ids[0], p)),
    ("POST", "refunds/*/cancel", lambda p, ids, path: refunds.cancel(ids[0])),
    ("GET", "disputes", _list("dispute")),
    ("GET", "disputes/*", lambda p, ids, path: disputes.retrieve(ids[0])),
    ("POST", "disputes/*", lambda p, ids, path: disputes.update(ids[0], p)),
    ("POST", "disputes/*/close", lambda p, ids, path: disputes.accept(ids[0])),
    ("POST", "customers", lambda p, ids, path: customers.create(p)),
    ("GET", "customers", _list("customer")),
    ("GET", "customers/*", lambda p, ids, path: customers.retrieve(ids[0])),
    ("POST", "customers/*", lambda p, ids, path: customers.update(ids[0], p)),
    ("DELETE", "customers/*", lambda p, ids, path: customers.delete(ids[0])),
    ("GET", "customers/*/payment_methods", _list("payment_method", of_customer=True)),
    ("GET", "customers/*/payment_methods/*", lambda p, ids, path: customers.method_of(*ids)),
    ("POST", "customer_sessions", lambda p, ids, path: customers.create_session(p)),
    ("POST", "payment_methods", lambda p, ids, path: methods.create(p)),
    ("GET", "payment_methods", _list("payment_method")),
    ("GET", "payment_methods/*", lambda p, ids, path: methods.retrieve(ids[0])),
    ("POST", "payment_methods/*", lambda p, ids, path: methods.update(ids[0], p)),
    ("POST", "payment_methods/*/attach", lambda p, ids, path: methods.attach(ids[0], p)),
    ("POST", "payment_methods/*/detach", lambda p, ids, path: methods.detach(ids[0])),
    ("GET", "mandates/*", _one("mandate", "mandate")),
    ("GET", "balance_transactions", _list("balance_transaction")),
    ("GET", "balance_transactions/*", _one("balance_transaction", "balance transaction")),
    ("GET", "payouts", _list("payout")),
    ("GET", "payouts/*", _one("payout", "payout")),
    ("POST", "setup_intents", lambda p, ids, path: setups.create(p)),
    ("GET", "setup_intents", _list("setup_intent")),
    ("GET", "setup_intents/*", _retrieve_intent),
    ("POST", "setup_intents/*", lambda p, ids, path: setups.update(ids[0], p)),
    ("POST", "setup_intents/*/confirm", lambda p, ids, path: setups.confirm(ids[0], p)),
    ("POST", "setup_intents/*/cancel", lambda p, ids, path: setups.cancel(ids[0], p)),
    ("POST", "setup_intents/*/verify_microdeposits", _verify),
]
PATTERNS = [(verb, re.compile("/v1/" + path.replace("*", "([^/]+)")), answer) for verb, path, answer in TABLE]


def find(method: str, path: str) -> tuple[Answer, list[str]] | None:
    """Return the function for a call and the ids in its path; literal paths come before patterns in the table."""
    for verb, pattern, answer in PATTERNS:
        if verb == method and (match := pattern.fullmatch(path)):
            return answer, list(match.groups())
    return None


def finish_authentication(intent: Object, passed: bool) -> Object:
    """Go on with a payment or setup intent after the 3-D Secure page."""
    if intent["object"] == "setup_intent":
        return setups.finish_authentication(intent, passed)
    return paying.finish_authentication(intent, passed)

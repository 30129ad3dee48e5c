"""Payment methods: what was typed becomes a card or account of the test list, and the number is forgotten."""

import hashlib
import hmac
from typing import Any

from sandbox import clock, events
from sandbox.errors import card_error, invalid, missing
from sandbox.numbers import (
    ACCOUNTS,
    CARDS,
    NAMED_ACCOUNTS,
    NAMED_CARDS,
    OUTCOMES,
    ROUTING,
    Outcome,
    message,
    passes_checksum,
)
from sandbox.store import Object, new_id, public, store

TYPES = ("card", "us_bank_account")
ADDRESS = {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}


def billing_details(given: dict[str, Any] | None) -> Object:
    """Return billing details with every field Stripe names."""
    given = given or {}
    address = {**ADDRESS, **{k: v or None for k, v in (given.get("address") or {}).items() if k in ADDRESS}}
    found = {name: given.get(name) or None for name in ("email", "name", "phone", "tax_id")}
    return {"address": address, **found}


def fingerprint(number: str) -> str:
    """Return a word that is the same for the same number and tells nothing about it."""
    digest = hmac.new(store.meta("salt").encode(), number.encode(), hashlib.sha256).hexdigest()
    return digest[:16]


def from_data(data: dict[str, Any], *, verified: bool = False, deposits: str = "amounts") -> Object:
    """Return an unsaved payment method made of `payment_method_data`. Raises ApiError for numbers not on the lists.

    An account that is not verified gets two small deposits of unknown `amounts`, or one with a `descriptor_code`.
    """
    kind = data.get("type", "")
    if kind not in TYPES:
        raise invalid(f"The payment method type '{kind}' is not supported here.", "payment_method_data[type]")
    if kind == "card":
        detail, outcome = _card(data.get("card") or {})
    else:
        detail, outcome = _account(data.get("us_bank_account") or {}, data.get("billing_details") or {})
    return {
        "id": new_id("pm"), "object": "payment_method", "allow_redisplay": data.get("allow_redisplay", "unspecified"),
        "billing_details": billing_details(data.get("billing_details")), "created": clock.now(), "customer": None,
        "customer_account": None, "livemode": False, "metadata": data.get("metadata") or {}, "type": kind,
        kind: detail, "_outcome": outcome, "_verified": verified, "_deposits": deposits,
    }  # fmt: skip


def named(name: str) -> Object | None:
    """Return an unsaved payment method for one of Stripe's ready-made names, such as pm_card_visa."""
    if name in NAMED_CARDS:
        card = {"number": NAMED_CARDS[name], "exp_month": 12, "exp_year": 2034, "cvc": "1234"}
        return from_data({"type": "card", "card": card, "billing_details": {"address": {"postal_code": "02108"}}})
    if name in NAMED_ACCOUNTS:
        account = {"account_number": NAMED_ACCOUNTS[name], "routing_number": ROUTING}
        account["account_holder_type"] = "individual"
        holder = {"name": "Test Holder"}
        data = {"type": "us_bank_account", "us_bank_account": account, "billing_details": holder}
        return from_data(data, verified=True)
    return None


def _card(card: dict[str, Any]) -> tuple[Object, str]:
    number = "".join(str(card.get("number", "")).split())
    if number not in CARDS:
        _refuse_card(number)
    known = CARDS[number]
    outcome = OUTCOMES[known.outcome]
    month, year = _expiry(card)
    checks = {
        "address_line1_check": None, "address_postal_code_check": outcome.zip_check, "cvc_check": outcome.cvc_check,
    }  # fmt: skip
    detail = {
        "brand": known.brand, "checks": checks, "country": "US", "display_brand": known.brand, "exp_month": month,
        "exp_year": year, "fingerprint": fingerprint(number), "funding": known.funding, "generated_from": None,
        "last4": number[-4:], "networks": {"available": [known.brand], "preferred": None}, "regulated_status": None,
        "three_d_secure_usage": {"supported": True}, "wallet": None,
    }  # fmt: skip
    return detail, known.outcome


def _refuse_card(number: str) -> None:
    if not number.isdigit() or not passes_checksum(number):
        raise card_error("incorrect_number", "Your card number is incorrect.", param="number")
    raise card_error("card_declined", message("live_mode_test_card"), "live_mode_test_card", param="number")


def _expiry(card: dict[str, Any]) -> tuple[int, int]:
    try:
        month, year = int(card["exp_month"]), int(card["exp_year"])
    except (KeyError, TypeError, ValueError) as error:
        raise invalid("The expiry date is missing.", "exp_month", "parameter_missing") from error
    year += 2000 if year < 100 else 0
    if not 1 <= month <= 12:
        raise card_error("invalid_expiry_month", "Your card's expiration month is invalid.", param="exp_month")
    today = clock.today()
    if (year, month) < (today.year, today.month):
        raise card_error("invalid_expiry_year", "Your card's expiration year is in the past.", param="exp_year")
    return month, year


def _account(account: dict[str, Any], holder: dict[str, Any]) -> tuple[Object, str]:
    number = "".join(str(account.get("account_number", "")).split())
    if not holder.get("name"):
        raise invalid("The account holder's name is missing.", "billing_details[name]", "parameter_missing")
    if str(account.get("routing_number", "")) != ROUTING:
        text = f"Test gateway: the only routing number that works here is {ROUTING}."
        raise invalid(text, "us_bank_account[routing_number]", "bank_account_bad_routing_numbers")
    if number not in ACCOUNTS:
        raise invalid(message("live_mode_test_card"), "us_bank_account[account_number]", "account_number_invalid")
    detail = {
        "account_holder_type": account.get("account_holder_type") or "individual",
        "account_type": account.get("account_type") or "checking", "bank_name": "STRIPE TEST BANK",
        "financial_connections_account": None, "fingerprint": fingerprint(number), "last4": number[-4:],
        "networks": {"preferred": "ach", "supported": ["ach"]}, "routing_number": ROUTING, "status_details": {},
    }  # fmt: skip
    return detail, ACCOUNTS[number]


def outcome(method: Object) -> Outcome:
    """Return what this method does when money is asked of it."""
    return OUTCOMES[method["_outcome"]]


def find(method_id: str, param: str = "payment_method") -> Object:
    """Return a payment method by its id or ready-made name; the latter is saved as a new one."""
    if found := store.get(method_id, "payment_method"):
        return found
    if made := named(method_id):
        return store.save(made)
    raise missing("PaymentMethod", method_id, param)


def is_blocked(method: Object) -> bool:
    """Say whether a bank account may not be debited any more."""
    if method["type"] != "us_bank_account":
        return False
    return method["us_bank_account"]["fingerprint"] in store.meta("blocked", [])


def block(method: Object, reason: str = "bank_account_closed", code: str = "R02") -> None:
    """Mark an account as unusable everywhere it is saved, and tell so."""
    mark = method["us_bank_account"]["fingerprint"]
    store.set_meta("blocked", sorted({*store.meta("blocked", []), mark}))
    for other in store.all("payment_method", type="us_bank_account"):
        if other["us_bank_account"]["fingerprint"] == mark:
            before = {"us_bank_account": {"status_details": other["us_bank_account"]["status_details"]}}
            other["us_bank_account"]["status_details"] = {"blocked": {"network_code": code, "reason": reason}}
            events.emit("payment_method.automatically_updated", other, before)


def create(params: dict[str, Any]) -> Object:
    """Answer POST /v1/payment_methods."""
    return store.save(from_data(params))


def retrieve(method_id: str) -> Object:
    """Answer GET /v1/payment_methods/{id}."""
    return find(method_id, "payment_method")


def update(method_id: str, params: dict[str, Any]) -> Object:
    """Answer POST /v1/payment_methods/{id}."""
    method = find(method_id)
    if "billing_details" in params:
        method["billing_details"] = billing_details({**method["billing_details"], **params["billing_details"]})
    for name in ("metadata", "allow_redisplay"):
        if name in params:
            method[name] = params[name]
    events.emit("payment_method.updated", method)
    return method


def attach(method_id: str, params: dict[str, Any]) -> Object:
    """Answer POST /v1/payment_methods/{id}/attach."""
    customer = params.get("customer") or ""
    owner = store.get(customer, "customer")
    if owner is None or owner.get("deleted"):
        raise missing("customer", customer, "customer")
    method = find(method_id)
    if method["customer"] not in (None, customer):
        raise invalid("It is already attached to another customer.", code="payment_method_unexpected_state")
    code = outcome(method)
    if method["type"] == "card" and code.code and not (code.only_when_saved or code.authentication):
        raise card_error(code.code, message(code.decline_code), code.decline_code)
    method["customer"] = customer
    events.emit("payment_method.attached", method)
    return method


def detach(method_id: str) -> Object:
    """Answer POST /v1/payment_methods/{id}/detach."""
    method = find(method_id)
    if not method["customer"]:
        raise invalid("The payment method is not attached to a customer.", code="payment_method_unexpected_state")
    before = {"customer": method["customer"]}
    method["customer"] = None
    method["_detached"] = True
    events.emit("payment_method.detached", method, before)
    return method


def owned(method: Object, customer: str | None) -> None:
    """Raise ApiError when a method was detached, or is kept for another customer than this."""
    if method.get("_detached"):
        raise invalid("The payment method was detached and may not be used again.", "payment_method")
    if method["customer"] and method["customer"] != customer:
        raise invalid("The payment method belongs to a customer; give that customer.", "payment_method")


def usable(method: Object) -> None:
    """Raise ApiError when a saved method may not be set up any more."""
    owned(method, method["customer"])
    if is_blocked(method):
        raise card_error("bank_account_unusable", "The bank account cannot be debited.", payment_method=public(method))

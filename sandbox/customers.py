"""Customers, their sessions, and payouts of the balance to the Commonwealth's bank. Amounts in cents."""

from typing import Any

from sandbox import clock, events, methods
from sandbox.errors import invalid, missing
from sandbox.store import Object, new_id, store

FIELDS = ("email", "name", "phone", "description")
PARTS = {
    "active_entitlements": None, "buy_button": None, "customer_portal": None, "pricing_table": None,
    "customer_sheet": "features", "mobile_payment_element": "features", "payment_element": "features",
}  # fmt: skip


def create(params: dict[str, Any]) -> Object:
    """Answer POST /v1/customers."""
    settings = {"custom_fields": None, "default_payment_method": None, "footer": None, "rendering_options": None}
    customer: Object = {
        "id": new_id("cus", 14), "object": "customer", "address": None, "balance": 0, "created": clock.now(),
        "currency": None, "default_source": None, "delinquent": False, "invoice_settings": settings,
        "livemode": False, "metadata": params.get("metadata") or {}, "preferred_locales": [], "shipping": None,
        "tax_exempt": "none", **{name: params.get(name) for name in FIELDS},
    }  # fmt: skip
    if address := params.get("address"):
        customer["address"] = methods.billing_details({"address": address})["address"]
    events.emit("customer.created", customer)
    if method_id := params.get("payment_method"):
        methods.attach(method_id, {"customer": customer["id"]})
    return customer


def retrieve(customer_id: str) -> Object:
    """Answer GET /v1/customers/{id}; a deleted customer is still known by name."""
    if found := store.get(customer_id, "customer"):
        return found
    raise missing("customer", customer_id, "customer")


def update(customer_id: str, params: dict[str, Any]) -> Object:
    """Answer POST /v1/customers/{id}."""
    customer = retrieve(customer_id)
    if customer.get("deleted"):
        raise missing("customer", customer_id, "customer")
    for name in FIELDS:
        if name in params:
            customer[name] = params[name] or None
    customer["metadata"] = {**customer["metadata"], **(params.get("metadata") or {})}
    if chosen := (params.get("invoice_settings") or {}).get("default_payment_method"):
        customer["invoice_settings"]["default_payment_method"] = chosen
    events.emit("customer.updated", customer)
    return customer


def delete(customer_id: str) -> Object:
    """Answer DELETE /v1/customers/{id}."""
    customer = retrieve(customer_id)
    events.emit("customer.deleted", customer)
    for method in store.all("payment_method", customer=customer_id):
        methods.detach(method["id"])
    return store.save({"id": customer_id, "object": "customer", "deleted": True})


def method_of(customer_id: str, method_id: str) -> Object:
    """Answer GET /v1/customers/{id}/payment_methods/{id}."""
    method = store.get(method_id, "payment_method")
    if method is None or method["customer"] != customer_id:
        raise missing("PaymentMethod", method_id, "payment_method")
    return method


def create_session(params: dict[str, Any]) -> Object:
    """Answer POST /v1/customer_sessions."""
    customer = retrieve(params.get("customer") or "")
    wanted = params.get("components") or {}
    parts: Object = {}
    for name, extra in PARTS.items():
        parts[name] = {"enabled": bool((wanted.get(name) or {}).get("enabled"))}
        if extra:
            parts[name][extra] = None
    return {
        "object": "customer_session", "client_secret": new_id("cuss_secret", 40), "components": parts,
        "created": clock.now(), "customer": customer["id"], "customer_account": None,
        "expires_at": clock.now() + 1800, "livemode": False,
    }  # fmt: skip


def pay_out() -> Object:
    """Send the whole balance to the bank account, whatever its day, and tell so."""
    entries = store.all("balance_transaction", _payout=None)
    amount = sum(entry["net"] for entry in entries)
    if not entries or amount <= 0:
        raise invalid("There is nothing to pay out.", code="balance_insufficient")
    payout = {
        "id": new_id("po"), "object": "payout", "amount": amount, "application_fee": None,
        "application_fee_amount": None, "arrival_date": clock.now(), "automatic": True, "balance_transaction": None,
        "created": clock.now(), "currency": "usd", "description": "STRIPE PAYOUT", "destination": "ba_sandbox",
        "failure_balance_transaction": None, "failure_code": None, "failure_message": None, "livemode": False,
        "metadata": {}, "method": "standard", "original_payout": None, "payout_method": None,
        "reconciliation_status": "completed", "reversed_by": None, "source_type": "card",
        "statement_descriptor": None, "status": "paid", "trace_id": None, "type": "bank_account",
    }  # fmt: skip
    for entry in entries:
        store.save({**entry, "_payout": payout["id"], "status": "available"})
    events.emit("payout.paid", payout)
    events.emit("payout.reconciliation_completed", payout)
    return payout

"""Charges, the money they put on the balance, and the mandate behind a bank debit. Amounts in cents."""

from typing import Any

from sandbox import clock, events, methods
from sandbox.numbers import message
from sandbox.store import Object, new_id, public, store, words


def make(intent: Object, method: Object, status: str) -> Object:
    """Return a new unsaved charge: ch_ for a card, py_ for a bank debit."""
    bank = method["type"] == "us_bank_account"
    charge_id = new_id("py" if bank else "ch")
    paid = status == "succeeded"
    statement = intent["statement_descriptor_suffix"] or intent["statement_descriptor"]
    charge: Object = {
        "id": charge_id, "object": "charge", "amount": intent["amount"], "amount_captured": intent["amount"],
        "amount_refunded": 0, "application": None, "application_fee": None, "application_fee_amount": None,
        "balance_transaction": None, "billing_details": method["billing_details"],
        "calculated_statement_descriptor": statement, "captured": True, "created": clock.now(),
        "currency": intent["currency"], "customer": intent["customer"], "description": intent["description"],
        "disputed": False, "failure_balance_transaction": None, "failure_code": None, "failure_message": None,
        "fraud_details": {}, "livemode": False, "metadata": intent["metadata"], "on_behalf_of": None,
        "outcome": _outcome(method), "paid": paid, "payment_intent": intent["id"], "payment_method": method["id"],
        "payment_method_details": {"type": method["type"], method["type"]: _detail(intent, method)},
        "receipt_email": intent["receipt_email"], "receipt_number": None, "receipt_url": None, "refunded": False,
        "review": None, "shipping": None, "source": None, "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"], "status": status,
        "transfer_data": None, "transfer_group": None,
    }  # fmt: skip
    return charge


def _outcome(method: Object) -> Object:
    risk = methods.outcome(method).risk
    return {
        "advice_code": None, "network_advice_code": None, "network_decline_code": None,
        "network_status": "approved_by_network", "reason": None, "risk_level": risk,
        "seller_message": "Payment complete.", "type": "authorized",
    }  # fmt: skip


def _detail(intent: Object, method: Object) -> Object:
    if method["type"] == "us_bank_account":
        bank = words("account_holder_type account_type bank_name fingerprint last4 routing_number")
        detail = {name: method["us_bank_account"][name] for name in bank}
        return {**detail, "mandate": intent.get("_mandate"), "payment_reference": None}
    names = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "wallet")
    detail = {name: method["card"][name] for name in names}
    return {
        **detail, "amount_authorized": intent["amount"], "authorization_code": None,
        "electronic_commerce_indicator": None, "installments": None, "mandate": None, "network": detail["brand"],
        "network_transaction_id": None, "regulated_status": None, "transaction_link_id": None,
        "three_d_secure": _three_d_secure() if intent.get("_authenticated") else None,
    }  # fmt: skip


def _three_d_secure() -> Object:
    return {
        "authentication_flow": "challenge", "electronic_commerce_indicator": "05", "exemption_indicator": None,
        "result": "authenticated", "result_reason": None, "transaction_id": None, "version": "2.2.0",
    }  # fmt: skip


def fail(charge: Object, code: str, decline_code: str = "") -> Object:
    """Turn a charge into a failed one, saved and told."""
    text = message(decline_code or code)
    charge.update(status="failed", paid=False, amount_captured=0, captured=False)
    charge.update(failure_code=code, failure_message=text)
    blocked = charge["outcome"]["risk_level"] == "highest"
    charge["outcome"].update(
        network_status="not_sent_to_network" if blocked else "declined_by_network", reason=decline_code or code,
        type="blocked" if blocked else "issuer_declined", seller_message=text,
    )  # fmt: skip
    charge["paid"] = False
    events.emit("charge.failed", charge)
    return charge


def succeed(charge: Object) -> Object:
    """Turn a charge into a paid one, with its money on the balance, saved and told."""
    charge.update(status="succeeded", paid=True, captured=True, amount_captured=charge["amount"])
    events.emit("charge.succeeded", charge)
    before = {"balance_transaction": None}
    kind = "payment" if charge["id"].startswith("py_") else "charge"
    charge["balance_transaction"] = book(charge["id"], charge["amount"], kind)["id"]
    events.emit("charge.updated", charge, before)
    return charge


def book(source: str, amount: int, kind: str, fee: int = 0) -> Object:
    """Put an amount (minus for money going out) on the balance."""
    category = {"payment": "charge", "payment_refund": "refund", "adjustment": "dispute"}.get(kind, kind)
    moment = clock.now()
    fees = [{"amount": fee, "application": None, "currency": "usd", "description": "Fee", "type": "stripe_fee"}]
    return store.save({
        "id": new_id("txn"), "object": "balance_transaction", "amount": amount,
        "available_on": clock.bank_day_after(moment, 2), "balance_type": "payments", "created": moment,
        "currency": "usd", "description": None, "exchange_rate": None, "fee": fee, "fee_details": fees if fee else [],
        "net": amount - fee, "reporting_category": category, "source": source, "status": "pending", "type": kind,
        "_payout": None,
    })  # fmt: skip


def make_mandate(method: Object, acceptance: dict[str, Any] | None, intent: Object, *, reusable: bool) -> Object:
    """Save the payer's permission to debit a bank account."""
    given = acceptance or {}
    online = given.get("online") or {}
    mandate: Object = {
        "id": new_id("mandate"), "object": "mandate", "livemode": False, "payment_method": method["id"],
        "customer_acceptance": {
            "type": "online", "accepted_at": given.get("accepted_at") or clock.now(),
            "online": {"ip_address": online.get("ip_address"), "user_agent": online.get("user_agent")},
        },
        "payment_method_details": {"type": "us_bank_account", "us_bank_account": {}}, "status": "active",
        "type": "multi_use" if reusable else "single_use", "_created": clock.now(),
    }  # fmt: skip
    if reusable:
        mandate["multi_use"] = {}
    else:
        mandate["single_use"] = {"amount": intent["amount"], "currency": intent["currency"]}
    return store.save(mandate)


def standing_mandate(method: Object) -> Object | None:
    """Return the newest reusable permission to debit a kept account, in force or not; None when there was none."""
    found = store.all("mandate", payment_method=method["id"], type="multi_use")
    return next(iter(found), None)


def end_mandate(mandate_id: str | None) -> None:
    """Make a mandate inactive, and tell so."""
    mandate = store.get(mandate_id or "", "mandate")
    if mandate and mandate["status"] != "inactive":
        before = {"status": mandate["status"]}
        mandate["status"] = "inactive"
        events.emit("mandate.updated", mandate, before)


def last_error(code: str, decline_code: str, charge: Object | None, method: Object) -> Object:
    """Return what an intent says about its last failure."""
    found = {
        "type": "card_error", "code": code, "decline_code": decline_code, "message": message(decline_code or code),
        "charge": charge["id"] if charge else "", "payment_method": public(method),
        "payment_method_type": method["type"],
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}

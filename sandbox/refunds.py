"""Refunds: at once on cards, after some bank days on bank accounts, and now and then coming back. Amounts in cents."""

from typing import Any

from sandbox import charges, clock, events, methods
from sandbox.errors import invalid, missing
from sandbox.store import Object, new_id, store

BANK_DAYS = 3
WINDOW = 180 * clock.DAY  # seconds in which a bank debit may be refunded


def create(params: dict[str, Any]) -> Object:
    """Answer POST /v1/refunds."""
    charge = _charge(params)
    bank = charge["id"].startswith("py_")
    amount = params.get("amount", charge["amount"] - charge["amount_refunded"])
    _check(charge, amount, bank=bank)
    refund = store.save(_blank(charge, amount, params))
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    method = methods.find(charge["payment_method"])
    wish = methods.outcome(method).refund
    events.emit("refund.created", refund)
    if charge["status"] == "pending":
        refund.update(status="pending", pending_reason="charge_pending", _waits=True)
    elif bank or wish == "pending":
        refund.update(status="pending", pending_reason="processing")
        days = BANK_DAYS if bank else 1
        clock.set_alarm("refund_done", refund["id"], clock.bank_day_after(clock.now(), days))
    else:
        _book(refund)
        if wish == "fails":
            clock.set_alarm("refund_fails", refund["id"], clock.bank_day_after(clock.now(), 1))
    store.save(refund)
    if charge["status"] == "pending":
        store.save(charge)
    else:
        events.emit("charge.refunded", charge)
    return refund


def _charge(params: dict[str, Any]) -> Object:
    charge_id = params.get("charge")
    if intent_id := params.get("payment_intent"):
        intent = store.get(intent_id, "payment_intent")
        if intent is None:
            raise missing("payment_intent", intent_id, "payment_intent")
        charge_id = intent["latest_charge"]
    charge = store.get(charge_id or "", "charge")
    if charge is None:
        raise missing("charge", charge_id or "", "charge")
    return charge


def _check(charge: Object, amount: Any, *, bank: bool) -> None:
    if charge["status"] == "failed":
        raise invalid("This payment did not succeed.", code="charge_not_refundable")
    left = charge["amount"] - charge["amount_refunded"]
    if left <= 0:
        raise invalid("The charge has already been refunded.", code="charge_already_refunded")
    if not isinstance(amount, int) or amount < 1:
        raise invalid("Give an amount of one cent or more.", "amount", "parameter_invalid_integer")
    if amount > left:
        raise invalid(f"Refund amount ({amount}) is greater than the unrefunded amount ({left}).", "amount")
    if charge["disputed"] and not bank:
        raise invalid("The charge is disputed.", code="charge_disputed")
    if bank and charge["created"] + WINDOW < clock.now():
        raise invalid("Bank debits can be refunded for 180 days.", code="charge_not_refundable")


def _blank(charge: Object, amount: int, params: dict[str, Any]) -> Object:
    bank = charge["id"].startswith("py_")
    if bank:
        where: Object = {"type": "us_bank_transfer", "us_bank_transfer": {"reference": None, "reference_status": None}}
    else:
        where = {"type": "card", "card": {"type": "refund"}}
    return {
        "id": new_id("pyr" if bank else "re"), "object": "refund", "amount": amount, "balance_transaction": None,
        "charge": charge["id"], "created": clock.now(), "currency": charge["currency"], "customer": charge["customer"],
        "customer_account": None, "destination_details": where, "metadata": params.get("metadata") or {},
        "payment_intent": charge["payment_intent"], "payment_method": charge["payment_method"],
        "reason": params.get("reason"), "receipt_number": None, "source_transfer_reversal": None,
        "status": "succeeded", "transfer_reversal": None,
    }  # fmt: skip


def _book(refund: Object) -> None:
    kind = "payment_refund" if refund["id"].startswith("pyr_") else "refund"
    refund["balance_transaction"] = charges.book(refund["id"], -refund["amount"], kind)["id"]
    refund["status"] = "succeeded"
    refund.pop("pending_reason", None)


def start_waiting(charge: Object) -> None:
    """Send refunds off that waited for the debit to succeed."""
    for refund in store.all("refund", charge=charge["id"], _waits=True):
        refund.update(_waits=False, pending_reason="processing")
        clock.set_alarm("refund_done", refund["id"], clock.bank_day_after(clock.now(), BANK_DAYS))
        events.emit("refund.updated", refund)


@clock.alarm("refund_done")
def finish(refund_id: str) -> None:
    """Let a pending refund arrive."""
    refund = store.get(refund_id, "refund")
    if refund and refund["status"] == "pending":
        clock.drop_alarms(refund_id)
        _book(refund)
        _tell_change(refund)


@clock.alarm("refund_fails")
def fail(refund_id: str, reason: str = "") -> None:
    """Let a refund come back: the payer gets nothing and the money is ours again."""
    refund = retrieve(refund_id)
    if refund["status"] in ("failed", "canceled"):
        raise invalid("This refund has already ended.")
    clock.drop_alarms(refund_id)
    if refund["balance_transaction"]:
        back = charges.book(refund["id"], refund["amount"], "refund_failure")
        refund["failure_balance_transaction"] = back["id"]
    bank = refund["id"].startswith("pyr_")
    refund.pop("pending_reason", None)
    refund.update(status="failed", failure_reason=reason or ("unknown" if bank else "lost_or_stolen_card"))
    _give_back(refund)
    events.emit("refund.failed", refund)
    _tell_change(refund)


def cancel(refund_id: str) -> Object:
    """Answer POST /v1/refunds/{id}/cancel: never possible for our two kinds of payment."""
    refund = retrieve(refund_id)
    raise invalid(f"The refund with status {refund['status']} cannot be canceled.")


def _give_back(refund: Object) -> None:
    charge = store.get(refund["charge"], "charge")
    if charge:
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
        events.emit("charge.updated", charge)


def _tell_change(refund: Object) -> None:
    events.emit("refund.updated", refund)
    events.emit("charge.refund.updated", refund)


def retrieve(refund_id: str) -> Object:
    """Answer GET /v1/refunds/{id}."""
    if found := store.get(refund_id, "refund"):
        return found
    raise missing("refund", refund_id, "refund")


def update(refund_id: str, params: dict[str, Any]) -> Object:
    """Answer POST /v1/refunds/{id}: only metadata can change."""
    refund = retrieve(refund_id)
    refund["metadata"] = {**refund["metadata"], **(params.get("metadata") or {})}
    events.emit("refund.updated", refund)
    return refund

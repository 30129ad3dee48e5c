"""Disputes: chargebacks on cards, final ones on bank debits (also late returns), and inquiries. Amounts in cents."""

from typing import Any

from sandbox import charges, clock, events
from sandbox.errors import invalid, missing
from sandbox.store import Object, new_id, store, words

FEE = 1500  # cents
EVIDENCE = words("""access_activity_log billing_address cancellation_policy cancellation_policy_disclosure
cancellation_rebuttal customer_communication customer_email_address customer_name customer_purchase_ip
customer_signature duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id
product_description receipt refund_policy refund_policy_disclosure refund_refusal_explanation service_date
service_documentation shipping_address shipping_carrier shipping_date shipping_documentation
shipping_tracking_number uncategorized_file uncategorized_text""")
CLOSED = ("won", "lost", "warning_closed")


def open_for(charge: Object, reason: str, *, inquiry: bool = False) -> Object:
    """Open a dispute about a paid charge. On a bank debit it is lost at once and ends the mandate."""
    if charge["status"] != "succeeded":
        raise invalid("Only a paid charge can be disputed.", code="charge_invalid_parameter")
    if any(other["status"] not in CLOSED for other in store.all("dispute", charge=charge["id"])):
        raise invalid("The charge is already disputed.", code="charge_disputed")
    bank = charge["id"].startswith("py_")
    status = "warning_needs_response" if inquiry else "lost" if bank else "needs_response"
    dispute = store.save(_blank(charge, reason, status, final=bank and not inquiry))
    charge["disputed"] = True
    store.save(charge)
    if inquiry:
        events.emit("charge.dispute.created", dispute)
        return dispute
    _withdraw(dispute)
    events.emit("charge.dispute.created", dispute)
    events.emit("charge.dispute.funds_withdrawn", dispute)
    if bank:
        events.emit("charge.dispute.closed", dispute)
        charges.end_mandate(charge["payment_method_details"]["us_bank_account"]["mandate"])
    return dispute


def _blank(charge: Object, reason: str, status: str, *, final: bool) -> Object:
    detail = charge["payment_method_details"]
    details: Object | None = None
    if detail["type"] == "card":
        brand = detail["card"]["brand"]
        kind = "inquiry" if status.startswith("warning") else "chargeback"
        card = {"brand": brand, "case_type": kind, "network": brand, "network_reason_code": "10.4"}
        details = {"type": "card", "card": card}
    found: Object = {
        "id": new_id("du"), "object": "dispute", "amount": charge["amount"], "balance_transactions": [],
        "charge": charge["id"], "created": clock.now(), "currency": charge["currency"],
        "enhanced_eligibility_types": [], "evidence": {**dict.fromkeys(EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": None if final else clock.now() + 9 * clock.DAY, "enhanced_eligibility": {},
            "has_evidence": False, "past_due": False, "submission_count": 0, "submission_method": "not_submitted",
        },
        "intended_submission_method": None, "is_charge_refundable": status.startswith("warning"), "livemode": False,
        "metadata": {}, "payment_intent": charge["payment_intent"], "reason": reason, "status": status,
    }  # fmt: skip
    if details:
        found["payment_method_details"] = details
    return found


def _withdraw(dispute: Object) -> None:
    entry = charges.book(dispute["id"], -dispute["amount"], "adjustment", fee=FEE)
    dispute["balance_transactions"] = [*dispute["balance_transactions"], entry]


def retrieve(dispute_id: str) -> Object:
    """Answer GET /v1/disputes/{id}."""
    if found := store.get(dispute_id, "dispute"):
        return found
    raise missing("dispute", dispute_id, "dispute")


def update(dispute_id: str, params: dict[str, Any]) -> Object:
    """Answer POST /v1/disputes/{id}: evidence, and with `submit` its hand-in."""
    dispute = retrieve(dispute_id)
    if dispute["status"] in CLOSED:
        raise invalid("This dispute is closed.")
    given = {k: v for k, v in (params.get("evidence") or {}).items() if k in EVIDENCE}
    dispute["evidence"].update(given)
    dispute["metadata"] = {**dispute["metadata"], **(params.get("metadata") or {})}
    dispute["evidence_details"]["has_evidence"] = bool(given) or dispute["evidence_details"]["has_evidence"]
    if params.get("submit", True) and given:
        warning = dispute["status"].startswith("warning")
        dispute["status"] = "warning_under_review" if warning else "under_review"
        dispute["evidence_details"].update(submission_count=1, submission_method="manual")
    events.emit("charge.dispute.updated", dispute)
    return dispute


def accept(dispute_id: str) -> Object:
    """Answer POST /v1/disputes/{id}/close: we give up."""
    return end(dispute_id, won=False)


def end(dispute_id: str, *, won: bool) -> Object:
    """Close a dispute for us (`won`) or for the payer; an inquiry lost becomes a chargeback."""
    dispute = retrieve(dispute_id)
    if dispute["status"] in CLOSED:
        raise invalid("This dispute is closed.")
    if dispute["status"].startswith("warning"):
        return _end_inquiry(dispute, quiet=won)
    dispute["status"] = "won" if won else "lost"
    if won:
        entry = charges.book(dispute["id"], dispute["amount"], "adjustment")
        dispute["balance_transactions"] = [*dispute["balance_transactions"], entry]
        events.emit("charge.dispute.funds_reinstated", dispute)
    events.emit("charge.dispute.closed", dispute)
    return dispute


def _end_inquiry(dispute: Object, *, quiet: bool) -> Object:
    if quiet:
        dispute["status"] = "warning_closed"
        events.emit("charge.dispute.closed", dispute)
        return dispute
    dispute.update(status="needs_response", is_charge_refundable=False)
    _withdraw(dispute)
    events.emit("charge.dispute.updated", dispute)
    events.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute

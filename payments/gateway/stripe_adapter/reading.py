"""From Stripe's objects, as plain dicts, to the port's facts."""

from calendar import monthrange
from datetime import UTC, date, datetime
from typing import Any

from payments.gateway.port import (
    Action,
    ActionKind,
    DepositType,
    DisputeFacts,
    DisputeStatus,
    Intent,
    IntentStatus,
    Mandate,
    MethodFacts,
    RefundFacts,
    RefundStatus,
    Token,
)
from payments.rules import EASTERN

DEPOSITS = {"amounts": DepositType.AMOUNTS, "descriptor_code": DepositType.CODE}

STATUSES = {
    "requires_confirmation": IntentStatus.UNCONFIRMED,
    "requires_action": IntentStatus.AWAITING_MEMBER,
    "processing": IntentStatus.PROCESSING,
    "succeeded": IntentStatus.SUCCEEDED,
    "canceled": IntentStatus.CANCELED,
}

WORDS = {"card": "card", "us_bank_account": "bank"}


def token_of(found: dict[str, Any]) -> Token:
    preview = found.get("payment_method_preview") or {}
    card, bank = preview.get("card") or {}, preview.get("us_bank_account") or {}
    return Token(
        id=found["id"],
        method=WORDS.get(preview.get("type", ""), "other"),
        expires_at=datetime.fromtimestamp(found.get("expires_at") or 0, UTC),
        used=bool(found.get("payment_intent") or found.get("setup_intent")),
        live=found["livemode"],
        holder=(preview.get("billing_details") or {}).get("name") or "",
        brand=card.get("brand") or "",
        funding=card.get("funding") or "",
        last4=card.get("last4") or bank.get("last4") or "",
        bank_name=bank.get("bank_name") or "",
        account_type=bank.get("account_type") or "",
    )


def intent_of(found: dict[str, Any]) -> Intent:
    error = found.get("last_payment_error") or {}
    status = STATUSES.get(found["status"], IntentStatus.UNEXPECTED)
    if found["status"] == "requires_payment_method":
        status = IntentStatus.FAILED if error else IntentStatus.UNCONFIRMED
    charge = found.get("latest_charge")
    return Intent(
        id=found["id"],
        status=status,
        amount_cents=found["amount"],
        currency=found["currency"],
        live=found["livemode"],
        metadata=dict(found.get("metadata") or {}),
        charge_id=id_of(charge) or None,
        failure_code=str(error.get("decline_code") or error.get("code") or "") if status == "failed" else "",
        action=_action(found.get("next_action")),
        expected_on=_expected_on(charge),
        paid_with=method_of(found["payment_method"]) if isinstance(found.get("payment_method"), dict) else None,
    )


def method_of(found: dict[str, Any]) -> MethodFacts:
    card, bank = found.get("card") or {}, found.get("us_bank_account") or {}
    return MethodFacts(
        id=found["id"],
        customer_id=id_of(found.get("customer")),
        method=WORDS.get(found["type"], "other"),
        brand=card.get("brand") or "",
        funding=card.get("funding") or "",
        last4=card.get("last4") or bank.get("last4") or "",
        bank_name=bank.get("bank_name") or "",
        account_type=bank.get("account_type") or "",
        holder=(found.get("billing_details") or {}).get("name") or "",
        expires_on=_last_day(card["exp_year"], card["exp_month"]) if card else None,
        is_blocked=bool((bank.get("status_details") or {}).get("blocked")),
    )


def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def mandate_of(found: dict[str, Any]) -> Mandate:
    return Mandate(
        id=found["id"],
        method_id=id_of(found["payment_method"]),
        is_active=found["status"] != "inactive",
        is_reusable=found["type"] == "multi_use",
    )


def _action(found: dict[str, Any] | None) -> Action | None:
    if not found:
        return None
    if found["type"] == "redirect_to_url":
        return Action(ActionKind.REDIRECT, found["redirect_to_url"]["url"])
    if found["type"] == "verify_with_microdeposits":
        detail = found["verify_with_microdeposits"]
        return Action(
            ActionKind.MICRODEPOSITS,
            detail["hosted_verification_url"],
            datetime.fromtimestamp(detail["arrival_date"], UTC).astimezone(EASTERN).date(),
            DEPOSITS.get(detail.get("microdeposit_type") or ""),
        )
    return Action(ActionKind.SCRIPT, "")


def _expected_on(charge: Any) -> date | None:
    if not isinstance(charge, dict):
        return None
    detail = (charge.get("payment_method_details") or {}).get("us_bank_account") or {}
    text = detail.get("expected_debit_date")
    return date.fromisoformat(text) if text else None


def id_of(value: Any) -> str:
    """Return the id of an object that may or may not be expanded; '' for none."""
    return value["id"] if isinstance(value, dict) else (value or "")


DECIDED = {
    "won": DisputeStatus.WON,
    "prevented": DisputeStatus.WON,
    "warning_closed": DisputeStatus.WON,
    "lost": DisputeStatus.LOST,
}


def dispute_of(found: dict[str, Any]) -> DisputeFacts:
    """Return a dispute; Stripe does not name the method of a bank's, so the charge's id does."""
    kind = (found.get("payment_method_details") or {}).get("type", "")
    return DisputeFacts(
        id=found["id"],
        charge_id=id_of(found["charge"]),
        intent_id=id_of(found.get("payment_intent")),
        method="bank" if kind == "us_bank_account" or id_of(found["charge"]).startswith("py_") else "card",
        reason=found["reason"],
        amount_cents=found["amount"],
        status=DECIDED.get(found["status"], DisputeStatus.OPEN),
        is_inquiry=found["status"].startswith("warning_"),
        is_withdrawn=sum(entry["amount"] for entry in found["balance_transactions"]) < 0,
        fee_cents=sum(entry["fee"] for entry in found["balance_transactions"]),
    )


REFUNDS = {
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.FAILED,
}


def refund_of(found: dict[str, Any]) -> RefundFacts:
    status = REFUNDS.get(found["status"], RefundStatus.PENDING)
    return RefundFacts(
        id=found["id"],
        status=status,
        amount_cents=found["amount"],
        currency=found["currency"],
        intent_id=id_of(found.get("payment_intent")),
        metadata=dict(found.get("metadata") or {}),
        failure_code=str(found.get("failure_reason") or found["status"]) if status is RefundStatus.FAILED else "",
    )

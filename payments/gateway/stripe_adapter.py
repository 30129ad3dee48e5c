"""The one place that speaks to Stripe (stripe-python 16.1, API 2026-10-28.endive)."""

import json
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any

import stripe
from django.conf import settings

from payments.gateway import port
from payments.gateway.port import Action, ActionKind, Consent, Dispute, Intent, IntentStatus, Notice, Token

METHODS = {"card": "card", "bank": "us_bank_account"}
TOLERANCE_SECONDS = 300  # Stripe's own; the library checks the past alone, we check the future too
TOKEN_CODES = {
    "confirmation_token_already_used",
    "confirmation_token_expired",
    "confirmation_token_invalid",
}
STATUSES = {
    "requires_confirmation": IntentStatus.UNCONFIRMED,
    "requires_action": IntentStatus.AWAITING_MEMBER,
    "processing": IntentStatus.PROCESSING,
    "succeeded": IntentStatus.SUCCEEDED,
    "canceled": IntentStatus.CANCELED,
}
EXPAND = ["latest_charge", "payment_method"]
stripe.enable_telemetry = False


class StripeGateway:
    """Stripe behind the portal's port."""

    def __init__(self) -> None:
        self.client = stripe.StripeClient(
            settings.STRIPE_SECRET_KEY,
            base_addresses={"api": settings.STRIPE_API_BASE},
            http_client=stripe.RequestsClient(timeout=settings.GATEWAY_TIMEOUT),
            max_network_retries=1,
        )

    def token(self, token_id: str) -> Token:
        def ask() -> Any:
            return self.client.v1.confirmation_tokens.retrieve(token_id)

        try:
            return _token(_asked(ask))
        except port.Refused as error:
            raise port.TokenUnusable(error.code) from error

    def create(self, *, amount_cents: int, method: str, key: str, metadata: dict[str, str]) -> Intent:
        params: Any = {
            "amount": amount_cents,
            "currency": "usd",
            "allowed_payment_method_types": [METHODS[method]],
            "description": "Premium payment",
            "metadata": metadata,
        }
        if method == "card":
            params["statement_descriptor_suffix"] = "PREMIUM"
        else:
            params["statement_descriptor"] = "MA HEALTH PREM"
        return _intent(_asked(lambda: self.client.v1.payment_intents.create(params, {"idempotency_key": key})))

    def confirm(
        self,
        intent_id: str,
        *,
        token_id: str,
        method: str,
        return_url: str,
        key: str,
        consent: Consent | None,
    ) -> Intent:
        params: Any = {
            "confirmation_token": token_id,
            "return_url": return_url,
            "use_stripe_sdk": False,
            "expand": EXPAND,
        }
        if method == "bank":
            params["payment_method_options"] = {"us_bank_account": {"verification_method": "automatic"}}
        if consent:
            params["mandate_data"] = {"customer_acceptance": _acceptance(consent)}
        return _intent(
            _asked(lambda: self.client.v1.payment_intents.confirm(intent_id, params, {"idempotency_key": key}))
        )

    def intent(self, intent_id: str) -> Intent:
        return _intent(_asked(lambda: self.client.v1.payment_intents.retrieve(intent_id, {"expand": EXPAND})))

    def cancel(self, intent_id: str) -> Intent:
        key = f"{intent_id}:cancel:{time.time_ns()}"
        return _intent(
            _asked(
                lambda: self.client.v1.payment_intents.cancel(intent_id, {"expand": EXPAND}, {"idempotency_key": key})
            )
        )

    def intent_of_charge(self, charge_id: str) -> str:
        charge = _asked(lambda: self.client.v1.charges.retrieve(charge_id))
        return charge.get("payment_intent") or ""

    def dispute(self, dispute_id: str) -> Dispute:
        found = _asked(lambda: self.client.v1.disputes.retrieve(dispute_id))
        kind = (found.get("payment_method_details") or {}).get("type", "")
        return Dispute(
            id=found["id"],
            charge_id=_id(found["charge"]),
            intent_id=_id(found.get("payment_intent")),
            method="bank" if kind == "us_bank_account" or _id(found["charge"]).startswith("py_") else "card",
            reason=found["reason"],
            is_inquiry=found["status"].startswith("warning_"),
            won=found["status"] == "won",
        )

    def notice(self, body: bytes, signature: str) -> Notice:
        _check_signature(body, signature)
        try:
            event = json.loads(body)
            related = event.get("related_object") or event["data"]["object"]
            return Notice(
                event_id=event["id"],
                type=event["type"],
                object_id=related["id"],
                live=event["livemode"],
                api_version=event.get("api_version") or "",
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise port.NoticeRefused("unreadable") from error


def _asked(ask: Callable[[], Any]) -> dict[str, Any]:
    """Ask Stripe, return a plain dict, and turn every way it can go wrong into the port's words."""
    try:
        answer = ask()
    except stripe.StripeError as error:
        raise _translated(error) from error
    result: dict[str, Any] = answer.to_dict()
    return result


def _translated(error: stripe.StripeError) -> port.GatewayError:
    code, status = _code(error), error.http_status
    if status == HTTPStatus.PAYMENT_REQUIRED:
        return port.Declined(_decline_code(error))
    if status is None or not 400 <= status < 500:
        return port.OutcomeUnknown(code or "no answer")
    return _refusal(error, code, status)(code or str(status))


def _refusal(error: stripe.StripeError, code: str, status: int) -> type[port.GatewayError]:
    """Return what a refusal means for us. A reused key with other parameters is an error of ours: outcome unknown."""
    if isinstance(error, stripe.IdempotencyError):
        return port.OutcomeUnknown
    if status in (HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS):
        return port.Busy
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return port.NotAllowed
    about_token = code in TOKEN_CODES or getattr(error, "param", None) == "confirmation_token"
    return port.TokenUnusable if about_token else port.Refused


def _code(error: stripe.StripeError) -> str:
    body = error.json_body if isinstance(error.json_body, dict) else {}
    detail = body.get("error") if isinstance(body.get("error"), dict) else {}
    return str(error.code or (detail or {}).get("code") or (detail or {}).get("type") or "")


def _decline_code(error: stripe.StripeError) -> str:
    body = error.json_body if isinstance(error.json_body, dict) else {}
    detail = body.get("error") or {}
    return str(detail.get("decline_code") or detail.get("code") or "declined")


def _acceptance(consent: Consent) -> dict[str, Any]:
    return {
        "type": "online",
        "accepted_at": int(consent.accepted_at.timestamp()),
        "online": {"ip_address": consent.address, "user_agent": consent.user_agent or "unknown"},
    }


def _token(found: dict[str, Any]) -> Token:
    preview = found.get("payment_method_preview") or {}
    card, bank = preview.get("card") or {}, preview.get("us_bank_account") or {}
    return Token(
        id=found["id"],
        method={"card": "card", "us_bank_account": "bank"}.get(preview.get("type", ""), "other"),
        expires_at=datetime.fromtimestamp(found.get("expires_at") or 0, UTC),
        used=bool(found.get("payment_intent") or found.get("setup_intent")),
        live=found["livemode"],
        brand=card.get("brand") or "",
        funding=card.get("funding") or "",
        last4=card.get("last4") or bank.get("last4") or "",
        bank_name=bank.get("bank_name") or "",
        account_type=bank.get("account_type") or "",
    )


def _intent(found: dict[str, Any]) -> Intent:
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
        charge_id=_id(charge) or None,
        failure_code=str(error.get("decline_code") or error.get("code") or "") if status == "failed" else "",
        action=_action(found.get("next_action")),
        expected_on=_expected_on(charge),
    )


def _action(found: dict[str, Any] | None) -> Action | None:
    if not found:
        return None
    if found["type"] == "redirect_to_url":
        return Action(ActionKind.REDIRECT, found["redirect_to_url"]["url"])
    if found["type"] == "verify_with_microdeposits":
        detail = found["verify_with_microdeposits"]
        arrives = datetime.fromtimestamp(detail["arrival_date"], UTC).date()
        return Action(ActionKind.MICRODEPOSITS, detail["hosted_verification_url"], arrives)
    return Action(ActionKind.SCRIPT, "")


def _expected_on(charge: Any) -> date | None:
    if not isinstance(charge, dict):
        return None
    detail = (charge.get("payment_method_details") or {}).get("us_bank_account") or {}
    text = detail.get("expected_debit_date")
    return date.fromisoformat(text) if text else None


def _id(value: Any) -> str:
    """Return the id of an object that may or may not be expanded; '' for none."""
    return value["id"] if isinstance(value, dict) else (value or "")


def _check_signature(body: bytes, header: str) -> None:
    """Raise NoticeRefused unless one of our secrets signed these bytes within five minutes of now."""
    try:
        text = body.decode()
        sent_at = int(dict(part.split("=", 1) for part in header.split(","))["t"])
    except (ValueError, KeyError) as error:
        raise port.NoticeRefused("unreadable") from error
    if sent_at > time.time() + TOLERANCE_SECONDS:
        raise port.NoticeRefused("from the future")
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            if secret and stripe.WebhookSignature.verify_header(text, header, secret, TOLERANCE_SECONDS):
                return
        except stripe.SignatureVerificationError:
            continue
    raise port.NoticeRefused("signature")

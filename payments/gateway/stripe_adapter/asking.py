"""Asking Stripe: every way that it can go wrong becomes one of the port's words."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import stripe

from payments.gateway import port

TOKEN_CODES = {
    "confirmation_token_already_used",
    "confirmation_token_expired",
    "confirmation_token_invalid",
}
METHOD_CODES = {"payment_intent_mandate_invalid", "payment_method_invalid_parameter"}
DIFFERENT_DEPOSITS = {
    "payment_method_microdeposit_verification_amounts_invalid",
    "payment_method_microdeposit_verification_amounts_mismatch",
    "payment_method_microdeposit_verification_descriptor_code_mismatch",
}


BY_STATUS: dict[int, type[port.GatewayError]] = {
    HTTPStatus.CONFLICT: port.InProgress,
    HTTPStatus.TOO_MANY_REQUESTS: port.Busy,
    HTTPStatus.UNAUTHORIZED: port.NotAllowed,
    HTTPStatus.FORBIDDEN: port.NotAllowed,
}


def asked(ask: Callable[[], Any]) -> dict[str, Any]:
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
    """Return what a refusal means for us. The library has no class of its own for a key in use: the status says it."""
    if status in BY_STATUS:
        return BY_STATUS[status]
    if isinstance(error, stripe.IdempotencyError):
        return port.KeyReused
    if code in DIFFERENT_DEPOSITS:
        return port.DepositsDiffer
    param = getattr(error, "param", None)
    if code in TOKEN_CODES or param == "confirmation_token":
        return port.TokenUnusable
    return port.MethodUnusable if code in METHOD_CODES or param == "payment_method" else port.Refused


def _code(error: stripe.StripeError) -> str:
    body = error.json_body if isinstance(error.json_body, dict) else {}
    detail = body.get("error") if isinstance(body.get("error"), dict) else {}
    return str(error.code or (detail or {}).get("code") or (detail or {}).get("type") or "")


def _decline_code(error: stripe.StripeError) -> str:
    body = error.json_body if isinstance(error.json_body, dict) else {}
    detail = body.get("error") or {}
    return str(detail.get("decline_code") or detail.get("code") or "declined")

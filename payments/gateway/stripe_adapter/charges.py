"""Charges at Stripe: tokens, payment intents, and what takes them back."""

import time
from typing import Any

import stripe

from payments.gateway import port
from payments.gateway.port import Consent, DisputeFacts, Intent, Token
from payments.gateway.stripe_adapter.asking import asked
from payments.gateway.stripe_adapter.reading import dispute_of, intent_of, token_of

METHODS = {"card": "card", "bank": "us_bank_account"}
EXPAND = ["latest_charge", "payment_method"]
KEPT = {"setup_future_usage": "off_session"}  # for one method, never at the top: the page that made the token said so


class Charges:
    """The part of the adapter that speaks of charges."""

    client: stripe.StripeClient

    def token(self, token_id: str) -> Token:
        def ask() -> Any:
            return self.client.v1.confirmation_tokens.retrieve(token_id)

        try:
            return token_of(asked(ask))
        except port.Refused as error:
            raise port.TokenUnusable(error.code) from error

    def create(
        self,
        *,
        amount_cents: int,
        method: str,
        key: str,
        metadata: dict[str, str],
        customer_id: str = "",
        saves: bool = False,
    ) -> Intent:
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
        if customer_id:
            params["customer"] = customer_id
        if saves:
            params["payment_method_options"] = {METHODS[method]: dict(KEPT)}
        return intent_of(asked(lambda: self.client.v1.payment_intents.create(params, {"idempotency_key": key})))

    def confirm(
        self,
        intent_id: str,
        *,
        token_id: str,
        method: str,
        return_url: str,
        key: str,
        consent: Consent | None,
        saves: bool = False,
    ) -> Intent:
        params: Any = {
            "confirmation_token": token_id,
            "return_url": return_url,
            "use_stripe_sdk": False,
            "expand": EXPAND,
        }
        options = dict(KEPT) if saves else {}
        if method == "bank":
            options["verification_method"] = "automatic"
        if options:
            params["payment_method_options"] = {METHODS[method]: options}
        return self._confirm(intent_id, params, key, consent)

    def _confirm(self, intent_id: str, params: Any, key: str, consent: Consent | None) -> Intent:
        if consent:
            params["mandate_data"] = {"customer_acceptance": _acceptance(consent)}
        return intent_of(
            asked(lambda: self.client.v1.payment_intents.confirm(intent_id, params, {"idempotency_key": key}))
        )

    def intent(self, intent_id: str) -> Intent:
        return intent_of(asked(lambda: self.client.v1.payment_intents.retrieve(intent_id, {"expand": EXPAND})))

    def cancel(self, intent_id: str) -> Intent:
        key = f"{intent_id}:cancel:{time.time_ns()}"
        return intent_of(
            asked(
                lambda: self.client.v1.payment_intents.cancel(intent_id, {"expand": EXPAND}, {"idempotency_key": key})
            )
        )

    def verify_microdeposits(self, intent_id: str, amounts: tuple[int, int] | None = None, code: str = "") -> Intent:
        params: Any = {"descriptor_code": code} if code else {"amounts": list(amounts or ())}
        params["expand"] = EXPAND
        key = f"{intent_id}:deposits:{time.time_ns()}"  # each try counts at the gateway, the same values twice too
        return intent_of(
            asked(
                lambda: self.client.v1.payment_intents.verify_microdeposits(intent_id, params, {"idempotency_key": key})
            )
        )

    def intent_of_charge(self, charge_id: str) -> str:
        charge = asked(lambda: self.client.v1.charges.retrieve(charge_id))
        return charge.get("payment_intent") or ""

    def dispute(self, dispute_id: str) -> DisputeFacts:
        return dispute_of(asked(lambda: self.client.v1.disputes.retrieve(dispute_id)))


def _acceptance(consent: Consent) -> dict[str, Any]:
    return {
        "type": "online",
        "accepted_at": int(consent.accepted_at.timestamp()),
        "online": {"ip_address": consent.address, "user_agent": consent.user_agent or "unknown"},
    }

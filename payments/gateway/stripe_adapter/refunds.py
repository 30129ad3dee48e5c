"""Refunds at Stripe."""

from typing import Any

import stripe

from payments.gateway.port import RefundFacts
from payments.gateway.stripe_adapter.asking import asked
from payments.gateway.stripe_adapter.reading import refund_of

MOST = 100  # Stripe's largest page; one payment never has so many


class Refunds:
    """The part of the adapter that speaks of money sent back."""

    client: stripe.StripeClient

    def refund(self, intent_id: str, *, amount_cents: int, key: str, metadata: dict[str, str]) -> RefundFacts:
        params: Any = {"payment_intent": intent_id, "amount": amount_cents, "metadata": metadata}
        return refund_of(asked(lambda: self.client.v1.refunds.create(params, {"idempotency_key": key})))

    def refund_state(self, refund_id: str) -> RefundFacts:
        return refund_of(asked(lambda: self.client.v1.refunds.retrieve(refund_id)))

    def refunds_of(self, intent_id: str) -> list[RefundFacts]:
        page = asked(lambda: self.client.v1.refunds.list({"payment_intent": intent_id, "limit": MOST}))
        return [refund_of(found) for found in page["data"]]

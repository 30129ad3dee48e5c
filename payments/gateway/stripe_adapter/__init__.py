"""The one place that speaks to Stripe (stripe-python 16.1, API 2026-10-28.endive)."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import stripe
from django.conf import settings

from payments.gateway.port import Notice
from payments.gateway.stripe_adapter.asking import asked
from payments.gateway.stripe_adapter.lists import Lists
from payments.gateway.stripe_adapter.notices import notice_of
from payments.gateway.stripe_adapter.refunds import Refunds
from payments.gateway.stripe_adapter.saving import Saving

stripe.enable_telemetry = False


class StripeGateway(Saving, Refunds, Lists):
    """Stripe behind the portal's port."""

    def __init__(self) -> None:
        self.client = stripe.StripeClient(
            settings.STRIPE_SECRET_KEY,
            base_addresses={"api": settings.STRIPE_API_BASE},
            http_client=stripe.RequestsClient(timeout=settings.GATEWAY_TIMEOUT),
            max_network_retries=1,
        )

    def now(self) -> datetime:
        answers: list[Any] = []

        def ask() -> Any:
            answers.append(self.client.v1.events.list({"limit": 1}))
            return answers[0]

        asked(ask)
        return parsedate_to_datetime(answers[0].last_response.headers["date"])

    def notice(self, body: bytes, signature: str) -> Notice:
        return notice_of(body, signature)

"""Customers at Stripe, and the cards and accounts that are kept for them."""

import time
from typing import Any

from payments.gateway import port
from payments.gateway.port import Consent, Intent, Mandate, MethodFacts
from payments.gateway.stripe_adapter.asking import asked
from payments.gateway.stripe_adapter.charges import EXPAND, Charges
from payments.gateway.stripe_adapter.reading import mandate_of, method_of


class Saving(Charges):
    """The part of the adapter that keeps payment methods and charges what is kept."""

    def new_customer(self, *, key: str, metadata: dict[str, str]) -> str:
        made = asked(lambda: self.client.v1.customers.create({"metadata": metadata}, {"idempotency_key": key}))
        return str(made["id"])

    def confirm_saved(
        self,
        intent_id: str,
        *,
        method_id: str,
        return_url: str,
        key: str,
        consent: Consent | None,
        off_session: bool,
    ) -> Intent:
        params: Any = {"payment_method": method_id, "use_stripe_sdk": False, "expand": EXPAND}
        params |= {"off_session": True} if off_session else {"return_url": return_url}
        return self._confirm(intent_id, params, key, consent)

    def saved_method(self, method_id: str) -> MethodFacts:
        try:
            return method_of(asked(lambda: self.client.v1.payment_methods.retrieve(method_id)))
        except port.MethodUnusable as error:
            raise port.Refused(error.code) from error

    def forget(self, method_id: str) -> MethodFacts:
        kept = self.saved_method(method_id)
        if not kept.customer_id:
            return kept
        key = f"{method_id}:detach:{time.time_ns()}"
        return method_of(asked(lambda: self.client.v1.payment_methods.detach(method_id, {}, {"idempotency_key": key})))

    def mandate(self, mandate_id: str) -> Mandate:
        return mandate_of(asked(lambda: self.client.v1.mandates.retrieve(mandate_id)))

"""What the gateway in memory keeps for customers, and what tests do to it."""

from dataclasses import replace

from payments.gateway import port
from payments.gateway.fake.charges import Charges
from payments.gateway.port import Consent, Intent, IntentStatus, Mandate, MethodFacts


class Saving(Charges):
    """Kept cards and accounts: `block`, `detach` and `revoke` are what banks and the gateway's staff do to them."""

    # --- the port ------------------------------------------------------------------------------------------------
    def new_customer(self, *, key: str, metadata: dict[str, str]) -> str:
        self._enter("new_customer")

        def make() -> str:
            customer_id = f"cus_{next(self.numbers)}"
            self.customers[customer_id] = dict(metadata)
            return customer_id

        return self._leave("new_customer", self._once(key, tuple(metadata.items()), make))

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
        self._enter("confirm_saved")
        self.consents[intent_id] = consent
        question = (intent_id, method_id, off_session)
        answer = self._once(key, question, lambda: self._charged(intent_id, method_id, off_session))
        return self._leave("confirm_saved", answer)

    def saved_method(self, method_id: str) -> MethodFacts:
        self._enter("saved_method")
        if method_id not in self.methods:
            raise port.Refused("resource_missing")
        return self.methods[method_id][0]

    def forget(self, method_id: str) -> MethodFacts:
        self._enter("forget")
        if method_id not in self.methods:
            raise port.Refused("resource_missing")
        self.detach(method_id)
        return self._leave("forget", self.methods[method_id][0])

    def mandate(self, mandate_id: str) -> Mandate:
        self._enter("mandate")
        if mandate_id not in self.mandates:
            raise port.Refused("resource_missing")
        return self.mandates[mandate_id]

    # --- what tests do to what is kept -----------------------------------------------------------------------------
    def detach(self, method_id: str) -> None:
        """The gateway keeps it for no one any more."""
        self._change(method_id, customer_id="")

    def block(self, method_id: str) -> None:
        """The bank lets nobody debit this account any more."""
        self._change(method_id, is_blocked=True)

    def revoke(self, method_id: str) -> str:
        """The holder withdraws the permission to debit; return the mandate's id."""
        mandate = self.mandates[f"mandate_{method_id}"]
        self.mandates[mandate.id] = replace(mandate, is_active=False)
        return mandate.id

    # --- inside ----------------------------------------------------------------------------------------------------
    def _change(self, method_id: str, **changes: object) -> None:
        facts, behaviour = self.methods[method_id]
        self.methods[method_id] = (replace(facts, **changes), behaviour)  # type: ignore[arg-type]  # a test's own words

    def _charged(self, intent_id: str, method_id: str, off_session: bool) -> Intent:
        intent = self._known(intent_id)
        if intent.status != IntentStatus.UNCONFIRMED:
            raise port.Refused("payment_intent_unexpected_state")
        facts, behaviour = self.methods.get(method_id, (None, ""))
        if facts is None or not facts.customer_id or facts.customer_id != self.customer_of[intent_id]:
            raise port.MethodUnusable("payment_method")
        mandate = self.mandates.get(f"mandate_{method_id}")
        if off_session and mandate and not mandate.is_active:
            raise port.MethodUnusable("payment_intent_mandate_invalid")
        if facts.is_blocked:
            raise self._declined(intent_id, "bank_account_unusable")
        if behaviour == "card_fails_later":
            raise self._declined(intent_id, "generic_decline")
        if behaviour == "card_asks_always" and off_session:
            raise self._declined(intent_id, "authentication_required")
        self._set(intent_id, paid_with=facts)
        return self._accepted(intent_id, {"card_3ds": "card", "bank_by_hand": "bank"}.get(behaviour, behaviour))

"""Charges of the gateway in memory, and what tests do with them at the bank."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from payments.gateway import port
from payments.gateway.fake import deposits
from payments.gateway.fake.memory import Memory
from payments.gateway.port import (
    Action,
    ActionKind,
    Consent,
    DisputeFacts,
    Intent,
    IntentStatus,
    Mandate,
    MethodFacts,
    Token,
)

DECLINES = {"card_declined": "generic_decline", "card_no_funds": "insufficient_funds"}


class Charges(Memory):
    """Steered by tests: `new_token` says what a card will do, `settle` and `fail_debit` what the bank does."""

    # --- the port ------------------------------------------------------------------------------------------------
    def token(self, token_id: str) -> Token:
        self._enter("token")
        if token_id not in self.tokens:
            raise port.TokenUnusable("resource_missing")
        return self.tokens[token_id][0]

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
        self._enter("create")

        def make() -> Intent:
            intent = Intent(
                f"pi_{next(self.numbers)}",
                IntentStatus.UNCONFIRMED,
                amount_cents,
                "usd",
                False,
                dict(metadata),
            )
            self.intents[intent.id] = intent
            self.customer_of[intent.id] = customer_id
            self.keeps |= {intent.id} if saves else set()
            return intent

        question = (amount_cents, method, tuple(metadata.items()), customer_id, saves)
        return self._leave("create", self._once(key, question, make))

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
        self._enter("confirm")
        self.consents[intent_id] = consent
        answer = self._once(key, (intent_id, token_id, saves), lambda: self._confirmed(intent_id, token_id, method))
        return self._leave("confirm", answer)

    def intent(self, intent_id: str) -> Intent:
        self._enter("intent")
        return self._known(intent_id)

    def cancel(self, intent_id: str) -> Intent:
        self._enter("cancel")
        may_end = (IntentStatus.UNCONFIRMED, IntentStatus.AWAITING_MEMBER)
        if self._known(intent_id).status not in may_end and intent_id not in self.stuck:
            raise port.Refused("payment_intent_unexpected_state")
        self.stuck.discard(intent_id)
        return self._leave("cancel", self._set(intent_id, status=IntentStatus.CANCELED, action=None))

    def intent_of_charge(self, charge_id: str) -> str:
        self._enter("intent_of_charge")
        return next((i.id for i in self.intents.values() if i.charge_id == charge_id), "")

    def dispute(self, dispute_id: str) -> DisputeFacts:
        self._enter("dispute")
        if dispute_id not in self.disputes:
            raise port.Refused("resource_missing")
        return self.disputes[dispute_id]

    # --- what tests do at the bank ---------------------------------------------------------------------------------
    def new_token(self, behaviour: str = "card", *, lives: timedelta = timedelta(hours=12), live: bool = False) -> str:
        """Return a token that behaves as named.

        card, card_declined, card_no_funds, card_3ds, bank, bank_by_hand, bank_by_hand_code, bank_stuck; and of what
        is kept: card_fails_later (declined once it is kept), card_asks_always (a 3-D Secure question at every charge).
        """
        token_id = f"ctoken_{next(self.numbers)}"
        is_bank = behaviour.startswith("bank")
        token = Token(
            id=token_id,
            method="bank" if is_bank else "card",
            expires_at=datetime.now(UTC) + lives,
            used=False,
            live=live,
            holder="Testa Holder",
            brand="" if is_bank else "visa",
            funding="" if is_bank else "credit",
            last4="6789" if is_bank else "4242",
            bank_name="Test Bank" if is_bank else "",
            account_type="checking" if is_bank else "",
        )
        self.tokens[token_id] = (token, behaviour)
        return token_id

    def settle(self, intent_id: str) -> None:
        """The bank posts the debit, or the member passes the bank's check."""
        charge_id = self._known(intent_id).charge_id or f"py_{next(self.numbers)}"
        self._succeeded(intent_id, charge_id=charge_id)

    def fail_debit(self, intent_id: str, code: str = "insufficient_funds") -> None:
        """The bank refuses the debit, or the member fails the bank's check."""
        self._set(intent_id, status=IntentStatus.FAILED, failure_code=code, action=None)

    # --- inside ----------------------------------------------------------------------------------------------------
    def _confirmed(self, intent_id: str, token_id: str, method: str) -> Intent:
        intent = self._known(intent_id)
        if intent.status != IntentStatus.UNCONFIRMED:
            raise port.Refused("payment_intent_unexpected_state")
        token, behaviour = self.tokens.get(token_id, (None, ""))
        if token is None or token.used or token.expires_at < datetime.now(UTC) or token.method != method:
            raise port.TokenUnusable("confirmation_token_already_used")
        self.tokens[token_id] = (replace(token, used=True), behaviour)
        if behaviour in DECLINES:
            raise self._declined(intent_id, DECLINES[behaviour])
        self._set(intent_id, paid_with=self._method_of(token, behaviour))
        return self._accepted(intent_id, behaviour)

    def _declined(self, intent_id: str, code: str) -> port.Declined:
        self._set(intent_id, status=IntentStatus.FAILED, failure_code=code)
        return port.Declined(code)

    def _method_of(self, token: Token, behaviour: str) -> MethodFacts:
        facts = MethodFacts(
            id=f"pm_{next(self.numbers)}",
            customer_id="",
            method=token.method,
            brand=token.brand,
            funding=token.funding,
            last4=token.last4,
            bank_name=token.bank_name,
            account_type=token.account_type,
            holder=token.holder,
            expires_on=date(2034, 12, 31) if token.method == "card" else None,
        )
        self.methods[facts.id] = (facts, behaviour)
        return facts

    def _succeeded(self, intent_id: str, **changes: Any) -> Intent:
        """Mark a charge as paid, and keep its method for the customer if that was wished."""
        intent = self._set(intent_id, status=IntentStatus.SUCCEEDED, action=None, **changes)
        if intent_id in self.keeps and intent.paid_with:
            _, behaviour = self.methods[intent.paid_with.id]
            kept = replace(intent.paid_with, customer_id=self.customer_of[intent_id])
            self.methods[kept.id] = (kept, behaviour)
            if kept.method == "bank":
                self.mandates[f"mandate_{kept.id}"] = Mandate(f"mandate_{kept.id}", kept.id, True, True)
            return self._set(intent_id, paid_with=kept)
        return intent

    def _accepted(self, intent_id: str, behaviour: str) -> Intent:
        charge_id = f"{'py' if behaviour.startswith('bank') else 'ch'}_{next(self.numbers)}"
        if behaviour in ("card_3ds", "card_asks_always"):
            action = Action(ActionKind.REDIRECT, f"https://bank.example.test/3ds/{intent_id}")
            return self._set(intent_id, status=IntentStatus.AWAITING_MEMBER, action=action, charge_id=charge_id)
        if behaviour.startswith("bank_by_hand"):
            action = deposits.asked(intent_id, behaviour)
            return self._set(intent_id, status=IntentStatus.AWAITING_MEMBER, action=action)
        if behaviour == "bank_stuck":  # the gateway has not sent it to the bank: it may still be canceled
            self.stuck.add(intent_id)
        if behaviour.startswith("bank"):
            return self._set(intent_id, status=IntentStatus.PROCESSING, charge_id=charge_id)
        return self._succeeded(intent_id, charge_id=charge_id)

"""Charges of the gateway in memory, and what tests do with them at the bank."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from payments.gateway import port
from payments.gateway.fake import deposits
from payments.gateway.fake.memory import Memory
from payments.gateway.port import Action, ActionKind, Consent, DisputeFacts, Intent, IntentStatus, Token

DECLINES = {"card_declined": "generic_decline", "card_no_funds": "insufficient_funds"}


class Charges(Memory):
    """Steered by tests: `new_token` says what a card will do, `settle` and `fail_debit` what the bank does."""

    # --- the port ------------------------------------------------------------------------------------------------
    def token(self, token_id: str) -> Token:
        self._enter("token")
        if token_id not in self.tokens:
            raise port.TokenUnusable("resource_missing")
        return self.tokens[token_id][0]

    def create(self, *, amount_cents: int, method: str, key: str, metadata: dict[str, str]) -> Intent:
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
            return intent

        return self._leave("create", self._once(key, (amount_cents, method, tuple(metadata.items())), make))

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
        self._enter("confirm")
        self.consents[intent_id] = consent
        answer = self._once(key, (intent_id, token_id), lambda: self._confirmed(intent_id, token_id, method))
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
        """Return a token that behaves as named: card, card_declined, card_no_funds, card_3ds, bank, bank_by_hand,
        bank_by_hand_code, bank_stuck.
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
        self._set(intent_id, status=IntentStatus.SUCCEEDED, action=None, charge_id=charge_id)

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
            self._set(intent_id, status=IntentStatus.FAILED, failure_code=DECLINES[behaviour])
            raise port.Declined(DECLINES[behaviour])
        return self._accepted(intent_id, behaviour)

    def _accepted(self, intent_id: str, behaviour: str) -> Intent:
        charge_id = f"{'py' if behaviour.startswith('bank') else 'ch'}_{next(self.numbers)}"
        if behaviour == "card_3ds":
            action = Action(ActionKind.REDIRECT, f"https://bank.example.test/3ds/{intent_id}")
            return self._set(intent_id, status=IntentStatus.AWAITING_MEMBER, action=action, charge_id=charge_id)
        if behaviour.startswith("bank_by_hand"):
            action = deposits.asked(intent_id, behaviour)
            return self._set(intent_id, status=IntentStatus.AWAITING_MEMBER, action=action)
        if behaviour == "bank_stuck":  # the gateway has not sent it to the bank: it may still be canceled
            self.stuck.add(intent_id)
        status = IntentStatus.PROCESSING if behaviour.startswith("bank") else IntentStatus.SUCCEEDED
        return self._set(intent_id, status=status, charge_id=charge_id)

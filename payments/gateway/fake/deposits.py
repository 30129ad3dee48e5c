"""Small deposits of the gateway in memory, with the sandbox's values for right, one try too many, and too late."""

from datetime import datetime, timedelta
from itertools import count

from payments.gateway import port
from payments.gateway.fake.memory import Memory
from payments.gateway.port import Action, ActionKind, DepositType, Intent, IntentStatus
from payments.rules import EASTERN

TRIES = 10
PREFIX = "payment_method_microdeposit_verification_"
MEANING: dict[tuple[int, int] | str, str] = {
    (32, 45): "right",
    "SM11AA": "right",
    (10, 11): "attempts_exceeded",
    "SM33CC": "attempts_exceeded",
    (40, 41): "timeout",
    "SM44DD": "timeout",
}


def asked(intent_id: str, behaviour: str) -> Action:
    """Return what the member must do: bank_by_hand asks for amounts, bank_by_hand_code for a code."""
    return Action(
        ActionKind.MICRODEPOSITS,
        f"https://bank.example.test/small/{intent_id}",
        datetime.now(EASTERN).date() + timedelta(days=2),
        DepositType.CODE if behaviour.endswith("code") else DepositType.AMOUNTS,
    )


class Deposits(Memory):
    """Verification of an account that was typed by hand."""

    def verify_microdeposits(self, intent_id: str, amounts: tuple[int, int] | None = None, code: str = "") -> Intent:
        self._enter("verify_microdeposits")
        action = self._known(intent_id).action
        if action is None or action.kind is not ActionKind.MICRODEPOSITS:
            raise port.Refused("payment_intent_unexpected_state")
        typed: tuple[int, int] | str = code or (min(amounts or (0, 0)), max(amounts or (0, 0)))
        meaning = MEANING.get(typed, "differs")
        if meaning == "right":
            charge_id = f"py_{next(self.numbers)}"
            intent = self._set(intent_id, status=IntentStatus.PROCESSING, action=None, charge_id=charge_id)
            return self._leave("verify_microdeposits", intent)
        tries = next(self.deposit_tries.setdefault(intent_id, count(1)))  # in one step, also among threads
        if meaning == "differs" and tries < TRIES:
            self._leave("verify_microdeposits", self._known(intent_id))
            kind = "descriptor_code" if code else "amounts"
            raise port.DepositsDiffer(f"{PREFIX}{kind}_mismatch")
        reason = PREFIX + ("attempts_exceeded" if meaning == "differs" else meaning)
        self._leave("verify_microdeposits", self._set_failed(intent_id, reason))
        raise port.Refused(reason)

    def end_deposits(self, intent_id: str) -> None:
        """Ten days are over, and the member did not come."""
        self._set_failed(intent_id, f"{PREFIX}timeout")

    def _set_failed(self, intent_id: str, code: str) -> Intent:
        return self._set(intent_id, status=IntentStatus.FAILED, failure_code=code, action=None)

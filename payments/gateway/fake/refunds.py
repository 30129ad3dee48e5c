"""Refunds and disputes of the gateway in memory, and what tests do with them at the bank."""

from dataclasses import replace

from payments.gateway import port
from payments.gateway.fake.memory import Memory
from payments.gateway.port import DisputeFacts, DisputeStatus, IntentStatus, RefundFacts, RefundStatus

DISPUTE_FEE = 1500  # cents


class Refunds(Memory):
    """A refund to a card succeeds at once, one to a bank account is pending until `finish_refund`."""

    def refund(self, intent_id: str, *, amount_cents: int, key: str, metadata: dict[str, str]) -> RefundFacts:
        self._enter("refund")
        question = (intent_id, amount_cents, tuple(metadata.items()))
        made = self._once(key, question, lambda: self._refunded(intent_id, amount_cents, metadata))
        return self._leave("refund", made)

    def refund_state(self, refund_id: str) -> RefundFacts:
        self._enter("refund_state")
        if refund_id not in self.refunds:
            raise port.Refused("resource_missing")
        return self.refunds[refund_id]

    def refunds_of(self, intent_id: str) -> list[RefundFacts]:
        self._enter("refunds_of")
        return [refund for refund in reversed(self.refunds.values()) if refund.intent_id == intent_id]

    # --- what tests do at the bank ---------------------------------------------------------------------------------
    def finish_refund(self, refund_id: str) -> None:
        """The payer has the money."""
        self._set_refund(replace(self.refunds[refund_id], status=RefundStatus.SUCCEEDED))

    def fail_refund(self, refund_id: str, code: str = "unknown") -> None:
        """The money comes back to us."""
        self._set_refund(replace(self.refunds[refund_id], status=RefundStatus.FAILED, failure_code=code))

    def open_dispute(self, intent_id: str, reason: str = "fraudulent", *, is_inquiry: bool = False) -> str:
        """A card's bank looks into a charge; return the dispute's id."""
        return self._disputed(intent_id, "card", reason, DisputeStatus.OPEN, is_inquiry=is_inquiry)

    def return_debit(self, intent_id: str, reason: str = "insufficient_funds", *, is_inquiry: bool = False) -> str:
        """The bank takes a settled debit back, or asks about it; return the id of the dispute that tells so."""
        status = DisputeStatus.OPEN if is_inquiry else DisputeStatus.LOST
        return self._disputed(intent_id, "bank", reason, status, is_inquiry=is_inquiry)

    def close_dispute(self, dispute_id: str, *, won: bool) -> None:
        """The bank decides. An inquiry that is lost becomes a dispute."""
        found = self.disputes[dispute_id]
        if found.is_inquiry and not won:
            found = replace(found, is_inquiry=False, is_withdrawn=True, fee_cents=DISPUTE_FEE)
        else:
            status = DisputeStatus.WON if won else DisputeStatus.LOST
            found = replace(found, status=status, is_withdrawn=found.is_withdrawn and not won)
        self._set_dispute(found)

    # --- inside ----------------------------------------------------------------------------------------------------
    def _refunded(self, intent_id: str, amount_cents: int, metadata: dict[str, str]) -> RefundFacts:
        intent = self._known(intent_id)
        disputes = [d for d in self.disputes.values() if d.intent_id == intent_id and not d.is_inquiry]
        if any(d.method == "card" for d in disputes):
            raise port.Refused("charge_disputed")
        gone = (RefundStatus.PENDING, RefundStatus.SUCCEEDED)
        rest = intent.amount_cents - sum(r.amount_cents for r in self.refunds_in(intent_id) if r.status in gone)
        if intent.status is not IntentStatus.SUCCEEDED or not 0 < amount_cents <= rest:
            raise port.Refused("charge_already_refunded" if rest <= 0 else "charge_not_refundable")
        is_bank = (intent.charge_id or "").startswith("py_")
        status = RefundStatus.PENDING if is_bank else RefundStatus.SUCCEEDED
        name = f"{'pyr' if is_bank else 're'}_{next(self.numbers)}"
        made = RefundFacts(name, status, amount_cents, "usd", intent_id, dict(metadata))
        self._set_refund(made)
        return made

    def refunds_in(self, intent_id: str) -> list[RefundFacts]:
        """Return what was sent back of a charge, without a call being counted."""
        return [refund for refund in self.refunds.values() if refund.intent_id == intent_id]

    def _disputed(self, intent_id: str, method: str, reason: str, status: DisputeStatus, *, is_inquiry: bool) -> str:
        intent = self._known(intent_id)
        assert intent.charge_id  # noqa: S101 - a test that disputes what was never charged is wrong
        dispute = DisputeFacts(
            f"du_{next(self.numbers)}",
            intent.charge_id,
            intent_id,
            method,
            reason,
            intent.amount_cents,
            status,
            is_inquiry=is_inquiry,
            is_withdrawn=not is_inquiry,
            fee_cents=0 if is_inquiry else DISPUTE_FEE,
        )
        self._set_dispute(dispute)
        return dispute.id

    def _set_refund(self, refund: RefundFacts) -> None:
        self.refunds[refund.id] = refund

    def _set_dispute(self, dispute: DisputeFacts) -> None:
        self.disputes[dispute.id] = dispute

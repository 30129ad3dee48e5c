"""What the contract suite needs to do at the bank, for the gateway in memory and for the sandbox alike."""

import json
import time
from dataclasses import dataclass
from typing import Any

import requests
import stripe

from payments.gateway.fake import FakeGateway, notice_body, sign
from payments.gateway.port import Gateway
from tests.parts import Sandbox

NAMED = {
    "card_fails_later": "pm_card_chargeCustomerFail",
    "card_asks_always": "pm_card_authenticationRequired",
    "bank_of_its_own": "pm_usBankAccount_failMicrodeposits",  # blocking it blocks the account number for good
}


@dataclass
class MemoryBank:
    """The bank behind the gateway in memory."""

    gateway: FakeGateway

    def token(self, behaviour: str) -> str:
        return self.gateway.new_token(behaviour)

    def settle(self, intent_id: str) -> None:
        self.gateway.settle(intent_id)

    def passes(self, intent_id: str) -> None:
        self.gateway.settle(intent_id)

    def fail(self, intent_id: str) -> None:
        self.gateway.fail_debit(intent_id, "insufficient_funds")

    def take_back(self, intent_id: str) -> str:
        return self.gateway.return_debit(intent_id)

    def block(self, method_id: str) -> None:
        self.gateway.block(method_id)

    def revoke(self, method_id: str) -> str:
        return self.gateway.revoke(method_id)

    def finish_refund(self, refund_id: str) -> None:
        self.gateway.finish_refund(refund_id)

    def fail_refund(self, refund_id: str) -> None:
        self.gateway.fail_refund(refund_id, "lost_or_stolen_card")

    def open_dispute(self, intent_id: str, *, is_inquiry: bool = False) -> str:
        return self.gateway.open_dispute(intent_id, is_inquiry=is_inquiry)

    def close_dispute(self, dispute_id: str, *, won: bool) -> None:
        self.gateway.close_dispute(dispute_id, won=won)

    def refund(self, intent_id: str, cents: int) -> str:
        return self.gateway.give_back(intent_id, cents)

    def pay_out(self) -> str:
        return self.gateway.pay_out().id

    def signed(self, event_id: str, type_: str, object_id: str) -> tuple[bytes, str]:
        body = notice_body(event_id, type_, object_id)
        return body, sign(body)


@dataclass
class SandboxBank:
    """The bank behind the sandbox."""

    gateway: Gateway
    sandbox: Sandbox

    def token(self, behaviour: str) -> str:
        facts = {"payment_method": NAMED[behaviour]} if behaviour in NAMED else {"behaviour": behaviour}
        return self.sandbox.control("token", **facts)["id"]

    def settle(self, intent_id: str) -> None:
        self.sandbox.control("settle", intent=intent_id)

    def passes(self, intent_id: str) -> None:
        """The member answers the bank's question."""
        requests.post(
            f"{self.sandbox.url}/3ds/{intent_id}", data={"answer": "complete"}, allow_redirects=False, timeout=9
        )

    def fail(self, intent_id: str) -> None:
        self.sandbox.control("fail", intent=intent_id, code="insufficient_funds")

    def take_back(self, intent_id: str) -> str:
        return self.sandbox.control("return", intent=intent_id, reason="insufficient_funds")["id"]

    def block(self, method_id: str) -> None:
        self.sandbox.control("block", payment_method=method_id)

    def revoke(self, method_id: str) -> str:
        mandates = self.sandbox.look("state")["mandates"]
        mandate = next(m["id"] for m in mandates if m["payment_method"] == method_id and m["type"] == "multi_use")
        self.sandbox.control("mandate/revoke", mandate=mandate)
        return mandate

    def finish_refund(self, refund_id: str) -> None:
        self.sandbox.control("refund/finish", refund=refund_id)

    def fail_refund(self, refund_id: str) -> None:
        self.sandbox.control("refund/fail", refund=refund_id, reason="lost_or_stolen_card")

    def open_dispute(self, intent_id: str, *, is_inquiry: bool = False) -> str:
        return self.sandbox.control("dispute", intent=intent_id, inquiry=is_inquiry)["id"]

    def close_dispute(self, dispute_id: str, *, won: bool) -> None:
        self.sandbox.control("dispute/close", dispute=dispute_id, won=won)

    def refund(self, intent_id: str, cents: int) -> str:
        return self.sandbox.control("refund", intent=intent_id, amount=cents)["id"]

    def pay_out(self) -> str:
        return self.sandbox.control("payout")["id"]

    def signed(self, event_id: str, type_: str, object_id: str, at: int | None = None) -> tuple[bytes, str]:
        event: dict[str, Any] = {"id": event_id, "object": "event", "type": type_, "livemode": False}
        event |= {"api_version": "2026-10-28.endive", "data": {"object": {"id": object_id}}}
        body = json.dumps(event)
        header = stripe.WebhookSignature.generate_signature_header(
            body, secret="whsec_sandbox_tests", timestamp=at or int(time.time())
        )
        return body.encode(), header

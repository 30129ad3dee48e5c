"""What the contract suite needs to do at the bank, for the gateway in memory and for the sandbox alike."""

import json
import time
from dataclasses import dataclass
from typing import Any

import stripe

from payments.gateway.fake import FakeGateway, notice_body, sign
from payments.gateway.port import Gateway
from tests.parts import Sandbox


@dataclass
class MemoryBank:
    """The bank behind the gateway in memory."""

    gateway: FakeGateway

    def token(self, behaviour: str) -> str:
        return self.gateway.new_token(behaviour)

    def settle(self, intent_id: str) -> None:
        self.gateway.settle(intent_id)

    def fail(self, intent_id: str) -> None:
        self.gateway.fail_debit(intent_id, "insufficient_funds")

    def take_back(self, intent_id: str) -> str:
        return self.gateway.return_debit(intent_id)

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
        return self.sandbox.control("token", behaviour=behaviour)["id"]

    def settle(self, intent_id: str) -> None:
        self.sandbox.control("settle", intent=intent_id)

    def fail(self, intent_id: str) -> None:
        self.sandbox.control("fail", intent=intent_id, code="insufficient_funds")

    def take_back(self, intent_id: str) -> str:
        return self.sandbox.control("return", intent=intent_id, reason="insufficient_funds")["id"]

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

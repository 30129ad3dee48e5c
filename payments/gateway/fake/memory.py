"""What the gateway in memory keeps, its idempotency keys, and how it is made to fail."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, TypeVar

from payments.gateway import port
from payments.gateway.port import Consent, DisputeFacts, Intent, Mandate, MethodFacts, RefundFacts, Token

T = TypeVar("T")


@dataclass
class _Fault:
    call: str
    error: port.GatewayError
    after_effect: bool


@dataclass
class Memory:
    """Everything that the gateway in memory knows."""

    tokens: dict[str, tuple[Token, str]] = field(default_factory=dict)
    intents: dict[str, Intent] = field(default_factory=dict)
    customers: dict[str, dict[str, str]] = field(default_factory=dict)
    customer_of: dict[str, str] = field(default_factory=dict)  # by intent, with a wish to keep the method or without
    keeps: set[str] = field(default_factory=set)  # intents whose method is kept once they succeed
    methods: dict[str, tuple[MethodFacts, str]] = field(default_factory=dict)  # with what the method does
    mandates: dict[str, Mandate] = field(default_factory=dict)
    disputes: dict[str, DisputeFacts] = field(default_factory=dict)
    refunds: dict[str, RefundFacts] = field(default_factory=dict)
    answers: dict[str, tuple[tuple[Any, ...], Any]] = field(default_factory=dict)
    stuck: set[str] = field(default_factory=set)
    consents: dict[str, Consent | None] = field(default_factory=dict)
    deposit_tries: dict[str, Any] = field(default_factory=dict)
    faults: list[_Fault] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: count(1))

    def fail_next(self, call: str, error: port.GatewayError, *, after_effect: bool = False) -> None:
        """The next such call raises `error`, before or after it took effect."""
        self.faults.append(_Fault(call, error, after_effect))

    def _once(self, key: str, question: tuple[Any, ...], do: Callable[[], T]) -> T:
        if key not in self.answers:
            try:
                self.answers[key] = (question, do())
            except port.Declined as error:
                self.answers[key] = (question, error)
        asked, answer = self.answers[key]
        if asked != question:
            raise port.KeyReused("idempotency_error")
        if isinstance(answer, port.GatewayError):
            raise answer
        return answer  # type: ignore[no-any-return]

    def _enter(self, call: str) -> None:
        self.calls.append(call)
        self._fault(call, after_effect=False)

    def _leave(self, call: str, answer: T) -> T:
        self._fault(call, after_effect=True)
        return answer

    def _fault(self, call: str, *, after_effect: bool) -> None:
        for fault in self.faults:
            if fault.call == call and fault.after_effect == after_effect:
                self.faults.remove(fault)
                raise fault.error

    def _known(self, intent_id: str) -> Intent:
        if intent_id not in self.intents:
            raise port.Refused("resource_missing")
        return self.intents[intent_id]

    def _set(self, intent_id: str, **changes: Any) -> Intent:
        self.intents[intent_id] = replace(self.intents[intent_id], **changes)
        return self.intents[intent_id]

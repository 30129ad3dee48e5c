"""What may happen to a process at work: the gateway fails it, another process acts meanwhile, or it is killed."""

from collections.abc import Callable
from typing import Any

from django.db import connection

from payments.gateway import port
from tests.simulation.steps import Step

FAULTS: dict[str, Callable[[], port.GatewayError]] = {
    "unknown before": lambda: port.OutcomeUnknown("timeout"),
    "unknown after": lambda: port.OutcomeUnknown("timeout"),
    "late": lambda: port.OutcomeUnknown("timeout"),
    "saved": lambda: port.OutcomeUnknown("api_error"),
    "busy": lambda: port.Busy("rate_limit"),
    "not allowed": lambda: port.NotAllowed("401"),
}


class Killed(BaseException):
    """The process is no more: nothing of it runs further, and its open transaction is rolled back."""


class Broken(BaseException):
    """A rule does not hold. No `except Exception` of ours may swallow it."""

    def __init__(self, rule: str, what: str) -> None:
        super().__init__(f"{rule}: {what}")
        self.rule, self.what = rule, what


class Process:
    """One request or task at work, with what awaits it."""

    def __init__(self, step: Step, others: Callable[[list[Step]], None]) -> None:
        self.faults = dict(step.facts.get("faults", ()))
        self.kill_at = step.facts.get("kill", 0)
        self.opening, self.meanwhile = step.meanwhile
        self.others = others
        self.calls = self.moments = self.openings = 0

    def statement(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """One statement of SQL: a moment, and an opening for others when no transaction is open."""
        self._moment()
        return execute(sql, params, many, context)

    def before_call(self, name: str) -> str:
        """A gateway call begins; return the kind of fault that it suffers, '' for none."""
        if connection.in_atomic_block:
            raise Broken("no call inside a transaction", name)
        self.calls += 1
        fault = self.faults.get(self.calls, "")
        self._moment()
        return fault

    def after_call(self) -> None:
        """The gateway has done it, and its answer is on the way."""
        self._moment()

    def _moment(self) -> None:
        self.moments += 1
        if self.moments == self.kill_at:
            raise Killed
        if connection.in_atomic_block:
            return
        self.openings += 1
        if self.openings == self.opening:
            self.others(self.meanwhile)

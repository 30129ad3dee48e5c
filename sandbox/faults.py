"""Things that go wrong on purpose: in the API's answers and in the webhook deliveries. Kept in memory only.

API fault:      {"method": "POST", "path": "/v1/payment_intents/[^/]+/confirm$", "nth": 1, "times": 1,
                 "kind": "delay" | "drop" | "truncate" | "status" | "clock", "when": "before" | "after",
                 "seconds": 2.0, "status": 500, "saved": false, "should_retry": true | false | null}
Webhook fault:  {"hook": "duplicate" | "twin" | "shuffle" | "delay" | "drop" | "wrong_secret" | "old_timestamp" |
                 "future_timestamp" | "livemode" | "api_version" | "together" | "thin",
                 "types": "payment_intent.*", "times": 1, "seconds": 2.0}
"before" means before the call took effect, "after" means that it did. "times": 0 means always. "clock": the answer's
Date header is so many seconds ahead.
"""

import itertools
import re
import threading
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatch
from typing import Any

API_KINDS = {"delay", "drop", "truncate", "status", "clock"}
HOOK_KINDS = {
    "duplicate", "twin", "shuffle", "delay", "drop", "wrong_secret", "old_timestamp", "future_timestamp",
    "livemode", "api_version", "together", "thin",
}  # fmt: skip


@dataclass
class Fault:
    """One scripted fault. `nth` counts matching calls from 1; `times` is how many calls it then spoils (0: all)."""

    kind: str = ""
    hook: str = ""
    method: str = ""
    path: str = ""
    types: str = "*"
    nth: int = 1
    times: int = 1
    when: str = "before"
    seconds: float = 1.0
    status: int = 500
    saved: bool = False
    should_retry: bool | None = None
    seen: int = 0
    number: int = field(default_factory=itertools.count(1).__next__)

    def check(self) -> None:
        """Raise ValueError when this is not a fault we know how to make."""
        if self.hook:
            if self.hook not in HOOK_KINDS:
                raise ValueError(f"hook must be one of {sorted(HOOK_KINDS)}")
        elif self.kind not in API_KINDS or self.when not in ("before", "after"):
            raise ValueError(f"kind must be one of {sorted(API_KINDS)}, when 'before' or 'after'")
        if self.status not in (200, 400, 401, 403, 404, 409, 429, 500, 502, 503):
            raise ValueError("status is not one of Stripe's")
        re.compile(self.path)

    def hit(self) -> bool:
        """Count a matching call and say whether this one is spoilt."""
        self.seen += 1
        return self.seen >= self.nth and (self.times == 0 or self.seen < self.nth + self.times)


class Faults:
    """The list of faults now in force."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.list: list[Fault] = []

    def add(self, spec: dict[str, Any]) -> Fault:
        """Add a fault. Raises ValueError or TypeError when it is not understood."""
        allowed = {name: value for name, value in spec.items() if name not in ("seen", "number")}
        fault = Fault(**allowed)
        fault.check()
        with self.lock:
            self.list.append(fault)
        return fault

    def clear(self) -> None:
        """Let everything go well again."""
        with self.lock:
            self.list.clear()

    def for_call(self, method: str, path: str) -> list[Fault]:
        """Return the faults that spoil this API call."""
        with self.lock:
            return [
                fault
                for fault in self.list
                if fault.kind and not fault.hook
                and fault.method in ("", method) and re.search(fault.path, path) and fault.hit()
            ]  # fmt: skip

    def for_event(self, event_type: str) -> list[Fault]:
        """Return the faults that spoil the deliveries of this event."""
        with self.lock:
            return [fault for fault in self.list if fault.hook and fnmatch(event_type, fault.types) and fault.hit()]

    def as_json(self) -> list[dict[str, Any]]:
        """Return the list for the control pages."""
        return [asdict(fault) for fault in self.list]


faults = Faults()

"""The gateway of a history: the one in memory behind a simulated transport, its events sent out, its bank at work."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from payments.gateway import port
from tests.simulation.bank import Bank
from tests.simulation.process import FAULTS, Process

CALLS = {name for name in dir(port.Gateway) if not name.startswith("_")} - {"notice"}
KEYS_LAST = timedelta(hours=24)  # idempotency keys are kept for this long


class SimulatedGateway(Bank):
    """The port, as a process sees it through a network that history breaks; and the bank behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.process: Process | None = None  # who asks
        self.weather = ""  # a fault that every call suffers
        self.is_heard = True  # whether events reach us
        self.outbox: list[tuple[str, str, str]] = []  # events not delivered: id, type, object
        self.told: dict[str, tuple[str, str]] = {}  # every event ever: type, object
        self.under_way: list[Any] = []  # questions that arrive late
        self.keys: dict[str, datetime] = {}
        self.answering: set[str] = set()
        self.saved: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.bank, name)
        return partial(self._asked, name) if name in CALLS else found

    # --- the transport ---------------------------------------------------------------------------------------------
    def _asked(self, name: str, *args: Any, **facts: Any) -> Any:
        fault = (self.process.before_call(name) if self.process else "") or self.weather
        key = facts.get("key", "")
        if fault == "late":
            self.under_way.append(partial(self._done, name, *args, **facts))
        if fault == "saved" and key:
            self.saved.add(key)
        if fault and fault != "unknown after":
            raise FAULTS[fault]()
        if key in self.answering:
            raise port.Busy("idempotency_key_in_use")
        try:
            self.answering |= {key} if key else set()
            answer, refusal = self._outcome(name, *args, **facts)
            if self.process:
                self.process.after_call()
        finally:
            self.answering.discard(key)
        if fault:
            raise FAULTS[fault]()
        if refusal:
            raise refusal
        return answer

    def _outcome(self, name: str, *args: Any, **facts: Any) -> tuple[Any, port.GatewayError | None]:
        try:
            return self._done(name, *args, **facts), None
        except port.GatewayError as refusal:
            return None, refusal

    def _done(self, name: str, *args: Any, **facts: Any) -> Any:
        self._forget_old_key(facts.get("key", ""))
        if facts.get("key") in self.saved:
            raise port.OutcomeUnknown("api_error")
        try:
            return getattr(self.bank, name)(*args, **facts)
        finally:
            if name in ("confirm", "confirm_saved"):
                self.give_fate(args[0], facts.get("token_id") or facts["method_id"])
            self.send_out()

    def _forget_old_key(self, key: str) -> None:
        if key and self.keys.setdefault(key, timezone.now()) < timezone.now() - KEYS_LAST:
            self.keys[key] = timezone.now()
            self.bank.answers.pop(key, None)
            self.saved.discard(key)

    def late_questions_arrive(self) -> None:
        """What was sent and given up by us takes effect now."""
        waiting, self.under_way = self.under_way, []
        for question in waiting:
            try:
                question()
            except port.GatewayError:
                continue  # nobody waits for the answer any more

    # --- events ----------------------------------------------------------------------------------------------------
    def send_out(self) -> None:
        """Put on their way the events that happened since."""
        for event in self.bank.happened[len(self.told) :]:
            notice = event.notice
            self.told[notice.event_id] = (notice.type, notice.object_id)
            if self.is_heard:
                self.outbox.append((notice.event_id, notice.type, notice.object_id))

    def twin_of(self, event: tuple[str, str, str]) -> tuple[str, str, str]:
        """Return the same news under another id, as gateways sometimes send it."""
        happened = self.bank.tell(*event[1:])
        self.told[happened.notice.event_id] = event[1:]
        return (happened.notice.event_id, *event[1:])

"""Texts that go nowhere: kept in memory, for tests."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Text:
    """One text that would have gone out."""

    to: str
    body: str


outbox: list[Text] = []


class MemorySender:
    """Keeps every text in `outbox`."""

    def send(self, *, to: str, body: str, number: int) -> str:
        outbox.append(Text(to, body))
        return f"memory-{number}"

    def sent(self, *, to: str, body: str, since: datetime) -> list[str]:
        return []

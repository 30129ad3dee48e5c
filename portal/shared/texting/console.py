"""Texts that go nowhere: printed on the terminal, for a laptop without the sandbox."""

import sys
from datetime import datetime


class ConsoleSender:
    """Prints every text, with the last two digits of its number alone. Production refuses it: a text may be a code."""

    def send(self, *, to: str, body: str, number: int) -> str:
        sys.stdout.write(f"Text {number} to the number that ends in {to[-2:]}: {body}\n")
        sys.stdout.flush()
        return f"console-{number}"

    def sent(self, *, to: str, body: str, since: datetime) -> list[str]:
        return []

"""What the portal asks of a service that sends text messages."""

from datetime import datetime
from typing import Protocol


class NumberRefused(Exception):
    """This number gets no texts from us: it is none, no mobile one, or its owner sent STOP. The text says the code."""


class NotNow(Exception):
    """The service did not take the message, or we cannot know whether it did."""


class TextSender(Protocol):
    """Sends texts; knows nothing of members."""

    def send(self, *, to: str, body: str, number: int) -> str:
        """Send one text to a number (E.164), never twice in one call, and return what the service calls it.

        `number` is our own of the message; what becomes of it is told to our webhook with it. Raises NumberRefused
        and NotNow.
        """

    def sent(self, *, to: str, body: str, since: datetime) -> list[str]:
        """Return what the service calls the texts of exactly this body that it took for the number since then.

        Raises NotNow.
        """

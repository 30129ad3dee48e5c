"""The real gateway and the real mail server in a process that dies at a named point, and a gateway with a bug in it."""

import os
import signal
from typing import Any

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

from payments.gateway.port import Intent
from payments.gateway.stripe_adapter import StripeGateway

CALLS = ("token", "create", "confirm", "intent", "cancel")


def die_at(point: str) -> None:
    """End this very process, without a last word, if this is the point that was named."""
    if point == settings.DIE_AT:
        os.kill(os.getpid(), signal.SIGKILL)


class DeadlyGateway(StripeGateway):
    """Asks Stripe as ever, and dies before or after the call that settings.DIE_AT names."""


def _deadly(name: str) -> Any:
    def call(self: DeadlyGateway, *args: Any, **facts: Any) -> Any:
        die_at(f"before {name}")
        answer = getattr(StripeGateway, name)(self, *args, **facts)
        die_at(f"after {name}")
        return answer

    return call


for _name in CALLS:
    setattr(DeadlyGateway, _name, _deadly(_name))


class DeadlyMail(EmailBackend):
    """Hands mail over, and dies before it can say so if settings.DIE_AT is "after mail"."""

    def send_messages(self, email_messages: Any) -> Any:
        sent = super().send_messages(email_messages)
        die_at("after mail")
        return sent


class BuggyGateway(StripeGateway):
    """Reads every charge wrongly: stands for a bug in our own handling of events."""

    def intent(self, intent_id: str) -> Intent:
        raise ZeroDivisionError(intent_id)

"""A gateway in memory for unit tests: same port, same contract suite, no network."""

import hashlib
import hmac
import json
from datetime import datetime, timedelta

from django.utils import timezone

from payments.gateway import port
from payments.gateway.fake.deposits import Deposits
from payments.gateway.fake.lists import Lists
from payments.gateway.fake.saving import Saving
from payments.gateway.port import Notice

SECRET = b"fake webhook secret"


class FakeGateway(Saving, Lists, Deposits):
    """The port, kept in memory."""

    clock_is_ahead = timedelta(0)

    def now(self) -> datetime:
        self._enter("now")
        return timezone.now() + self.clock_is_ahead

    def notice(self, body: bytes, signature: str) -> Notice:
        if not hmac.compare_digest(signature, sign(body)):
            raise port.NoticeRefused("signature")
        try:
            event = json.loads(body)
            return Notice(event["id"], event["type"], event["object_id"], event["live"], event["api_version"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise port.NoticeRefused("unreadable") from error


def sign(body: bytes) -> str:
    """Return the signature under which the fake takes a notice."""
    return hmac.new(SECRET, body, hashlib.sha256).hexdigest()


def notice_body(event_id: str, type_: str, object_id: str, *, live: bool = False) -> bytes:
    """Return the body of a call to our webhook as the fake would send it."""
    event = {"id": event_id, "type": type_, "object_id": object_id, "live": live, "api_version": "fake"}
    return json.dumps(event).encode()

"""Every limit on how often something may be tried, in one list, counted in the database by one atomic statement."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.shared.models import TryCount


@dataclass(frozen=True)
class Limit:
    """At most `count` tries in `seconds` for one key; `what` says what the key is."""

    count: int
    seconds: int
    what: str


HOUR, DAY = 3600, 86400
LIMITS = {
    "register-address": Limit(10, HOUR, "network address"),
    "register-id": Limit(5, DAY, "MassHealth ID"),
    "register-username": Limit(30, HOUR, "network address; usernames tried"),
    "login-unknown": Limit(5, DAY, "a username that no one has or that may not be tried now"),
    "login-address": Limit(30, HOUR, "network address; wrong passwords"),
    "login-account-address": Limit(20, DAY, "username and network address; wrong passwords"),
    "second-step-account": Limit(20, DAY, "account; wrong log-in codes"),
    "recovery-address": Limit(10, HOUR, "network address; forgotten password or username"),
    "recovery-account": Limit(5, HOUR, "what was typed; forgotten password or username"),
    "recovery-text": Limit(5, DAY, "what was typed; codes by text to get back in"),
    "recovery-number": Limit(5, DAY, "phone number; codes by text to get back in"),
    "recovery-code": Limit(30, HOUR, "network address; codes typed to get back in"),
    "confirm-resend": Limit(5, HOUR, "email address typed; confirmation link sent again"),
    "contact-ask": Limit(5, HOUR, "account; links and codes that prove an email address or phone number"),
    "contact-to": Limit(5, DAY, "email address or phone number; links and codes that prove it"),
    "pay-household": Limit(10, HOUR, "household; payments confirmed"),
    "webhook-refused": Limit(20, HOUR, "why; calls to the webhook that were not the gateway's, before staff are told"),
    "deposits-household": Limit(15, DAY, "household; small deposits told, right or wrong"),
    "proof-address": Limit(30, HOUR, "network address; codes of receipts tried, right or wrong"),
    "case-messages": Limit(20, HOUR, "log-in; cases opened and answers sent"),
    "case-files": Limit(40, DAY, "log-in; files sent with a case, also those refused"),
    "id-shown": Limit(20, HOUR, "log-in; MassHealth IDs shown in full"),
    "pay-declines": Limit(5, HOUR, "household; declined payments, against card testing"),
}

_COUNT = """
INSERT INTO shared_trycount AS t ("limit", key, window_ends_at, count) VALUES (%s, %s, %s, 1)
ON CONFLICT ("limit", key) DO UPDATE SET
    count = CASE WHEN t.window_ends_at <= %s THEN 1 ELSE t.count + 1 END,
    window_ends_at = CASE WHEN t.window_ends_at <= %s THEN EXCLUDED.window_ends_at ELSE t.window_ends_at END
RETURNING count
"""


def allow(limit_name: str, key: str) -> bool:
    """Count one try and return whether it is still within the limit. Atomic, whatever runs at once.

    Call it outside a transaction that may roll back, or the try is forgotten with it.
    """
    limit, now = LIMITS[limit_name], timezone.now()
    ends = now + timedelta(seconds=limit.seconds)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [limit_name, _hashed(limit_name, key), ends, now, now])
        (count,) = cursor.fetchone()
    return count <= limit.count


def is_spent(limit_name: str, key: str) -> bool:
    """Return whether the limit is already used up, without counting a try."""
    return TryCount.objects.filter(
        limit=limit_name,
        key=_hashed(limit_name, key),
        window_ends_at__gt=timezone.now(),
        count__gte=LIMITS[limit_name].count,
    ).exists()


def _hashed(limit_name: str, key: str) -> str:
    return salted_hmac(limit_name, key, algorithm="sha256").hexdigest()

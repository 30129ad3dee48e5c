"""Remembers the answer of every key for a day: the same call is answered the same, another call is refused."""

import hashlib
import json
import threading
from typing import Any

from sandbox import clock
from sandbox.errors import ApiError
from sandbox.store import store

LONGEST = 255  # characters
busy: set[str] = set()
lock = threading.Lock()


def claim(key: str) -> None:
    """Take a key for one call. Raises ApiError when another call with it is under way."""
    if len(key) > LONGEST:
        raise ApiError(400, "Idempotency keys have at most 255 characters.", kind="idempotency_error")
    with lock:
        if key in busy:
            text = "There is another request in progress with this idempotency key."
            raise ApiError(409, text, kind="idempotency_error", code="idempotency_key_in_use")
        busy.add(key)


def release(key: str) -> None:
    """Give a key back."""
    with lock:
        busy.discard(key)


def digest(path: str, body: bytes) -> str:
    """Return a mark of what was asked."""
    return hashlib.sha256(path.encode() + b"\n" + body).hexdigest()


def recall(key: str, question: str) -> tuple[int, dict[str, Any]] | None:
    """Return the stored status and body, or None. Raises ApiError when something else was asked with this key."""
    for row in store.rows("SELECT * FROM answers WHERE key = ? AND created > ?", key, clock.now() - clock.DAY):
        if row["digest"] != question:
            text = "Keys for idempotent requests can only be used with the same parameters they were first used with."
            raise ApiError(400, text, kind="idempotency_error")
        return row["status"], json.loads(row["body"])
    return None


def keep(key: str, question: str, status: int, body: dict[str, Any]) -> None:
    """Store an answer."""
    sql = "INSERT OR REPLACE INTO answers (key, digest, status, body, created) VALUES (?, ?, ?, ?, ?)"
    store.rows(sql, key, question, status, json.dumps(body), clock.now())

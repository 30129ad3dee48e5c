"""Makes the webhook calls: signed, repeated with growing pauses, logged, and spoilt when a fault says so."""

import hashlib
import hmac
import json
import sqlite3
import threading
import time
from typing import Any

import requests

from sandbox import twilio
from sandbox.store import public, store

PAUSES = [1, 2, 5, 15, 60, 300, 900]  # seconds of real time between tries
TIMEOUT = 10  # seconds
FIVE_MINUTES_AND_MORE = 600  # seconds: outside every receiver's tolerance


class Sender:
    """A thread that sends what is due, unless paused. `flush` sends everything at once for tests."""

    def __init__(self) -> None:
        self.sending = threading.Lock()
        self.stopping = threading.Event()
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy between us and the portal

    def run(self) -> None:
        """Work until told to stop."""
        while not self.stopping.wait(0.05):
            if not store.meta("paused", False):
                with self.sending:
                    for row in self._pending("AND due <= ?", time.time()):
                        if self.stopping.is_set():
                            return
                        self._send(row)

    def flush(self) -> list[dict[str, Any]]:
        """Send all pending deliveries now, in the order they are due, whatever their pauses. Returns what happened."""
        with self.sending:
            return [self._send(row) for row in self._pending("")]

    def _pending(self, condition: str, *values: Any) -> list[sqlite3.Row]:
        sql = f"SELECT * FROM deliveries WHERE state = 'pending' {condition} ORDER BY due, id"  # noqa: S608
        return store.rows(sql, *values)

    def _send(self, row: sqlite3.Row) -> dict[str, Any]:
        twist = json.loads(row["twist"])
        twice = twist.get("together")
        outcome = self._twice_at_once(row, twist) if twice else self._post(self.session, row, twist)
        self._note(row, outcome)
        return {"delivery": row["id"], "event": row["event"], **outcome}

    def _twice_at_once(self, row: sqlite3.Row, twist: dict[str, Any]) -> dict[str, Any]:
        outcomes: list[dict[str, Any]] = []
        threads = [threading.Thread(target=lambda: outcomes.append(self._post(requests, row, twist))) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return next((outcome for outcome in outcomes if not outcome["ok"]), outcomes[0])

    def _post(self, session: Any, row: sqlite3.Row, twist: dict[str, Any]) -> dict[str, Any]:
        if call := store.get(row["event"], twilio.CALL):
            return self._call_back(session, row, call)
        event = store.get(row["event"], "event")
        if event is None:
            return {"ok": True, "status": 0, "type": "", "note": "the event is gone"}
        body = _body(event, twist)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (sandbox)",
            "Stripe-Signature": signature(body, row["secret"], twist),
        }
        try:
            answer = session.post(row["url"], data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False)
        except requests.RequestException as error:
            return {"ok": False, "status": 0, "type": event["type"], "note": type(error).__name__}
        return {"ok": answer.ok and answer.status_code < 300, "status": answer.status_code, "type": event["type"]}

    def _call_back(self, session: Any, row: sqlite3.Row, call: dict[str, Any]) -> dict[str, Any]:
        """Make one call of the text service."""
        try:
            answer = twilio.call_back(session, row["url"], row["secret"], call["form"], TIMEOUT)
        except requests.RequestException as error:
            return {"ok": False, "status": 0, "type": "text", "note": type(error).__name__}
        return {"ok": answer.ok, "status": answer.status_code, "type": "text"}

    def _note(self, row: sqlite3.Row, outcome: dict[str, Any]) -> None:
        tries = row["tries"] + 1
        log = [*json.loads(row["log"]), {"at": int(time.time()), **outcome}]
        last = tries > len(PAUSES)
        state = "delivered" if outcome["ok"] else "given up" if last else "pending"
        due = row["due"] if state != "pending" else time.time() + PAUSES[tries - 1]
        sql = "UPDATE deliveries SET tries = ?, state = ?, due = ?, log = ? WHERE id = ?"
        with store.change():
            store.rows(sql, tries, state, due, json.dumps(log), row["id"])
            event = store.get(row["event"], "event") if outcome["ok"] else None
            if event and event["pending_webhooks"]:
                store.save({**event, "pending_webhooks": event["pending_webhooks"] - 1})


def _body(event: dict[str, Any], twist: dict[str, Any]) -> bytes:
    shown = public(event)
    if twist.get("livemode"):
        shown["livemode"] = True
    if twist.get("api_version"):
        shown["api_version"] = "2020-08-27"
    if twist.get("thin"):
        thing = shown["data"]["object"]
        related = {"id": thing["id"], "type": thing["object"], "url": f"/v1/{thing['object']}s/{thing['id']}"}
        shown = {
            "id": shown["id"], "object": "v2.core.event", "type": f"v1.{shown['type']}", "livemode": shown["livemode"],
            "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(shown["created"])), "context": None,
            "related_object": related,
        }  # fmt: skip
    return json.dumps(shown, indent=2).encode()


def signature(body: bytes, secret: str, twist: dict[str, Any]) -> str:
    """Return the Stripe-Signature header for a body sent now."""
    moment = int(time.time())
    if twist.get("old_timestamp"):
        moment -= FIVE_MINUTES_AND_MORE
    if twist.get("future_timestamp"):
        moment += FIVE_MINUTES_AND_MORE
    key = "whsec_not_the_right_one" if twist.get("wrong_secret") else secret
    mac = hmac.new(key.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={mac}"


sender = Sender()

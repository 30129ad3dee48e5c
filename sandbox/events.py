"""Tells of every change: an event, and its deliveries to the portal, written together with the change itself."""

import contextvars
import json
import random
import time

from sandbox import clock
from sandbox.faults import Fault, faults
from sandbox.store import Object, new_id, public, store

API_VERSION = "2026-10-28.endive"
TWISTS = {"wrong_secret", "old_timestamp", "future_timestamp", "livemode", "api_version", "together", "thin"}
cause: contextvars.ContextVar[tuple[str | None, str | None]] = contextvars.ContextVar("cause", default=(None, None))


def during(request_id: str, key: str | None) -> None:
    """Say which call causes the events that follow; '' for none."""
    cause.set((request_id or None, key))


def endpoints() -> list[dict[str, str]]:
    """Return where events go: each with a url and a secret."""
    found: list[dict[str, str]] = store.meta("endpoints") or []
    return found


def emit(kind: str, thing: Object, before: Object | None = None) -> Object:
    """Save an object, and write an event about it with its deliveries. `before`: changed fields as they were."""
    store.save(thing)
    request_id, key = cause.get()
    event: Object = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": clock.now(),
        "data": {"object": public(thing), **({"previous_attributes": before} if before is not None else {})},
        "livemode": False,
        "pending_webhooks": len(endpoints()),
        "request": {"id": request_id, "idempotency_key": key},
        "type": kind,
    }
    store.save(event)
    spoilt = {fault.hook: fault for fault in faults.for_event(kind)}
    if "twin" in spoilt:
        twin = store.save({**event, "id": new_id("evt")})
        deliver(twin, spoilt)
    deliver(event, spoilt)
    return event


def deliver(event: Object, spoilt: dict[str, Fault] | None = None) -> None:
    """Put an event on the way to every endpoint, spoilt by these faults."""
    spoilt, due = spoilt or {}, time.time()
    if "delay" in spoilt:
        due += spoilt["delay"].seconds
    if "shuffle" in spoilt:
        due += random.random() * spoilt["shuffle"].seconds
    values = {"twist": json.dumps(dict.fromkeys(sorted(TWISTS & set(spoilt)), True))}
    values["state"] = "dropped" if "drop" in spoilt else "pending"
    for target in endpoints():
        if event["type"] not in (target.get("types") or [event["type"]]):
            continue
        for _ in range(2 if "duplicate" in spoilt else 1):
            plan_delivery(event["id"], target, due=due, **values)


def plan_delivery(
    event_id: str, target: dict[str, str], *, due: float = 0, twist: str = "{}", state: str = "pending"
) -> int:
    """Put one delivery of an event on the way and return its number."""
    place = {"event": event_id, "url": target["url"], "secret": target["secret"]}
    return store.insert("deliveries", **place, twist=twist, state=state, due=due, tries=0, log="[]")

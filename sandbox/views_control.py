"""The control endpoints for tests, under /_control/: JSON in, JSON out."""

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from sandbox import control, inbox
from sandbox.errors import ApiError, invalid
from sandbox.faults import faults
from sandbox.store import public, store
from sandbox.views_api import calls, violations

KINDS = {
    "payment_intents": "payment_intent", "charges": "charge", "refunds": "refund", "disputes": "dispute",
    "setup_intents": "setup_intent", "mandates": "mandate", "payouts": "payout", "events": "event",
}  # fmt: skip


@csrf_exempt
def run(request: HttpRequest, name: str) -> JsonResponse:
    """Answer one control call."""
    try:
        return JsonResponse(_answer(request, name.strip("/")), safe=False)
    except ApiError as error:
        return JsonResponse(error.body(), status=error.status)


def _answer(request: HttpRequest, name: str) -> Any:
    if request.method == "GET":
        return _look(request, name)
    if request.method == "DELETE":
        return _clear(name)
    try:
        params = json.loads(request.body or b"{}")
    except ValueError as error:
        raise invalid("The body is not JSON.") from error
    return control.perform(name, params)


LOOKS: dict[str, Callable[[HttpRequest], Any]] = {
    "state": lambda request: {plural: public(store.all(kind)) for plural, kind in KINDS.items()},
    "deliveries": lambda request: {"deliveries": deliveries(request.GET.get("event", ""))},
    "requests": lambda request: {"requests": list(calls)},
    "violations": lambda request: {"violations": violations},
    "inbox": lambda request: {"messages": inbox.listed(request.GET.get("to", ""))},
    "faults": lambda request: {"faults": faults.as_json()},
    "clock": lambda request: control.perform("clock", {}),
    "endpoints": lambda request: control.perform("endpoints", {}),
}


def _look(request: HttpRequest, name: str) -> Any:
    if name not in LOOKS:
        raise ApiError(404, f"No such control: GET {name}")
    return LOOKS[name](request)


def _clear(name: str) -> Any:
    if name == "violations":
        violations.clear()
        return {"violations": []}
    if name in ("inbox", "faults"):
        return control.perform(f"{name}/clear", {})
    raise ApiError(404, f"No such control: DELETE {name}")


def deliveries(event_id: str = "", limit: int = 500) -> list[dict[str, Any]]:
    """Return webhook deliveries, newest first."""
    sql = "SELECT * FROM deliveries WHERE event = ? OR ? = '' ORDER BY id DESC LIMIT ?"
    found = []
    for row in store.rows(sql, event_id, event_id, limit):
        event = store.get(row["event"]) or {"type": ""}
        found.append({
            "id": row["id"], "event": row["event"], "type": event["type"], "url": row["url"], "state": row["state"],
            "tries": row["tries"], "twist": json.loads(row["twist"]), "log": json.loads(row["log"]),
        })  # fmt: skip
    return found

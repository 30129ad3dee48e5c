"""Lists of objects with Stripe's cursors and filters, and the expansion of ids into objects."""

import re
from collections.abc import Callable
from fnmatch import fnmatch
from itertools import islice
from typing import Any

from sandbox import customers
from sandbox.errors import invalid
from sandbox.store import Object, store

Test = Callable[[Object], bool]
SAME = ("customer", "charge", "payment_intent", "source", "status", "type")


def listed(kind: str, path: str, params: dict[str, Any], owner: str = "") -> Object:
    """Return one page of the objects of a kind, newest first."""
    if owner:
        customers.retrieve(owner)
        params = {**params, "customer": owner}
    after, (low, high) = params.get("starting_after") or "", _bounds(params.get("created"))
    if after and store.get(after, kind) is None:
        raise invalid(f"No such object: '{after}'", "starting_after", "resource_missing")
    found = store.newest(kind, low=low, high=high, after=after)
    rows = (thing for thing in found if not thing.get("deleted") and _fits(thing, params))
    if params.get("ending_before"):
        return page(list(rows), path, params)
    limit = _limit(params)
    return _cut(list(islice(rows, limit + 1)), path, limit)


def page(rows: list[Object], path: str, params: dict[str, Any]) -> Object:
    """Cut one page out of rows that are sorted newest first."""
    limit = _limit(params)
    if before := params.get("ending_before"):
        places = {thing["id"]: place for place, thing in enumerate(rows)}
        if before not in places:
            raise invalid(f"No such object: '{before}'", "ending_before", "resource_missing")
        rows = rows[: places[before]]
        return {"object": "list", "url": path, "has_more": len(rows) > limit, "data": rows[-limit:]}
    return _cut(rows, path, limit)


def _limit(params: dict[str, Any]) -> int:
    limit = params.get("limit", 10)
    if not isinstance(limit, int) or not 1 <= limit <= 100:
        raise invalid("limit must be from 1 to 100.", "limit", "parameter_invalid_integer")
    return limit


def _cut(rows: list[Object], path: str, limit: int) -> Object:
    return {"object": "list", "url": path, "has_more": len(rows) > limit, "data": rows[:limit]}


def _fits(thing: Object, params: dict[str, Any]) -> bool:
    for name in SAME:
        wish = params.get(name)
        if wish and name == "type" and thing["object"] == "event":
            if not fnmatch(thing["type"], wish):
                return False
        elif wish and thing.get(name) != wish:
            return False
    if params.get("payout") and thing.get("_payout") != params["payout"]:
        return False
    if params.get("types") and thing.get("type") not in params["types"]:
        return False
    if "delivery_success" not in params:
        return True
    return bool((thing.get("pending_webhooks") == 0) == params["delivery_success"])


def _bounds(wish: Any) -> tuple[int, int]:
    """Return the first and the last second that a `created` filter asks for."""
    if isinstance(wish, int):
        return wish, wish
    wish = wish or {}
    low = max(wish.get("gte", 0), wish.get("gt", -1) + 1)
    return low, min(wish.get("lte", 2**62), wish.get("lt", 2**62) - 1)


def search(params: dict[str, Any], path: str) -> Object:
    """Answer GET /v1/payment_intents/search for queries like metadata['attempt_id']:'x' or status:'succeeded'."""
    pairs = re.findall(r"(?:metadata\[['\"](\w+)['\"]\]|(\w+)):\s*['\"]([^'\"]*)['\"]", params.get("query", ""))
    if not pairs:
        raise invalid("The query is not understood here.", "query")
    rows = [
        thing
        for thing in store.all("payment_intent")
        if all((thing["metadata"].get(key) if key else thing.get(name)) == value for key, name, value in pairs)
    ]
    found = page(rows, path, {"limit": params.get("limit", 10)})
    return {**found, "object": "search_result", "next_page": None}


def expanded(thing: Object, wishes: list[str]) -> Object:
    """Return an object with the ids at these paths replaced by what they name."""
    for wish in wishes:
        thing = _expand(thing, wish.split("."))
    return thing


def _expand(thing: Any, path: list[str]) -> Any:
    if not path:
        return thing
    if isinstance(thing, list):
        return [_expand(item, path) for item in thing]
    if not isinstance(thing, dict) or path[0] not in thing:
        raise invalid(f"This property cannot be expanded ({path[0]}).", "expand")
    value = thing[path[0]]
    if isinstance(value, str):
        value = store.get(value) or value
    if value is None or (isinstance(value, str) and len(path) > 1):
        return thing
    return {**thing, path[0]: _expand(value, path[1:])}

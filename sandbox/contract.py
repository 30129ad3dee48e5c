"""Checks calls and answers against an OpenAPI description of Stripe's API, named by STRIPE_CONTRACT.

Stripe writes nested parameters as a[b][0]=c, which no OpenAPI tool reads; so this does it with jsonschema alone.
Response objects are closed (an unknown property is an error) and open lists of values are enforced, because the
sandbox must not invent anything.
"""

import json
import re
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

Schema = dict[str, Any]
KEPT = ("type", "enum", "required", "properties", "items", "anyOf", "allOf", "additionalProperties", "maxLength")
DOCUMENTED_ELSEWHERE = {"payment_method_types_no_longer_supported", "invalid_expiry_month", "invalid_expiry_year"}
LONGEST_VALUE = 500  # characters of a metadata value


class Contract:
    """An OpenAPI file, ready to judge. Compiled validators are kept, so a check takes about a millisecond."""

    def __init__(self, path: str | Path) -> None:
        self.doc = json.loads(Path(path).read_text())
        self.schemas: dict[str, Schema] = self.doc["components"]["schemas"]
        codes = self.schemas["payment_intent.LastPaymentError"]["properties"]["code"]["enum"]
        codes.extend(sorted(DOCUMENTED_ELSEWHERE - set(codes)))
        self.lock = threading.Lock()
        self.compiled: dict[str, Any] = {}
        self.definitions = {name: self._json_schema(schema) for name, schema in self.schemas.items()}
        self.routes = self._routes()

    def _routes(self) -> list[tuple[str, re.Pattern[str], Schema]]:
        found = []
        for path, operations in self.doc["paths"].items():
            pattern = re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + "$")
            found += [(method.upper(), pattern, operation) for method, operation in operations.items()]
        return sorted(found, key=lambda route: route[1].pattern.count("[^/]+"))  # literal paths first

    def _json_schema(self, schema: Any) -> Any:
        """Translate OpenAPI 3.0 into JSON Schema 2020-12, with objects closed."""
        if isinstance(schema, list):
            return [self._json_schema(item) for item in schema]
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            return {"$ref": "#/$defs/" + schema["$ref"].rsplit("/", 1)[1]}
        made = {name: self._translated(name, value) for name, value in schema.items() if name in KEPT}
        if made.get("properties") and not schema.get("x-truncated"):
            made.setdefault("additionalProperties", False)
        if not schema.get("nullable"):
            return made
        return {"anyOf": [made, {"type": "null"}]}

    def _translated(self, name: str, value: Any) -> Any:
        if name in ("enum", "required"):
            return value
        if name == "properties":
            return {key: self._json_schema(item) for key, item in value.items()}
        return self._json_schema(value)

    def operation(self, method: str, path: str) -> Schema:
        """Return the operation of a call. Raises LookupError when the contract has none."""
        for verb, pattern, operation in self.routes:
            if verb == method and pattern.match(path):
                return operation
        raise LookupError(f"{method} {path} is outside the contract")

    def errors(self, schema: Schema, data: Any) -> list[str]:
        """Return what is wrong with data, one sentence each; nothing when it fits."""
        validator = self._validator(schema)
        return [
            "/".join(map(str, error.absolute_path)) + ": " + error.message[:200]
            for error in validator.iter_errors(data)
        ]

    def _validator(self, schema: Schema) -> Any:
        key = json.dumps(schema, sort_keys=True)
        with self.lock:
            if key not in self.compiled:
                from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # noqa: PLC0415 (slow to load)

                whole = {**self._json_schema(schema), "$defs": self.definitions}
                self.compiled[key] = Draft202012Validator(whole)
            return self.compiled[key]

    def request(self, method: str, path: str, query: str = "", body: str = "") -> tuple[Any, list[str]]:
        """Return a call's parameters in JSON types, and what is wrong with them."""
        try:
            schema = self._request_schema(method, path)
        except LookupError as error:
            return {}, [str(error)]
        data = self._typed(_tree(body if method == "POST" else query), schema)
        return data, self.errors(schema, data) + _metadata_errors(data)

    def _request_schema(self, method: str, path: str) -> Schema:
        operation = self.operation(method, path)
        if method == "POST":
            found: Schema = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
            return found
        listed = [item for item in operation.get("parameters", []) if item["in"] == "query"]
        return {
            "type": "object", "additionalProperties": False,
            "properties": {item["name"]: item["schema"] for item in listed},
        }  # fmt: skip

    def response(self, method: str, path: str, status: int, payload: Any) -> list[str]:
        """Return what is wrong with an answer."""
        try:
            answers = self.operation(method, path)["responses"]
        except LookupError as error:
            return [str(error)]
        schema = answers.get(str(status), answers["default"])["content"]["application/json"]["schema"]
        wrong = self.errors(schema, payload)
        given = payload if isinstance(payload, dict) else {}
        shown = given.get("data") if given.get("object") == "list" else [given]
        for thing in shown if isinstance(shown, list) else []:
            if isinstance(thing, dict) and thing.get("object") == "event":
                wrong += self.event(thing)
        return wrong

    def event(self, payload: dict[str, Any]) -> list[str]:
        """Return what is wrong with the object inside an event."""
        kind = self.schemas["event"].get("x-event-objects", {}).get(payload.get("type"))
        if not kind:
            return []
        return self.errors({"$ref": f"#/components/schemas/{kind}"}, payload["data"]["object"])

    def _typed(self, value: Any, schema: Schema) -> Any:
        """Turn form texts into JSON types, led by the schema."""
        while "$ref" in schema or ("allOf" in schema and "type" not in schema):
            reference = schema.get("$ref") or schema["allOf"][0]["$ref"]
            schema = self.schemas[reference.rsplit("/", 1)[1]]
        for choice in schema.get("anyOf", []):
            typed = self._typed(value, choice)
            if not self.errors(choice, typed):
                return typed
        if isinstance(value, dict):
            return self._typed_tree(value, schema)
        if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", value):
            return int(value)
        if schema.get("type") == "boolean" and value in ("true", "false"):
            return value == "true"
        return value

    def _typed_tree(self, value: dict[str, Any], schema: Schema) -> Any:
        if schema.get("type") == "array" and all(key.isdigit() for key in value):
            return [self._typed(item, schema["items"]) for _, item in sorted(value.items(), key=lambda kv: int(kv[0]))]
        known, extra = schema.get("properties", {}), schema.get("additionalProperties")
        other = extra if isinstance(extra, dict) else {}
        return {name: self._typed(item, known.get(name, other)) for name, item in value.items()}


def _tree(text: str) -> dict[str, Any]:
    """Return a[b][0]=c as {"a": {"b": {"0": "c"}}}."""
    tree: dict[str, Any] = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        parts = [part for part in re.split(r"[\[\]]+", key) if part]
        node = tree
        for part in parts[:-1]:
            node = node.setdefault(part, {})
            if not isinstance(node, dict):
                return tree
        if parts:
            node[parts[-1]] = value
    return tree


def _metadata_errors(data: Any) -> list[str]:
    """Return what is wrong with metadata; the limits are not in the schema."""
    given = data.get("metadata") if isinstance(data, dict) else None
    if not isinstance(given, dict):
        return []
    wrong = [f"metadata/{key[:40]}: key over 40 characters" for key in given if len(key) > 40]
    long = [key for key, value in given.items() if len(str(value)) > LONGEST_VALUE]
    wrong += [f"metadata/{key}: over {LONGEST_VALUE} characters" for key in long]
    return wrong + (["metadata: more than 50 keys"] if len(given) > 50 else [])


@lru_cache(maxsize=2)
def load(path: str) -> Contract:
    """Return the contract at a path, read once."""
    return Contract(path)

"""Reads Stripe's form encoding (a[b][0]=c) and turns its texts into numbers and truth values where asked."""

import re
from typing import Any
from urllib.parse import parse_qsl

WHOLE = re.compile(r"-?\d{1,15}")
INTEGERS = {"amount", "limit", "accepted_at", "gt", "gte", "lt", "lte", "created", "amount_to_confirm"}
INTEGERS |= {"exp_month", "exp_year", "amounts", "balance", "arrival_date"}
TRUTHS = {"use_stripe_sdk", "off_session", "confirm", "enabled", "delivery_success", "submit"}
SECRETS = {"number", "account_number", "cvc"}


def decode(text: str) -> dict[str, Any]:
    """Return the parameters of a body or query as nested dicts and lists."""
    tree: dict[str, Any] = {}
    for position, (key, value) in enumerate(parse_qsl(text, keep_blank_values=True)):
        parts = re.findall(r"[^\[\]]+", key)[:10] + ([str(position)] if key.endswith("[]") else [])
        if not parts:
            continue
        *parents, last = parts
        node = tree
        for parent in parents:
            node = node.setdefault(parent, {})
            if not isinstance(node, dict):
                return tree
        node[last] = value
    return {name: _shaped(name, value) for name, value in tree.items()}


def _shaped(name: str, value: Any) -> Any:
    if name == "metadata":
        return value
    if isinstance(value, dict):
        if value and all(key.isdigit() for key in value):
            return [_shaped(name, item) for _, item in sorted(value.items(), key=lambda pair: int(pair[0]))]
        return {key: _shaped(key, item) for key, item in value.items()}
    if name in INTEGERS and WHOLE.fullmatch(value):
        return int(value)
    if name in TRUTHS and value in ("true", "false"):
        return value == "true"
    return value


def without_secrets(value: Any) -> Any:
    """Return a copy in which card and account numbers are left out, for logs."""
    if isinstance(value, dict):
        return {k: "[left out]" if k in SECRETS else without_secrets(v) for k, v in value.items()}
    return [without_secrets(item) for item in value] if isinstance(value, list) else value

"""Receives the portal's mail over SMTP and its text messages over HTTP, and keeps them for a look."""

import json
import socket
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from sandbox.store import store


class Receiver:
    """The SMTP server's hook: every message is taken, none goes anywhere."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep one message."""
        keep(envelope.mail_from or "", list(envelope.rcpt_tos), bytes(envelope.content))
        return "250 Kept in the inbox"


def keep(sender: str, recipients: list[str], raw: bytes) -> int:
    """Store one mail; returns its number."""
    parsed = message_from_bytes(raw, policy=default)
    assert isinstance(parsed, EmailMessage)
    headers = {name: str(value) for name, value in parsed.items()}
    return store.insert(
        "messages", channel="mail", recipients=json.dumps(recipients), sender=headers.get("From", sender),
        subject=headers.get("Subject", ""), text=_part(parsed, "plain"), html=_part(parsed, "html"),
        headers=json.dumps(headers), received=time.time(),
    )  # fmt: skip


def _part(parsed: EmailMessage, kind: str) -> str:
    part = parsed.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def keep_text(to: str, body: str) -> int:
    """Store one text message; returns its number."""
    return store.insert(
        "messages", channel="text", recipients=json.dumps([to]), sender="", subject="", text=body, html="",
        headers="{}", received=time.time(),
    )  # fmt: skip


def listed(to: str = "") -> list[dict[str, Any]]:
    """Return the messages, newest first, perhaps only those to one address."""
    rows = store.rows("SELECT * FROM messages ORDER BY id DESC LIMIT 1000")
    found = [_shown(row) for row in rows]
    return [message for message in found if not to or to.lower() in [one.lower() for one in message["to"]]]


def one(number: int) -> dict[str, Any] | None:
    """Return one message."""
    rows = store.rows("SELECT * FROM messages WHERE id = ?", number)
    return _shown(rows[0]) if rows else None


def _shown(row: Any) -> dict[str, Any]:
    return {
        "id": row["id"], "channel": row["channel"], "to": json.loads(row["recipients"]), "from": row["sender"],
        "subject": row["subject"], "text": row["text"], "html": row["html"], "headers": json.loads(row["headers"]),
        "received": row["received"],
    }  # fmt: skip


def clear() -> None:
    """Empty the inbox."""
    store.rows("DELETE FROM messages")


def start(port: int) -> Any:
    """Listen for mail on the loopback address; returns the running controller with its `port`. Raises OSError."""
    controller = Controller(Receiver(), hostname="127.0.0.1", port=_free_port(port))
    controller.start()
    return controller


def _free_port(wish: int) -> int:
    """Return the wished port, or any for 0. Raises OSError at once; the controller would take five seconds for it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", wish))
        return int(probe.getsockname()[1])

"""Keeps everything the sandbox knows in one SQLite file, one change at a time.

An object is a plain dict in Stripe's shape. Keys that start with "_" are the sandbox's own and never leave it.
No card or account number is ever put in here.
"""

import json
import secrets
import sqlite3
import string
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Object = dict[str, Any]
ALPHABET = string.ascii_letters + string.digits
SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, kind TEXT, created INTEGER, data TEXT);
CREATE INDEX IF NOT EXISTS objects_kind ON objects (kind, seq);
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT, url TEXT, secret TEXT, twist TEXT, due REAL, tries INTEGER,
    state TEXT, log TEXT);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, due);
CREATE TABLE IF NOT EXISTS timers (
    id INTEGER PRIMARY KEY AUTOINCREMENT, due INTEGER, kind TEXT, object TEXT);
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, digest TEXT, status INTEGER, body TEXT, created INTEGER);
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT, recipients TEXT, sender TEXT, subject TEXT, text TEXT,
    html TEXT, headers TEXT, received REAL);
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT);
"""
TABLES = ("objects", "deliveries", "timers", "answers", "messages")


class Store:
    """The sandbox's memory. Every method may be called from any thread."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.depth = 0

    def open(self, path: Path) -> None:
        """Open or make the file. A crash of the machine may lose the last changes; a crash of the program not."""
        self.db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=OFF")
        self.db.execute("PRAGMA busy_timeout=2000")
        self.db.executescript(SCHEMA)
        if not self.meta("salt"):
            self.set_meta("salt", secrets.token_hex(32))

    @contextmanager
    def change(self) -> Iterator[None]:
        """One transaction: all of it is written or, after an exception, nothing. May be nested."""
        with self.lock:
            if self.depth == 0:
                self.db.execute("BEGIN IMMEDIATE")
            self.depth += 1
            try:
                yield
            except BaseException:
                self.depth -= 1
                if self.depth == 0:
                    self.db.execute("ROLLBACK")
                raise
            self.depth -= 1
            if self.depth == 0:
                self.db.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Run one statement and return its rows."""
        with self.lock:
            return self.db.execute(sql, values).fetchall()

    def insert(self, table: str, **values: Any) -> int:
        """Add a row and return its number."""
        names, marks = ", ".join(values), ", ".join("?" for _ in values)
        with self.lock:
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 (names are ours)
            return self.db.execute(sql, tuple(values.values())).lastrowid or 0

    def save(self, thing: Object) -> Object:
        """Write an object, new or changed, and return it."""
        kind = thing.get("_kind") or thing["object"]
        sql = (
            "INSERT INTO objects (id, kind, created, data) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET data = excluded.data"
        )
        self.rows(sql, thing["id"], kind, thing.get("created") or thing.get("_created") or 0, json.dumps(thing))
        return thing

    def get(self, object_id: str, kind: str = "") -> Object | None:
        """Return an object by its id, or None when there is none of that kind."""
        for row in self.rows("SELECT kind, data FROM objects WHERE id = ?", object_id):
            if kind in ("", row["kind"]):
                found: Object = json.loads(row["data"])
                return found
        return None

    def all(self, kind: str, **equal: Any) -> list[Object]:
        """Return the objects of a kind, newest first, whose fields have these values."""
        sql = "SELECT data FROM objects WHERE kind = ? ORDER BY seq DESC"
        found = (json.loads(row["data"]) for row in self.rows(sql, kind))
        return [thing for thing in found if all(thing.get(name) == value for name, value in equal.items())]

    def newest(self, kind: str, *, low: int, high: int, after: str = "") -> Iterator[Object]:
        """Yield the objects of a kind created from `low` to `high` (unix seconds, both included), newest first.

        With the id of one as `after`, those behind it. A few are read at a time, so the first come at once.
        """
        rows = self.rows("SELECT seq FROM objects WHERE id = ?", after)
        below = rows[0]["seq"] if rows else 2**62
        sql = (
            "SELECT seq, data FROM objects WHERE kind = ? AND seq < ? AND created BETWEEN ? AND ? "
            "ORDER BY seq DESC LIMIT 200"
        )
        while rows := self.rows(sql, kind, below, low, high):
            yield from (json.loads(row["data"]) for row in rows)
            below = rows[-1]["seq"]

    def meta(self, name: str, default: Any = None) -> Any:
        """Return a remembered setting."""
        rows = self.rows("SELECT value FROM meta WHERE name = ?", name)
        return json.loads(rows[0]["value"]) if rows else default

    def set_meta(self, name: str, value: Any) -> None:
        """Remember a setting."""
        self.rows("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", name, json.dumps(value))

    def reset(self) -> None:
        """Forget everything but the salt and the webhook endpoints."""
        with self.change():
            for table in TABLES:
                self.rows(f"DELETE FROM {table}")  # noqa: S608 (our own names)
            self.rows("DELETE FROM meta WHERE name NOT IN ('salt', 'endpoints')")


store = Store()


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text: a long list of names, readably written."""
    return tuple(text.split())


def new_id(prefix: str, length: int = 24) -> str:
    """Return an id that looks like one of Stripe's, such as pi_3Sb..."""
    return f"{prefix}_3Sb" + "".join(secrets.choice(ALPHABET) for _ in range(length - 3))


def public(thing: Any) -> Any:
    """Return a copy without the sandbox's own fields."""
    if isinstance(thing, dict):
        return {name: public(value) for name, value in thing.items() if not name.startswith("_")}
    return [public(item) for item in thing] if isinstance(thing, list) else thing

"""Rows written in plain SQL, past all of our code: with the database's own rules on, or, to plant a fault, off."""

import re
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


def write(sql: str, *params: Any) -> None:
    """Run one statement and have the deferred checks made at once, as at a commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def redefine(sql: str) -> None:
    """Change a table, as its owner could, until the test's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is right so far is checked while it can be
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(sql)


@contextmanager
def no_rules(*tables: str):
    """Let the test do to these tables what their owner could: every trigger on them is off in the block."""
    for table in tables:
        redefine(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    yield
    for table in tables:
        redefine(f"ALTER TABLE {table} ENABLE TRIGGER ALL")


def plant(sql: str, *params: Any) -> None:
    """Write a fault into the table that the statement names, unseen by the database's rules."""
    with no_rules(re.search(r"(?:UPDATE|FROM|INTO) (\w+)", sql)[1]), connection.cursor() as cursor:
        cursor.execute(sql, params)
        assert cursor.rowcount > 0, "nothing was planted"

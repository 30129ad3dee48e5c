"""Asking the database for what disagrees: one query a rule, all on one snapshot, read as it comes."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

PAGE = 500  # rows in memory at once


@dataclass(frozen=True)
class Disagreement:
    """Something that is not as a rule says. `reference` names a payment, or what else it is; nothing personal."""

    reference: str
    rule: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.reference}: {self.rule}: {self.found}, expected {self.expected}"


@dataclass(frozen=True)
class Rule:
    """A rule of the books and the query for what breaks it: it selects reference, found and expected, as text."""

    name: str
    sql: str


Watch = Callable[[Iterable[Rule]], Iterable[Rule]]


def within(rules: Iterable[Rule], watch: Watch = iter) -> Iterator[Disagreement]:
    """Yield what breaks these rules, all as of one moment. `watch` sees each rule pass, for a progress bar.

    Memory stays flat: the database does the sums, and its answers are read page by page.
    """
    with _snapshot():
        for rule in watch(rules):
            yield from _ask(rule)


def _ask(rule: Rule) -> Iterator[Disagreement]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(rule.sql)
        while rows := cursor.fetchmany(PAGE):
            for reference, found, expected in rows:
                yield Disagreement(str(reference), rule.name, str(found), str(expected))


@contextmanager
def _snapshot() -> Iterator[None]:
    """Let all queries in the block see one moment and change nothing; inside a transaction already, they see that."""
    is_ours = not connection.in_atomic_block
    with transaction.atomic():
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield

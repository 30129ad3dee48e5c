"""Keeps people's data out of what a database error says, so that no log, report or terminal can show them.

PostgreSQL explains itself in further lines, and those quote: a whole row (DETAIL), the statement with its values (LINE,
QUERY), a line of a file (CONTEXT). The first line names the rule and the table, which is what one needs to know; only
that a value cannot be read at all is told with the value in it.
"""

import re
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DatabaseErrorWrapper

_BAD_DATA = "22"  # the class of SQLSTATE codes for values that cannot be read or do not fit
_QUOTED = re.compile(r'"[^"]*"')


class QuietErrors(DatabaseErrorWrapper):
    """Turns the driver's errors into Django's, as its own does, with one line of text each."""

    wrapper: Any  # of the connection; it names the driver

    def __exit__(self, exc_type: Any, exc_value: Any, traceback: Any) -> None:
        if isinstance(exc_value, self.wrapper.Database.Error):
            exc_value.args = (_first_line(exc_value),)
        super().__exit__(exc_type, exc_value, traceback)


def quieten(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Let all errors of this connection be quiet ones; called whenever one is made."""
    connection.wrap_database_errors = QuietErrors(connection)  # Django's is made once and kept in this very place


def _first_line(error: Any) -> str:
    line = str(error).partition("\n")[0]
    is_bad_data = (getattr(error, "pgcode", None) or "").startswith(_BAD_DATA)
    return _QUOTED.sub('"..."', line) if is_bad_data else line

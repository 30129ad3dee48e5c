#!/usr/bin/env python
"""Runs the portal's commands; starts the embedded database first when no other is named."""

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.development")  # before portal is imported

from portal import embedded

COULD_NOT_RUN = 2  # exit status
UNKNOWN_TABLE = ("42P01", "42703")  # PostgreSQL's codes: unknown table, unknown column


def main() -> None:
    if os.environ["DJANGO_SETTINGS_MODULE"] != "portal.settings.production":
        try:
            embedded.ensure_database()
        except (embedded.CannotStart, OSError) as error:
            sys.exit(f"The database did not start: {error}")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - after the database is named

    try:
        execute_from_command_line(sys.argv)
    except Exception as error:
        reason = _why(error)
        if not reason or "--traceback" in sys.argv:
            raise
        if "--json" in sys.argv:
            sys.stdout.write(json.dumps({"error": reason}) + "\n")
        sys.stderr.write(f"Could not run: {reason}.\n")
        sys.exit(COULD_NOT_RUN)


def _why(error: BaseException | None) -> str:
    """Return what is wrong with the database; '' when the fault is another."""
    if error is None:
        return ""
    if getattr(error, "pgcode", None) in UNKNOWN_TABLE:
        return "the database lacks tables; first run: python manage.py migrate"
    if type(error).__name__ == "OperationalError" and not error.__cause__:  # the driver's own: no answer
        return "the database is away"
    return _why(error.__cause__) or _why(error.__context__)


if __name__ == "__main__":
    main()

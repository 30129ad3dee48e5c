#!/usr/bin/env python
"""Runs the portal's commands; starts the embedded database first when no other is named."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.development")  # before portal is imported

from portal import embedded


def main() -> None:
    if os.environ["DJANGO_SETTINGS_MODULE"] != "portal.settings.production":
        try:
            embedded.ensure_database()
        except (embedded.CannotStart, OSError) as error:
            sys.exit(f"The database did not start: {error}")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - after the database is named

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

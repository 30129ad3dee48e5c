"""Runs every measurement on a database of its own and prints the figures; exit status 1 when a limit is passed."""

import sys

from django.test.utils import setup_databases, setup_test_environment, teardown_databases

from bench import books, logins, pages, payments, reconciling


def main() -> int:
    """Print all figures; return how many limits were passed."""
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        parts = (pages.measure, logins.measure, payments.measure, books.measure, reconciling.measure)
        return sum(measure() for measure in parts)
    finally:
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)

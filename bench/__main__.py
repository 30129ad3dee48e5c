"""Runs every measurement and prints the figures; exit status 1 when a limit is passed."""

import sys
from collections.abc import Callable

from django.test.utils import setup_databases, setup_test_environment, teardown_databases

from bench import books, documents, logins, pages, payments, reconciling


def main() -> int:
    """Print all figures; return how many limits were passed."""
    setup_test_environment()
    parts = (pages.measure, documents.measure, logins.measure, payments.measure, reconciling.measure, books.measure)
    return sum(_in_a_database_of_its_own(measure) for measure in parts)


def _in_a_database_of_its_own(measure: Callable[[], int]) -> int:
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        return measure()
    finally:
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)

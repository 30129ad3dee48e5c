"""A process that takes histories: sets Django up before anything of it is imported, and uses a database of its own."""

from typing import Any

import django


def begin(free: Any) -> None:
    """Start the process in the next free database."""
    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = free.get()


def try_seed(seed: int) -> Any:
    """Run one seed; return its outcome and what it found."""
    from tests.simulation.many import try_seed

    return try_seed(seed)

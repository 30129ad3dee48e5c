"""Where the fresh seeds of this run begin, and a migrated database that programs started by tests may use."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def first_seed():
    """Return the first of this run's fresh seeds, the same in every worker; the report's head prints it."""
    return int(os.environ["SIMULATION_SEED"])


@pytest.fixture(scope="session")
def spare_database(django_db_blocker):
    """Return the name of a migrated database of its own, for one program at a time."""
    name = f"spare_{uuid4().hex}"
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    with django_db_blocker.unblock():
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--settings", "portal.settings.test"]
        subprocess.run(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": address}, check=True)
        yield name
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")

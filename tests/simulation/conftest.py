"""Where the fresh seeds of this run begin, and a migrated database that programs started by tests may use."""

import os

import pytest
from django.db import connection


@pytest.fixture
def first_seed():
    """Return the first of this run's fresh seeds, the same in every worker; the report's head prints it."""
    return int(os.environ["SIMULATION_SEED"])


@pytest.fixture(scope="session")
def spare_database(django_db_setup, django_db_blocker):
    """Return the name of a copy of the tests' database, for one program at a time."""
    with django_db_blocker.unblock():
        connection.close()
        connection.creation.clone_test_db("spare", verbosity=0, autoclobber=True)
        yield connection.creation.get_test_db_clone_settings("spare")["NAME"]
        connection.creation.destroy_test_db(suffix="spare", verbosity=0)

"""Where the fresh seeds of this run begin."""

import os

import pytest


@pytest.fixture
def first_seed():
    """Return the first of this run's fresh seeds, the same in every worker; the report's head prints it."""
    return int(os.environ["SIMULATION_SEED"])

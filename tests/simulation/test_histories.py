"""Histories that are made anew in every run, and all that ever broke a rule."""

import os

import pytest

from tests.simulation.kept import HISTORIES, SEEDS
from tests.simulation.many import try_seed
from tests.simulation.running import run

BLOCK = 10
BLOCKS = int(os.environ.get("SIMULATION_HISTORIES", "20")) // BLOCK  # some here, some hundred in CI
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_fresh_history_breaks_a_rule(first_seed, block):
    begin = first_seed + block * BLOCK
    for seed in range(begin, begin + BLOCK):
        outcome, finding = try_seed(seed)
        assert finding is None, str(finding)
        assert outcome.steps > 5


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_that_once_broke_a_rule_breaks_none(seed):
    _, finding = try_seed(seed)
    assert finding is None, str(finding)


@pytest.mark.parametrize("name", HISTORIES)
def test_a_history_that_once_broke_a_rule_breaks_none(name):
    outcome = run(HISTORIES[name])
    assert (outcome.rule, outcome.what) == ("", "")

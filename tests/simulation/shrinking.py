"""Makes a failing history as short as it can, as long as it breaks the same rule."""

import time
from collections.abc import Callable, Iterator

from tests.simulation.steps import MISHAPS, Step

Fails = Callable[[list[Step]], bool]


def shrunk(steps: list[Step], fails: Fails, *, seconds: float = 60) -> list[Step]:
    """Return a history of fewer and plainer steps for which `fails` still holds; stop after this many seconds."""
    until = time.perf_counter() + seconds
    better = True
    while better and time.perf_counter() < until:
        better = False
        for candidate in _plainer(steps):
            if time.perf_counter() > until:
                break
            if fails(candidate):
                steps, better = candidate, True
                break
    return steps


def _plainer(steps: list[Step]) -> Iterator[list[Step]]:
    """Yield histories that are one bite smaller, the biggest bites first."""
    size = len(steps) // 2
    while size:
        for start in range(len(steps) - size, -1, -size):
            yield steps[:start] + steps[start + size :]
        size //= 2
    for place, step in enumerate(steps):
        for plain in _plainer_step(step):
            yield [*steps[:place], plain, *steps[place + 1 :]]


def _plainer_step(step: Step) -> Iterator[Step]:
    for mishap in MISHAPS:
        if mishap in step.facts:
            yield step.but(**{mishap: None})
    moment, others = step.meanwhile
    for place in range(len(others) if len(others) > 1 else 0):
        yield step.but(meanwhile=(moment, others[:place] + others[place + 1 :]))
    faults = step.facts.get("faults", [])
    for place in range(len(faults) if len(faults) > 1 else 0):
        yield step.but(faults=faults[:place] + faults[place + 1 :])
    rows = step.facts.get("rows", [])
    for place in range(len(rows) if len(rows) > 1 else 0):
        yield step.but(rows=rows[:place] + rows[place + 1 :])
    if step.facts.get("times", 1) > 1:
        yield step.but(times=1)
    if step.facts.get("twin"):
        yield step.but(twin=False)

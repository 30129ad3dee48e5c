"""Runs many seeds on all cores, each process in a database of its own, and sums up what was seen."""

import argparse
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

from django.db import connection
from tqdm import tqdm

from payments.states import MOVES
from tests.simulation import worker
from tests.simulation.generating import history
from tests.simulation.running import Outcome, run
from tests.simulation.shrinking import shrunk
from tests.simulation.steps import Step, printed


@dataclass
class Finding:
    """A seed that broke a rule, and the shortest history that breaks it too."""

    seed: int
    rule: str
    what: str
    steps: list[Step]

    def __str__(self) -> str:
        return f"seed {self.seed} broke {self.rule}: {self.what}\n{printed(self.steps)}"


@dataclass
class Summary:
    """What many histories came to."""

    histories: int = 0
    steps: int = 0
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def add(self, outcome: Outcome, finding: Finding | None) -> None:
        self.histories += 1
        self.steps += outcome.steps
        self.moves += outcome.moves
        self.seen += outcome.seen
        self.findings += [finding] if finding else []

    def unseen(self) -> list[str]:
        """Return the moves that the table allows and no history made."""
        legal = {(before.value, after.value) for before, afters in MOVES.items() for after in afters}
        return [f"{before} to {after}" for before, after in sorted(legal - set(self.moves))]

    def text(self, seconds: float) -> str:
        """Return the figures as lines."""
        pace = f"{self.histories * 60 / seconds:,.0f} histories and {self.steps * 60 / seconds:,.0f} steps a minute"
        moves = [f"  {count:9,} {before} to {after}" for (before, after), count in self.moves.most_common()]
        unseen = [f"          0 {move}" for move in self.unseen()]
        seen = [f"  {count:9,} {what}" for what, count in sorted(self.seen.items())]
        found = [str(finding) for finding in self.findings]
        head = f"{self.histories:,} histories, {self.steps:,} steps, {pace}, {len(found)} broke a rule"
        return "\n".join([head, *moves, *unseen, *seen, *found])


def try_seed(seed: int, *, seconds: float = 60) -> tuple[Outcome, Finding | None]:
    """Run the history of a seed; when it breaks a rule, spend so many seconds to make it shorter."""
    steps = history(seed)
    outcome = run(steps)
    if not outcome.rule:
        return outcome, None
    shortest = shrunk(steps, lambda tried: run(tried).rule == outcome.rule, seconds=seconds)
    return outcome, Finding(seed, outcome.rule, outcome.what, shortest)


def main(arguments: list[str]) -> int:
    """Run the seeds that the command line names; return 1 when one broke a rule."""
    asked = _arguments(arguments)
    begin = int(time.time()) * 1000 if asked.start is None else asked.start
    seeds = range(begin, begin + asked.seeds)
    tqdm.set_lock(RLock())  # its own would be shared between processes, which write nothing here
    tqdm.write(f"seeds {seeds.start} to {seeds.stop - 1}, {asked.jobs} processes")
    summary, started = Summary(), time.perf_counter()
    bar = tqdm(total=len(seeds), unit=" histories", smoothing=0.05, disable=None)  # on a terminal alone
    with _outcomes(seeds, asked) as outcomes, bar:
        for outcome, finding in outcomes:
            summary.add(outcome, finding)
            bar.update()
            if finding:
                tqdm.write(str(finding))
            if finding and asked.first:
                break
    tqdm.write(summary.text(time.perf_counter() - started))
    tqdm.write(f"go on with FROM={seeds.start + summary.histories}")
    return 1 if summary.findings else 0


def _arguments(arguments: list[str]) -> Any:
    parser = argparse.ArgumentParser(prog="tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many histories")
    parser.add_argument("--from", type=int, dest="start", help="the first seed; from the clock unless named")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    parser.add_argument("--first", action="store_true", help="stop at the first seed that breaks a rule")
    parser.add_argument("--database", default="", help="one migrated database to run in, in this process")
    parser.add_argument("--shrink", type=float, default=60, help="seconds spent on making a failing history shorter")
    return parser.parse_args(arguments)


@contextmanager
def _outcomes(seeds: range, asked: Any) -> Iterator[Iterator[tuple[Outcome, Finding | None]]]:
    """Give the outcomes in the order of their seeds, so that the work can be taken up where it was left."""
    if asked.database:
        _use(asked.database)
        yield (try_seed(seed, seconds=asked.shrink) for seed in seeds)
        return
    with _databases(asked.jobs) as names:
        context = multiprocessing.get_context("spawn")
        free = context.Queue()
        for name in names:
            free.put(name)
        with context.Pool(asked.jobs, worker.begin, [free]) as pool:
            yield pool.imap(worker.try_seed, seeds, chunksize=4)
            if not asked.first:  # else some are still at work, and nobody waits for them
                pool.close()
                pool.join()


@contextmanager
def _databases(count: int) -> Iterator[list[str]]:
    """Make a migrated database and so many copies of it; drop them at the end."""
    made = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"simulation_{os.getpid()}"
    creation = connection.creation
    creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    suffixes = [str(number) for number in range(count)]
    try:
        for suffix in suffixes:
            creation.clone_test_db(suffix, verbosity=0, autoclobber=True)
        yield [creation.get_test_db_clone_settings(suffix)["NAME"] for suffix in suffixes]
    finally:
        for suffix in suffixes:
            creation.destroy_test_db(suffix=suffix, verbosity=0)
        creation.destroy_test_db(made, verbosity=0)


def _use(database: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = database

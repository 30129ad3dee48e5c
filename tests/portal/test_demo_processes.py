"""What the demonstration started is ended with it, down to what its children started."""

import contextlib
import os
import sys

import psutil
import pytest

from portal.demo.processes import Processes
from tests.parts import eventually

LEADER = """
import os, signal, sys, time
if os.fork() == 0:
    signal.signal(signal.SIGTERM, {hears})
    print("forked", flush=True)
    time.sleep(300)
time.sleep(300)
"""
MISSES_THE_FIRST = "lambda *_: signal.signal(signal.SIGTERM, lambda *_: (print('heard', flush=True), os._exit(0)))"


def alive_in(group):
    """Return the states of the processes of a group that still run."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.status())
    return found


@pytest.mark.parametrize(
    ("hears", "said"), [(MISSES_THE_FIRST, "forked\nheard\n"), ("signal.SIG_IGN", "forked\n")], ids=["second", "none"]
)
def test_a_grandchild_that_missed_the_first_signal_is_ended_too(hears, said, tmp_path):
    processes = Processes(tmp_path)
    processes.start("worker", [sys.executable, "-c", LEADER.format(hears=hears)], {})
    leader = processes.children["worker"]
    log = tmp_path / "worker.log"
    assert eventually(lambda: log.read_text() == "forked\n")
    processes.stop()
    assert eventually(lambda: alive_in(leader.pid) == [])
    assert log.read_text() == said

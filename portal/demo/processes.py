"""Starts the demonstration's processes, watches them, and ends exactly those."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

GRACE_SECONDS = 8  # from the polite signal to the other one
LOOK_SECONDS = 0.5
REST_SECONDS = 1  # for what a child leaves behind


class Died(Exception):
    """A process ended by itself; the text says which, and where its log is."""


class PortTaken(Exception):
    """Somebody else listens on a port that the demonstration needs."""


def check_port(port: int, *, what: str, variable: str) -> None:
    """Raise PortTaken unless `port` of this machine is free; `variable` is the setting that names another."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTaken(
                f"Port {port}, for {what}, is in use or not allowed. Stop what uses it (an earlier demo?), "
                f"or name another: {variable}={port + 100} make demo"
            ) from error


@dataclass
class Processes:
    """The children, each in a session of its own, so that Ctrl-C reaches them through us alone."""

    logs: Path
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        """Start a child; its output goes to <logs>/<name>.log."""
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("wb") as log:
            self.children[name] = subprocess.Popen(
                [*_ends_with_us(), *command],
                env=os.environ | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_for_port(self, name: str, port: int, seconds: float = 60) -> None:
        """Wait until the child listens. Raises Died."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.check()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        raise Died(f"The {name} did not answer on port {port}. {self._log(name)}")

    def check(self) -> None:
        """Raise Died when a child has ended."""
        for name, child in self.children.items():
            if child.poll() is not None:
                raise Died(f"The {name} has stopped by itself. Everything else is stopped too. {self._log(name)}")

    def watch(self, also: Callable[[], None]) -> None:
        """Watch until a child ends (raises Died), `also` raises, or a signal ends us."""
        while True:
            self.check()
            also()
            time.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        """End the children and what they started, the last one first: asked, then made to."""
        for child in reversed(self.children.values()):
            _signal_group(child, signal.SIGTERM)
        end = time.monotonic() + GRACE_SECONDS
        for child in reversed(self.children.values()):
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, end - time.monotonic()))
            _end_rest(child)
        self.children.clear()

    def _log(self, name: str) -> str:
        return f"Its log: {self.logs / name}.log"


def _signal_group(child: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, number)


def _end_rest(child: subprocess.Popen[bytes]) -> None:
    """End what is left of a child's group: one that was forked just as the first signal came may not have heard it."""
    _signal_group(child, signal.SIGTERM)
    end = time.monotonic() + REST_SECONDS
    while _is_there(child) and time.monotonic() < end:
        time.sleep(0.02)
    _signal_group(child, signal.SIGKILL)
    child.wait()


def _is_there(child: subprocess.Popen[bytes]) -> bool:
    child.poll()
    try:
        os.killpg(child.pid, 0)
    except ProcessLookupError:
        return False
    return True


def _ends_with_us() -> list[str]:
    """Return what to put before a command so that, on Linux, the kernel ends it should we be killed outright."""
    return ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []

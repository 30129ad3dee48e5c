"""`manage.py demo` for real: what it prints is there, a second start keeps the data, and it leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import requests

from tests.parts import free_port

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.xdist_group("demo")
LAST_LINE = "Ctrl-C stops everything"
SECONDS = 90


class Demo:
    """A demonstration in a folder and on ports of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = {name: str(free_port()) for name in ("PORTAL_PORT", "SANDBOX_PORT", "SMTP_PORT")}
        self.portal = f"http://127.0.0.1:{self.ports['PORTAL_PORT']}"
        self.sandbox = f"http://127.0.0.1:{self.ports['SANDBOX_PORT']}"
        self.has_run = False

    def has_data(self) -> None:
        """Start and stop it once, unless that was done: each test here can be run alone."""
        if not self.has_run:
            with self.running():
                pass

    @contextmanager
    def running(self, *options):
        """Run it until it has printed everything; at the end of the block it must have ended."""
        environment = {"PATH": os.environ["PATH"], "PORTAL_DATA": str(self.folder), "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", *options],
            cwd=ROOT,
            env=environment | self.ports,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            process.said = self._said(process)
            self.has_run = self.has_run or LAST_LINE in process.said
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.rest = process.communicate(timeout=30)[0]

    def _said(self, process) -> str:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if LAST_LINE in line or line.startswith("CommandError"):
                break
        return "".join(lines)

    def left_behind(self) -> list[str]:
        """Return the command lines of processes that still know this demonstration's folder or ports."""
        marks = (str(self.folder), *self.ports.values())
        lines = [" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]
        return [line for line in lines if any(mark in line for mark in marks)]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return Demo(tmp_path_factory.mktemp("demo"))


@pytest.mark.timeout(SECONDS)
def test_the_demo_shows_everything_it_names_and_leaves_nothing_behind(demo):
    with demo.running() as process:
        for place in (f"{demo.portal}/", f"{demo.portal}/admin/", f"{demo.sandbox}/inbox", f"{demo.sandbox}/panel"):
            assert place in process.said
            assert requests.get(place, timeout=20).status_code == 200
        for line in ("rosa ", "sam ", "support ", "admin ", "900000000021  Jean-Luc O'Beispiel, 11/30/1951"):
            assert line in process.said
        assert "rosa      a member with 2 open bills, 1 overdue" in process.said
        assert "sam       a member with 1 open bill, none overdue; locked until support unlocks it" in process.said
        assert [line for line in process.said.splitlines() if "INFO" in line] == []
        assert "900000000011" not in process.said  # she is registered
        assert requests.get(f"{demo.portal}/nowhere/", timeout=20).status_code == 404
        assert requests.get(f"{demo.portal}/health/ready/", timeout=20).text == "ok"
        process.send_signal(signal.SIGINT)
        process.wait(30)
    assert process.returncode == 0
    assert "Traceback" not in process.said + process.rest
    assert demo.left_behind() == []


@pytest.mark.timeout(SECONDS)
def test_a_second_start_keeps_the_data_and_a_child_that_dies_is_named_with_its_log(demo):
    demo.has_data()
    with demo.running() as process:
        assert "import_members" not in process.said
        assert "rosa " in process.said
        worker = next(c for c in psutil.Process(process.pid).children() if "celery" in " ".join(c.cmdline()))
        worker.kill()
        process.wait(30)
    assert process.returncode == 1
    assert process.rest.splitlines()[-1] == (
        "CommandError: The worker has stopped by itself. Everything else is stopped too. "
        f"Its log: {demo.folder / 'log' / 'worker.log'}"
    )
    assert demo.left_behind() == []


@pytest.mark.timeout(SECONDS)
def test_killed_outright_it_still_takes_its_children_along(demo):
    with demo.running() as process:
        children = psutil.Process(process.pid).children(recursive=True)
        assert len(children) >= 3
        process.kill()
        process.wait(30)
    _, alive = psutil.wait_procs(children, timeout=20)
    assert alive == []


@pytest.mark.parametrize("name", ["PORTAL_PORT", "SANDBOX_PORT", "SMTP_PORT"])
def test_a_port_in_use_is_one_clear_line(demo, name):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", int(demo.ports[name])))
        taken.listen()
        with demo.running() as process:
            process.wait(30)
    assert process.returncode == 1
    said = (process.said + process.rest).splitlines()
    assert len(said) == 1
    assert said[0].startswith(f"CommandError: Port {demo.ports[name]}")
    assert f"{name}=" in said[0]


@pytest.mark.timeout(SECONDS)
def test_starting_over_forgets_what_was_there_and_the_end_of_the_terminal_ends_it(demo):
    demo.has_data()
    (demo.folder / "demo" / "mark").touch()
    with demo.running("--reset") as process:
        assert "8 added" in process.said
        process.send_signal(signal.SIGHUP)
        process.wait(30)
    assert not (demo.folder / "demo" / "mark").exists()
    assert demo.left_behind() == []

"""The real parts that tests start: the sandbox, Redis, a database. Each of its own, each ended with the tests."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
RUNNING = ("manage.py", "pyproject.toml", "portal", "accounts", "billing", "payments", "templates", "static", "locale")
READY = re.compile(r"sandbox ready (\S+) smtp (\S+):(\d+)")


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port: int, seconds: float = 15) -> None:
    """Wait until somebody listens there. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(port)


def database_address() -> str:
    """Return the address of the database of this very test."""
    facts = connection.settings_dict
    host = facts["OPTIONS"].get("host") or facts["HOST"]
    user, port = facts["USER"] or "postgres", facts["PORT"] or ""
    return f"postgresql://{user}:{facts['PASSWORD']}@/{facts['NAME']}?host={host}" + (f"&port={port}" if port else "")


def eventually(is_true: Callable[[], Any], seconds: float = 30) -> bool:
    """Return whether it comes true within this time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_true():
            return True
        time.sleep(0.02)
    return False


def changed_copy(folder: Path, changes: Iterable[tuple[str, str, str]]) -> None:
    """Copy what runs of the project, with its tests, and put other text in place of some of it: (file, old, new)."""
    needless = shutil.ignore_patterns("node_modules", "__pycache__")
    for part in (*RUNNING, "tests"):
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part, ignore=needless)
        else:
            shutil.copy(ROOT / part, folder / part)
    for file, old, new in changes:
        text = (folder / file).read_text()
        assert old in text, f"{file} no longer has what is to be taken away: {old}"
        (folder / file).write_text(text.replace(old, new))


@contextmanager
def process(command: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Run a program for as long as the block lasts."""
    child = subprocess.Popen(command, cwd=ROOT, text=True, **options)
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@contextmanager
def running_redis(program: str, folder: Path, port: int) -> Iterator[str]:
    """A Redis that keeps nothing on disk."""
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with process(command, stdout=subprocess.DEVNULL):
        wait_for_port(port)
        yield f"redis://127.0.0.1:{port}/0"


@dataclass
class Sandbox:
    """The stand-in gateway: its address, its mail port, and its controls."""

    url: str
    smtp_port: int

    @classmethod
    @contextmanager
    def running(cls, folder: Path, contract: str, *, portal: str = "") -> Iterator["Sandbox"]:
        """Start it; with the address of a portal it shows its frame there and sends its events there."""
        command = [sys.executable, "-m", "sandbox", "--port", "0", "--smtp-port", "0", "--data", str(folder)]
        command += ["--allow-development", "--webhook-secret", "whsec_sandbox_tests"]
        command += ["--twilio-token", "sandbox_token_tests"]
        if portal:
            command += ["--portal-url", portal, "--webhook-url", f"{portal}/webhooks/stripe/"]
        environment = {"PATH": "", "STRIPE_CONTRACT": contract}
        with process(command, stdout=subprocess.PIPE, env=environment) as child:
            line = child.stdout.readline()
            found = READY.search(line)
            assert found, f"the sandbox did not start: {line}"
            yield cls(found[1], int(found[3]))

    def control(self, name: str, **facts: Any) -> Any:
        """Steer it: POST to one of its controls."""
        answer = requests.post(f"{self.url}/_control/{name}", json=facts, timeout=20)
        assert answer.ok, answer.text
        return answer.json()

    def look(self, name: str) -> Any:
        """Read one of its records: state, deliveries, requests, violations, inbox."""
        answer = requests.get(f"{self.url}/_control/{name}", timeout=20)
        assert answer.ok, answer.text
        return answer.json()


@contextmanager
def new_database(name: str) -> Iterator[str]:
    """Give the address of a database without tables on the tests' own server, there for a while."""
    full_name = f"{connection.settings_dict['NAME']}_{name}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{full_name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{full_name}"')
    yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{full_name}").geturl()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{full_name}" WITH (FORCE)')

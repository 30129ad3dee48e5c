"""The embedded database: shared by who asks, gone with the last of them, whatever the folder is called."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
from pathlib import Path
import psycopg2
from portal import embedded
connection = psycopg2.connect(embedded.start(Path(sys.argv[1]), durable=False))
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_backend_pid(), lower('É')")
    print(*cursor.fetchone(), flush=True)
sys.stdin.read()
"""


class Holder:
    """A process that uses the database in a folder until it is told to end."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.backend, self.letter = self.process.stdout.readline().split()

    def end(self) -> None:
        self.process.communicate(timeout=30)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=30)


def is_running(folder: Path) -> bool:
    """Return whether the server that wrote its number into the folder still runs."""
    note = folder / "postmaster.pid"
    if not note.exists():
        return False
    try:
        os.kill(int(note.read_text().split()[0]), 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def folder(tmp_path):
    yield tmp_path / "database"
    assert not is_running(tmp_path / "database"), "a test left its server running"


def test_the_last_one_to_leave_stops_the_server(folder):
    first, second = Holder(folder), Holder(folder)
    first.end()
    assert is_running(folder)
    second.end()
    assert not is_running(folder)


def test_one_that_was_killed_does_not_keep_it_running_for_ever(folder):
    Holder(folder).kill()
    assert is_running(folder)
    Holder(folder).end()
    assert not is_running(folder)


def test_two_that_start_at_the_same_moment_share_one_server(folder):
    command = [sys.executable, "-c", PROGRAM, str(folder)]
    both = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = [process.stdout.readline().split() for process in both]
    assert len({backend for backend, _ in said}) == 2
    for process in both:
        process.communicate(timeout=30)
        assert process.returncode == 0


@pytest.mark.parametrize("name", ["a folder with 'spaces'", "x" * 120, "Ünïcode"])
def test_any_folder_will_do(tmp_path, name):
    folder = tmp_path / name / "database"
    folder.parent.mkdir()
    holder = Holder(folder)
    assert holder.letter == "é"
    holder.end()
    assert not is_running(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that its database user may not enter")
def test_root_needs_to_open_no_folder_to_others(tmp_path):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    Holder(private / "database").end()
    assert private.stat().st_mode & 0o777 == 0o700


def test_what_was_written_is_there_at_the_next_start(folder):
    Holder(folder).end()
    identity = (folder / "global" / "pg_control").stat().st_ino
    Holder(folder).end()
    assert (folder / "global" / "pg_control").stat().st_ino == identity


def test_what_is_wrong_is_one_line(tmp_path):
    (tmp_path / "database").write_text("not a folder")
    environment = os.environ | {"PORTAL_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings.development"}
    environment.pop("DATABASE_URL", None)
    result = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert result.stderr.startswith("The database did not start:")
    assert len(result.stderr.splitlines()) == 1

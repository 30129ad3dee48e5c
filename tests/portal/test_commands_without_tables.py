"""On a database without tables, or without a database, a command says one line and ends; it prints no stack trace."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.parts import new_database

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = [
    ["send_reminders"],
    ["send_reminders", "--dry-run", "--json"],
    ["run_autopay"],
    ["reconcile_payments", "--dry-run"],
    ["export_contact_changes"],
    ["export_payments", "--day", "2026-11-24"],
    ["unlock_account", "someone", "--reason", "Called."],
    ["check_books"],
    ["changepassword", "someone"],
]
RUN = """
import contextlib, io, json, sys
import manage
for arguments in json.loads(sys.argv[1]):
    out, err, sys.argv = io.StringIO(), io.StringIO(), ["manage.py", *arguments]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            manage.main()
            status = 0
        except SystemExit as end:
            status = end.code
    print(json.dumps([arguments[0], status, out.getvalue(), err.getvalue()]))
"""


def said(url: str, tmp_path: Path) -> list[list]:
    """Run every command in one process; return of each its name, exit status, output and complaint."""
    facts = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "portal.settings.test", "PORTAL_DATA": str(tmp_path)}
    command = [sys.executable, "-c", RUN, json.dumps(COMMANDS)]
    run = subprocess.run(command, cwd=ROOT, env=os.environ | facts, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


@pytest.fixture
def empty(django_db_setup, django_db_blocker):
    """The address of a database of the tests' own server that has no tables."""
    with django_db_blocker.unblock(), new_database("empty") as address:
        yield address


def test_without_tables_every_command_says_what_to_run_first(empty, tmp_path):
    answers = said(empty, tmp_path)
    plain, as_json = (out for name, _, out, _ in answers if name == "send_reminders")
    assert (plain, list(json.loads(as_json))) == ("", ["error"])
    for name, status, out, complaint in answers:
        assert (name, status) == (name, 2)
        assert len(complaint.splitlines()) == 1, complaint
        assert "Could not run: " in complaint
        assert "Traceback" not in out + complaint
        if name != "check_books":
            assert complaint == "Could not run: the database lacks tables; first run: python manage.py migrate.\n"


def test_without_a_database_every_command_says_that_it_is_away(tmp_path):
    for name, status, _, complaint in said("postgresql://nobody@127.0.0.1:1/none", tmp_path):
        assert (name, status, len(complaint.splitlines())) == (name, 2, 1)
        assert "Traceback" not in complaint

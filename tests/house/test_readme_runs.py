"""The commands that the README names do what it says: run for real, in its order, on a database of their own."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from portal import deploy_check
from portal.demo import people
from tests.house.test_readme import ROOT, commands_of
from tests.parts import new_database, process

IN_EARNEST = ["check", "collectstatic"]
COLLECTING = "from portal.settings.production import *\nSTATIC_ROOT = {!r}\n"
NAME = "readme"
EXAMPLES = {"2026-11-24": 1, "2026-11-01": 30, "2026-12-01": 0}  # days of the README, and how long ago they are here
SEEN = "from accounts.models import *; print(User.objects.filter(locked_at=None).count(), Member.objects.count())"
LOCKED = """
from django.utils import timezone; from accounts.models import *
User.objects.create_user("username", member=Member.objects.first(), email="a@example.test", locked_at=timezone.now())
"""
PAID = """
from accounts.models import User; from payments import services
user = User.objects.get(); facts = dict(user=user, household=user.member.household, amount_cents=1200, method="card")
payment = services.start(**facts); services.attach_token(payment=payment, token_id={!r})
split = services.split_now(payment)
agreement = services.Agreement(payment.token, split, "", "", "192.0.2.7", "a test")
print(services.submit(payment=payment, agreement=agreement).status)
"""


@dataclass
class Said:
    """What a command said, and how it ended."""

    returncode: int
    stdout: str
    stderr: str


class Place:
    """A folder with small files, a database on the tests' own server, and a process that forks for each command."""

    def __init__(self, folder: Path, forkery: subprocess.Popen) -> None:
        self.folder, self.forkery = folder, forkery
        people.write_members(folder / "members.csv")
        people.write_bills(folder / "bills.csv", date(2026, 11, 24))
        people.write_adjustments(folder / "adjustments.csv", date(2026, 11, 24))
        (folder / "collecting.py").write_text(COLLECTING.format(str(folder / "static")))

    def runs(self, *arguments: str) -> Said:
        """Run one command; the two that are for production alone, on production's settings."""
        if arguments[0] in IN_EARNEST:
            return self._starts(*arguments)
        out, err = self.folder / "out", self.folder / "err"
        asked = {"arguments": arguments, "folder": str(self.folder), "out": str(out), "err": str(err)}
        self.forkery.stdin.write(json.dumps(asked) + "\n")
        self.forkery.stdin.flush()
        return Said(int(self.forkery.stdout.readline()), out.read_text(), err.read_text())

    def _starts(self, *arguments: str) -> Said:
        collecting = {"DJANGO_SETTINGS_MODULE": "collecting", "PYTHONPATH": str(self.folder)}
        environment = deploy_check.ENVIRONMENT | (collecting if arguments[0] == "collectstatic" else {})
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        environment = {"PATH": os.environ["PATH"], **environment}
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def place(tmp_path, django_db_setup, django_db_blocker, sandbox):
    with django_db_blocker.unblock(), new_database(NAME) as address:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "portal.settings.development",
            "DATABASE_URL": address,
            "PORTAL_DATA": str(tmp_path / "data"),
            "STRIPE_API_BASE": sandbox.url,
        }
        command = [sys.executable, "-m", "tests.house.forkery"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with process(command, env=environment, **pipes) as forkery:
            yield Place(tmp_path, forkery)


def run_them(place, sandbox) -> dict[str, str]:
    """Run every command of the README in its order; return what each said."""
    said = {}
    for command in [command[2:] for command in commands_of("python")]:
        if command[0] == "unlock_account":
            assert place.runs("shell", "-c", LOCKED).returncode == 0
        if command == ["check_books"]:
            token = sandbox.control("token", behaviour="card")["id"]
            paid = place.runs("shell", "-c", PAID.format(token))
            assert paid.stdout.split()[-1] == "paid", paid.stderr
        days = {day: (timezone.localdate() - timedelta(days=ago)).isoformat() for day, ago in EXAMPLES.items()}
        result = place.runs(*(days.get(word, word) for word in command))
        assert result.returncode == 0, (command, result.stdout, result.stderr)
        said[" ".join(command)] = result.stdout
    return said


@pytest.mark.timeout(300)
def test_the_commands_named_run_one_after_the_other_and_end_well(place, sandbox):
    said = run_them(place, sandbox)
    assert "8 " in said["import_members members.csv"]
    assert said["unlock_account USERNAME --reason Called, identity checked"].startswith("Unlocked.")
    assert (place.folder / "static" / "css").is_dir()
    assert place.runs("shell", "-c", SEEN).stdout.split()[-2:] == ["1", str(len(people.MEMBERS))]
    assert said["run_autopay --dry-run"].startswith("Tried, nothing done: 0 ")
    assert said["check_books"] == "The books agree.\n"
    assert json.loads(said["check_books --gateway --json"]) == {"disagreements": 0}
    assert "intents: 1 looked at, 0 mended, 0 differences stand" in said["reconcile_payments --dry-run"]
    a_month = "reconcile_payments --part intents --since 2026-11-01 --until 2026-12-01 --json"
    (part,) = json.loads(said[a_month])["parts"]
    assert (part["part"], part["findings"], part["error"]) == ("intents", [], "")
    assert (place.folder / "remittance.csv").read_text().splitlines()


@pytest.mark.timeout(300)
def test_what_cannot_be_done_ends_with_the_status_that_the_help_names(place):
    place.runs("migrate")
    place.runs("import_members", "members.csv")
    (place.folder / "bills.csv").write_text(re.sub("12.00", "12.001", (place.folder / "bills.csv").read_text()))
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    ends = {
        ("import_bills", "bills.csv"): 1,
        ("import_members", "nowhere.csv"): 2,
        ("import_adjustments", "nowhere.csv"): 2,
        ("unlock_account", "nobody", "--reason", "asked"): 2,
        ("export_payments", "--day", tomorrow): 2,
        ("reconcile_payments", "--since", tomorrow): 2,
    }
    assert {command: place.runs(*command).returncode for command in ends} == ends

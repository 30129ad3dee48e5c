"""The commands that the README names do what it says: run for real, in its order, on a database of their own."""

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from portal import deploy_check
from portal.demo import people
from tests.house.test_readme import ROOT, commands_of

RUN = ["check", "migrate", "collectstatic", "import_members", "import_bills", "import_adjustments", "unlock_account"]
COLLECTING = "from portal.settings.production import *\nSTATIC_ROOT = {!r}\n"
NAME = "readme"
SEEN = "from accounts.models import *; print(User.objects.filter(locked_at=None).count(), Member.objects.count())"
LOCKED = """
from django.utils import timezone; from accounts.models import *
User.objects.create_user("username", member=Member.objects.first(), email="a@example.test", locked_at=timezone.now())
"""


class Place:
    """A folder with small files, and a database on the tests' own server."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        people.write_members(folder / "members.csv")
        people.write_bills(folder / "bills.csv", date(2026, 11, 24))
        people.write_adjustments(folder / "adjustments.csv", date(2026, 11, 24))
        (folder / "collecting.py").write_text(COLLECTING.format(str(folder / "static")))
        self.development = {"DJANGO_SETTINGS_MODULE": "portal.settings.development", "DATABASE_URL": database_url}

    def runs(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {"check": deploy_check.ENVIRONMENT, "collectstatic": self._collecting()}
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], **environment.get(arguments[0], self.development)},
            capture_output=True,
            text=True,
            check=False,
        )

    def _collecting(self) -> dict[str, str]:
        return deploy_check.ENVIRONMENT | {"DJANGO_SETTINGS_MODULE": "collecting", "PYTHONPATH": str(self.folder)}


@pytest.fixture
def place(tmp_path, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        name = f"{connection.settings_dict['NAME']}_{NAME}"
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}"')
    yield Place(tmp_path, urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl())
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.timeout(300)
def test_the_commands_named_run_one_after_the_other_and_end_well(place):
    commands = [command[2:] for command in commands_of("python") if command[2] in RUN]
    assert {command[0] for command in commands} == set(RUN)
    said = {}
    for command in commands:
        if command[0] == "unlock_account":
            assert place.runs("shell", "-c", LOCKED).returncode == 0
        result = place.runs(*command)
        assert result.returncode == 0, (command, result.stderr)
        said[" ".join(command)] = result.stdout
    assert "8 " in said["import_members members.csv"]
    assert said["unlock_account USERNAME --reason Called, identity checked"].startswith("Unlocked.")
    assert (place.folder / "static" / "css").is_dir()
    assert place.runs("shell", "-c", SEEN).stdout.split()[-2:] == ["1", str(len(people.MEMBERS))]
    (place.folder / "bills.csv").write_text(re.sub("12.00", "12.001", (place.folder / "bills.csv").read_text()))
    assert place.runs("import_bills", "bills.csv").returncode == 1
    assert place.runs("import_members", "nowhere.csv").returncode == 2
    assert place.runs("unlock_account", "nobody", "--reason", "asked").returncode == 2

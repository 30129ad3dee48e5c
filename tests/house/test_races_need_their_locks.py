"""Each race test is worth its name: with its lock taken away, in a copy of the project, it fails."""

import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from tests.parts import changed_copy

TRIES = 8  # without its lock a race is lost often, not always
RACES = "tests/payments/test_races.py"
REFUNDS = "tests/payments/test_refund_races.py"
DOOR = "tests/accounts/test_lockout_races.py"
NO_LOCKS = {
    "billing/services/credits.py": (".select_for_update().get(pk=household_id)", ".get(pk=household_id)"),
    "payments/services/moving.py": ('.select_for_update(of=("self",))', ""),
}
ONE_INSERT = {
    "payments/services/events.py": (
        "GatewayEvent.objects.bulk_create([row], ignore_conflicts=True)",
        "GatewayEvent.objects.filter(event_id=notice.event_id).exists() or row.save()",
    )
}
NO_GATE = {
    "accounts/lockout.py": (
        "counted = User.objects.filter(pk=user.pk, locked_at=None).update(",
        "counted = user.locked_at is None and User.objects.filter(pk=user.pk).update(",
    )
}
NO_DRAW_LOCKS = NO_LOCKS | {"payments/services/drawing.py": ('.select_for_update(of=("self",))', "")}
NO_MEMBER_LOCK = {
    "accounts/services/registration.py": ("Member.objects.select_for_update()", "Member.objects"),
}


@pytest.mark.xdist_group("one database of their own")
@pytest.mark.parametrize(
    ("changes", "test"),
    [
        (NO_LOCKS, f"{RACES}::test_ten_tabs_can_pay_one_bill_only_once"),
        (NO_LOCKS, f"{RACES}::test_a_webhook_against_the_return_page_pays_once"),
        (NO_LOCKS, f"{REFUNDS}::test_eight_admins_who_refund_everything_at_once_refund_it_once"),
        (NO_DRAW_LOCKS, "tests/payments/test_autopay_races.py::test_six_runs_at_once_announce_once_and_charge_once"),
        (ONE_INSERT, f"{RACES}::test_the_same_event_ten_times_at_once_has_one_effect"),
        (NO_GATE, f"{DOOR}::test_24_wrong_passwords_at_once_are_five_guesses_and_a_lock"),
        (NO_MEMBER_LOCK, f"{DOOR}::test_two_registrations_of_one_member_at_once_are_one_account"),
    ],
)
def test_without_its_lock_the_race_test_fails(changes, test, tmp_path, spare_database):
    changed_copy(tmp_path, [(name, old, new) for name, (old, new) in changes.items()])
    assert any(fails(test, tmp_path, spare_database) for _ in range(TRIES)), f"{test} passes without its lock"


def fails(test, folder, database):
    """Run one test in the copy, in a database of its own; return whether it ran and failed."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database.removeprefix('test_')}").geturl()
    environment = os.environ | {"PYTHONPATH": str(folder), "DATABASE_URL": address}
    environment = {name: value for name, value in environment.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--reuse-db", test]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert "1 failed" in result.stdout or "1 passed" in result.stdout, result.stdout[-2000:]
    return result.returncode == 1

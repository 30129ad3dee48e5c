"""Fills an empty database with the demonstration: roster and bills by the real imports, and log-ins to try."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from accounts.models import Household, Member, User
from billing.selectors import open_bills_for
from billing.services import About, open_case, reply_to_case
from portal.demo import people


class Command(BaseCommand):
    """Seed the demonstration, once."""

    help = "Fill the database with invented households, bills and log-ins, once. Refused outside the sandbox."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.STRIPE_SECRET_KEY.startswith("sk_test_sandbox_"):
            raise CommandError("The demonstration is for the sandbox alone.", returncode=2)
        if Household.objects.exists():
            self.stdout.write("There are households already. Nothing changed.")
            return
        self._import()
        self._members()
        self._staff()
        self._case()

    def _import(self) -> None:
        folder, today = settings.DATA / "demo", timezone.localdate()
        people.write_members(folder / "members.csv")
        people.write_bills(folder / "bills.csv", today)
        people.write_bills(folder / "bills-revised.csv", today, revised=True)
        people.write_adjustments(folder / "adjustments.csv", today)
        for command, file in (
            ("import_members", "members.csv"),
            ("import_bills", "bills.csv"),
            ("import_bills", "bills-revised.csv"),
            ("import_adjustments", "adjustments.csv"),
        ):
            self.stdout.write(f"{command} {folder / file}")
            call_command(command, str(folder / file), stdout=self.stdout)

    def _members(self) -> None:
        reached = people.REACHED | {"phone_confirmed_at": timezone.now() - timedelta(days=2)}
        _log_in("rosa", member=Member.objects.get(masshealth_id="900000000011"), **reached)
        sam = Member.objects.get(masshealth_id="900000000051")
        _log_in("sam", member=sam, locked_at=timezone.now(), failed_logins=settings.LOCKOUT_LIMIT)

    def _case(self) -> None:
        rosa = User.objects.get(username="rosa")
        bill = open_bills_for(rosa.household_id or 0)[0]
        case = open_case(rosa, kind="charge", text=people.CASE, about=About(bills=[bill]))
        reply_to_case(User.objects.get(username="support"), case, text=people.CASE_QUESTION, status="waiting")

    def _staff(self) -> None:
        for staff in ("support", "finance"):
            _log_in(staff, is_staff=True).groups.add(Group.objects.get(name=staff))
        User.objects.create_superuser("admin", people.PASSWORD, email="admin@example.test")


def _log_in(username: str, **fields: Any) -> User:
    fields |= {"email": f"{username}@example.test", "email_confirmed_at": timezone.now()}
    return User.objects.create_user(username, people.PASSWORD, **fields)

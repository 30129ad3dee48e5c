"""Plainly invented households, members, log-ins and bills for tests."""

from datetime import date
from itertools import count
from typing import Any

from django.utils import timezone

from accounts.models import Household, Member, Preferences, TextConsent, User
from billing import services as billing
from billing.models import Bill, BillLine, BillRevision

PASSWORD = "maple canoe orbit lantern"
_number = count(1)


def household(**fields: Any) -> Household:
    return Household.objects.create(**({"number": f"H-{next(_number):06d}"} | fields))


def member(**fields: Any) -> Member:
    n = next(_number)
    defaults = {
        "household": fields.get("household") or household(),
        "masshealth_id": f"{900000000000 + n}",
        "first_name": "Testa",
        "last_name": f"Beispiel{n}",
        "date_of_birth": date(1970, 1, 2),
        "responsible": True,
        "coverage_type": "CommonHealth",
        "coverage_status": "active",
        "coverage_start": date(2025, 1, 1),
    }
    values = defaults | fields
    values.setdefault("search_name", f"{values['first_name']} {values['last_name']}".lower())
    return Member.objects.create(**values)


def user(*, password: str = PASSWORD, confirmed: bool = True, **fields: Any) -> User:
    n = next(_number)
    if not fields.get("is_staff"):
        fields.setdefault("member", None) or fields.update(member=member())
    defaults = {
        "email": f"person{n}@example.test",
        "email_confirmed_at": timezone.now() if confirmed else None,
    }
    return User.objects.create_user(fields.pop("username", f"person{n}"), password, **(defaults | fields))


def texting_user(*, number: str = "+16175550100", **chosen: Any) -> User:
    """A log-in with a proved mobile number that agreed to texts; `chosen` are fields of its preferences."""
    made = user(phone=number, phone_confirmed_at=timezone.now(), phone_is_mobile=True)
    Preferences.objects.create(user=made, **chosen)
    words = {"words": "I agree.", "version": "test", "language": "en"}
    TextConsent.objects.create(user=made, number=number, given_by="page", **words)
    return made


def bill(
    *, household: Household, lines: list[tuple[str, int]] | None = None, member: Member | None = None, **fields: Any
) -> Bill:
    """A bill with one revision; `lines` are (description, cents), all of `member`."""
    n = next(_number)
    lines = lines or [("Monthly premium", 2400)]
    defaults = {
        "number": f"B-{n:06d}",
        "period": date(2026, 11, 1),
        "issued_on": date(2026, 11, 1),
        "due_on": date(2026, 12, 1),
        "total_cents": sum(cents for _, cents in lines),
    }
    made = Bill.objects.create(household=household, **(defaults | fields))
    revision = BillRevision.objects.create(
        bill=made,
        number=1,
        period=made.period,
        issued_on=made.issued_on,
        due_on=made.due_on,
        total_cents=made.total_cents,
    )
    for position, (description, cents) in enumerate(lines, start=1):
        facts = {"position": position, "description": description, "amount_cents": cents, "member": member}
        BillLine.objects.create(revision=revision, **facts)
    return made


def pay(household: Household, source: str, cents: int) -> None:
    """Money of this source that has arrived."""
    billing.hold(household=household, source=source, amount_cents=cents)
    billing.settle(source=source)

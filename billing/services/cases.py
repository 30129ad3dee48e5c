"""Cases: opened and answered by members, answered and closed by staff, forgotten when their time is over."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from billing import notices
from billing.models import Bill, BillLine, Case, CaseAttachment, CaseMessage
from billing.services.attachments import CleanFile, forget, keep
from portal.shared import audit

PURGED_AT_ONCE = 200
_S = Case.Status


class CaseOver(Exception):
    """The case was closed too long ago to be answered; a new one can be opened."""


@dataclass(frozen=True)
class About:
    """What a case is about; nothing at all is fine."""

    bills: Sequence[Bill] = ()
    line: BillLine | None = None
    payment_reference: str = ""
    place: str = Case.Place.NONE


@dataclass(frozen=True)
class Wish:
    """What a request asks for: the grounds ticked for a waiver, the days and cents of a payment plan."""

    grounds: Sequence[str] = ()
    plan: Sequence[tuple[date, int]] = field(default=())


@transaction.atomic
def open_case(
    user: User,
    *,
    kind: str,
    text: str,
    about: About | None = None,
    wish: Wish | None = None,
    files: Sequence[CleanFile] = (),
    form_key: UUID | None = None,
    address: str | None = None,
) -> Case:
    """Open a case of a member, give it its number, and email the number. The log-in must belong to a member.

    The same form sent again with nothing changed leads to the case that it opened before.
    """
    about, wish = about or About(), wish or Wish()
    if user.member is None:
        raise ValueError("only a member opens a case")
    facts: dict[str, Any] = {
        "household_id": user.member.household_id,
        "kind": Case.Kind(kind),
        "place": about.place,
        "line": about.line,
        "payment_reference": about.payment_reference,
        "grounds": list(wish.grounds),
        "plan": [[f"{day}", cents] for day, cents in wish.plan],
    }
    bills, line = [bill.pk for bill in about.bills], about.line and about.line.pk
    said = [kind, text, facts["grounds"], facts["plan"], bills, line, about.payment_reference, about.place]
    typed = _typed(form_key, said, files) or uuid4()
    case, is_new = Case.objects.get_or_create(opened_by=user, form_key=typed, defaults=facts)
    if not is_new:
        return case
    case.bills.set(about.bills)
    if text or files:
        _say(case, user, text, files=files)
    audit.record("open_case", case, actor=user, address=address, kind=case.kind, files=len(files))
    notices.tell_of_case(case, "opened", key="opened")
    return case


@transaction.atomic
def answer_case(
    user: User,
    case: Case,
    *,
    text: str,
    files: Sequence[CleanFile] = (),
    form_key: UUID | None = None,
    address: str | None = None,
) -> CaseMessage:
    """Add what the member says; the case is open again. Raises CaseOver when it was closed too long ago.

    The same form sent again with nothing changed adds nothing, and returns what it said before.
    """
    case, typed = _locked(case), _typed(form_key, [case.pk, text], files)
    before = _said_before(user, typed)
    if before:
        return before
    if not can_be_answered(case):
        raise CaseOver
    message = _say(case, user, text, files=files, form_key=typed)
    was = case.status
    _move(case, _S.OPEN)
    audit.record("answer_case", case, actor=user, address=address, was=was, files=len(files))
    return message


@transaction.atomic
def reply_to_case(
    staff: User, case: Case, *, text: str, status: str, form_key: UUID | None = None, address: str | None = None
) -> CaseMessage:
    """Say something to the member and let the case be answered, waiting for the member, or closed; email that it is.

    The same form sent again with the same words is one reply.
    """
    case, typed = _locked(case), _typed(form_key, [case.pk, text, status])
    before = _said_before(staff, typed)
    if before:
        return before
    message = _say(case, staff, text, form_key=typed, is_staff=True)
    _move(case, _S(status))
    audit.record("reply_to_case", case, actor=staff, address=address, status=case.status)
    notices.tell_of_case(case, case.status, key=f"message:{message.pk}")
    return message


def can_be_answered(case: Case) -> bool:
    """Return whether the member may still write: always while it is not closed, and some days after."""
    return case.closed_at is None or timezone.now() < case.closed_at + timedelta(days=settings.CASE_REOPEN_DAYS)


def purge_cases() -> int:
    """Forget cases, with all that was said and sent, whose time is over; return how many."""
    over = timezone.now() - timedelta(days=round(365.25 * settings.CASES_KEPT_YEARS))
    ids = list(Case.objects.filter(status=_S.CLOSED, closed_at__lt=over).values_list("pk", flat=True)[:PURGED_AT_ONCE])
    names = list(CaseAttachment.objects.filter(message__case__in=ids).values_list("stored_name", flat=True))
    Case.objects.filter(pk__in=ids).delete()
    forget(names)
    return len(ids)


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update(of=("self",)).select_related("opened_by").get(pk=case.pk)


def _typed(form_key: UUID | None, said: list[Any], files: Sequence[CleanFile] = ()) -> UUID | None:
    """Return what a form's key and all that was typed in it come to; None without a key."""
    digests = [hashlib.sha256(file.content).hexdigest() for file in files]
    return uuid5(form_key, json.dumps([said, digests])) if form_key else None


def _said_before(author: User, typed: UUID | None) -> CaseMessage | None:
    return CaseMessage.objects.filter(author=author, form_key=typed).first() if typed else None


def _say(case: Case, author: User, text: str, *, files: Sequence[CleanFile] = (), **facts: Any) -> CaseMessage:
    message = CaseMessage.objects.create(case=case, author=author, text=text, **({"is_staff": False} | facts))
    keep(message, files)
    return message


def _move(case: Case, status: Case.Status) -> None:
    now = timezone.now()
    changes: dict[str, Any] = {"status": status, "changed_at": now, "closed_at": now if status == _S.CLOSED else None}
    for name, value in changes.items():
        setattr(case, name, value)
    case.save(update_fields=list(changes))

"""Finds the cases that a log-in may see, and what was said in them."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from accounts.models import User
from billing.models import Bill, BillLine, Case, CaseAttachment, CaseMessage, Credit
from portal.shared.references import clean_reference

PAGE = 12  # cases on one page
MESSAGES = 20  # on one page of a case
PRIVATE = (Case.Kind.SUSPICIOUS, Case.Kind.WAIVER)  # theirs alone who wrote it, also within a household
UNANSWERED = (Case.Status.OPEN, Case.Status.WAITING)


def cases_for(user: User) -> QuerySet[Case]:
    """Return the cases that a log-in may see, newest first.

    Whoever may see the household's bill sees the household's cases, but of the private kinds only their own. Who may
    not see the bill sees their own. Who has left the household sees none of it.
    """
    if user.member is None:
        return Case.objects.none()
    own = Q(opened_by=user)
    seen = own if user.household_id is None else own | ~Q(kind__in=PRIVATE)
    return Case.objects.filter(seen, household=user.member.household_id).order_by("-created_at", "-pk")


def cases_page_for(user: User, *, before: str = "") -> tuple[list[Case], bool]:
    """Return the newest cases, or those older than the one with the number `before`, and whether there are more."""
    cases = cases_for(user)
    last = cases.filter(number=clean_reference(before)).first() if clean_reference(before) else None
    if last:
        cases = cases.filter(Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk))
    found = list(cases[: PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def case_for(user: User, number: str) -> Case:
    """Return one case that this log-in may see. Raises Case.DoesNotExist, also for anyone else's."""
    found = cases_for(user).select_related("line__revision", "line__member", "line__adjustment")
    return found.prefetch_related("bills").get(number=clean_reference(number) or "")


def messages_page_for(case: Case, *, before: str = "") -> tuple[list[CaseMessage], bool]:
    """Return what was said last, or before the message with this number, oldest first, and whether there is more."""
    messages = CaseMessage.objects.filter(case=case).prefetch_related("attachments").order_by("-pk")
    if before.isascii() and before.isdigit() and len(before) < 19:
        messages = messages.filter(pk__lt=int(before))
    found = list(messages[: MESSAGES + 1])
    return found[:MESSAGES][::-1], len(found) > MESSAGES


def attachment_for(user: User, number: str, reference: str) -> CaseAttachment:
    """Return a file of a case that this log-in may see. Raises CaseAttachment.DoesNotExist, also for anyone else's."""
    found = CaseAttachment.objects.filter(
        message__case__in=cases_for(user).filter(number=clean_reference(number) or "")
    )
    return found.get(reference=clean_reference(reference) or "")


def line_for(bill: Bill, position: str) -> BillLine | None:
    """Return the line at this position in the newest revision of a bill."""
    if not (position.isascii() and position.isdigit() and len(position) < 6):
        return None
    newest = BillLine.objects.select_related("member", "adjustment", "revision")
    return newest.filter(revision__bill=bill, revision__number=bill.revision, position=int(position)).first()


def bills_paid_by(household_id: int, source: str) -> list[Bill]:
    """Return the household's bills on which money of this source was placed, whatever became of it."""
    if not source:
        return []
    return list(Bill.objects.filter(household=household_id, credits__source=source).distinct().order_by("due_on", "pk"))


def own_reference(household_id: int, typed: str) -> str:
    """Return the confirmation number of money that this household ever placed, or '' for any other text."""
    number = clean_reference(typed) or ""
    return number if number and Credit.objects.filter(household=household_id, source=number).exists() else ""


def bills_with_unanswered_cases(bill_ids: Collection[int]) -> set[int]:
    """Return which of these bills a case is about that is not answered yet."""
    about = Case.bills.through.objects.filter(bill__in=bill_ids, case__status__in=UNANSWERED)
    return set(about.values_list("bill_id", flat=True))

"""Plain values for the tables of the pages, so that a template only loops."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing import rules
from billing.models import Bill, BillLine, BillRevision, Credit
from billing.selectors import Movement, OwedBill
from billing.views import words
from portal.shared.money import usd


@dataclass(frozen=True)
class BillRow:
    """A bill in a list."""

    month: str
    due: str
    standing: str
    is_late: bool
    total: str
    left: str
    url: str


def bill_row(bill: OwedBill, today: date) -> BillRow:
    """Return a bill as a list shows it."""
    open_cents = bill.held_cents + bill.disputed_cents
    standing = rules.standing(bill.total_cents, bill.settled_cents, open_cents, bill.due_on, today)
    return BillRow(
        month=words.month(bill.period),
        due=words.day(bill.due_on),
        standing=words.standing_text(
            standing, is_disputed=bill.disputed_cents > 0, waits_for_member=bill.waiting_cents > 0
        ),
        is_late=standing == rules.Standing.OVERDUE,
        total=usd(bill.total_cents),
        left=usd(bill.payable_cents),
        url=reverse("billing:bill", args=[bill.reference]),
    )


def bill_rows(bills: Iterable[OwedBill], today: date) -> list[BillRow]:
    """Return bills as a list shows them."""
    return [bill_row(bill, today) for bill in bills]


def bill_facts(bill: OwedBill, today: date) -> list[tuple[str, str]]:
    """Return the head of a bill: number, days, standing, and how its total becomes what is left."""
    return [*bill_head(bill.number, bill), *standing_facts(bill, today)]


def bill_head(number: str, dated: Bill | BillRevision) -> list[tuple[str, str]]:
    """Return what names a bill, or one version of it: its number and days."""
    return [
        (_("Bill number"), number),
        (_("Bill date"), words.day(dated.issued_on)),
        (_("Due date"), words.day(dated.due_on)),
    ]


def standing_facts(bill: OwedBill, today: date) -> list[tuple[str, str]]:
    """Return how a bill stands today, and how its total becomes what is left."""
    facts = [
        (_("Status"), bill_row(bill, today).standing),
        (_("Bill total"), usd(bill.total_cents)),
        (pgettext("amount", "Paid"), usd(bill.settled_cents)),
    ]
    if bill.waiting_cents:
        facts.append((_("Waiting for you"), usd(bill.waiting_cents)))
    elif bill.held_cents:
        facts.append((_("On its way"), usd(bill.held_cents)))
    if bill.disputed_cents:
        facts.append((_("Looked into by the bank"), usd(bill.disputed_cents)))
    return [*facts, (_("Left to pay"), usd(bill.payable_cents))]


@dataclass(frozen=True)
class MovementRow:
    """Money that is on its way or has arrived, in a list; `source` is the payment's confirmation number."""

    day: str
    amount: str
    state: str
    source: str
    url: str


def movement_rows(movements: Iterable[Movement]) -> list[MovementRow]:
    """Return money by its source, with the page that tells more."""
    return [
        MovementRow(
            day=words.day_of(movement.at),
            amount=usd(movement.cents),
            state=words.credit_text(movement.status, waits_for_member=movement.waits_for_member),
            source=movement.source,
            url=reverse("payments:status", args=[movement.source]),
        )
        for movement in movements
    ]


def credit_rows(credits: Iterable[Credit]) -> list[MovementRow]:
    """Return the money placed on one bill."""
    return movement_rows(
        Movement(credit.source, credit.status, credit.amount_cents, credit.created_at, credit.waits_for_member)
        for credit in credits
    )


@dataclass(frozen=True)
class LineRow:
    """One charge or credit on a bill."""

    person: str
    description: str
    amount: str
    note: str  # what an adjustment means, '' for a line of the bill itself
    problem_url: str  # where a wrong line is reported


def line_rows(lines: Iterable[BillLine], bill: Bill) -> list[LineRow]:
    """Return the lines of this bill."""
    problem_url = f"{reverse('cases:report', args=['charge'])}?bill={bill.reference}&line="
    return [
        LineRow(
            *(_person(line), words.line_text(line), usd(line.amount_cents), words.line_note(line)),
            problem_url=f"{problem_url}{line.position}",
        )
        for line in lines
        if line.revision.bill_id == bill.pk
    ]


@dataclass(frozen=True)
class ChangeRow:
    """What is different from last month, in one line of a table."""

    person: str
    description: str
    before: str
    now: str


def change_rows(lines: Iterable[BillLine], bill: Bill, previous: Bill | None) -> list[ChangeRow]:
    """Return what differs between the previous bill and this one; nothing when there is no previous one."""
    if previous is None:
        return []
    compared: dict[int, list[rules.Line]] = {bill.pk: [], previous.pk: []}
    for line in lines:
        compared[line.revision.bill_id].append(rules.Line(_person(line), words.line_text(line), line.amount_cents))
    return [
        ChangeRow(change.person, change.description, _amount(change.before_cents), _amount(change.now_cents))
        for change in rules.changes(compared[previous.pk], compared[bill.pk])
    ]


def revision_rows(revisions: Iterable[BillRevision], bill: Bill) -> list[dict[str, str]]:
    """Return what a bill said before it was changed, newest first, each with its statement."""
    statement = reverse("billing:statement", args=[bill.reference])
    return [
        {
            "since": words.day_of(old.imported_at),
            "total": usd(old.total_cents),
            "due": words.day(old.due_on),
            "statement_url": f"{statement}?revision={old.number}",
        }
        for old in revisions
    ]


@dataclass(frozen=True)
class YearRow:
    """A bill among those of its year."""

    month: str
    due: str
    total: str
    paid: str
    left: str
    url: str
    statement_url: str


def year_rows(bills: Iterable[OwedBill]) -> list[YearRow]:
    """Return a year's bills with what was paid of each."""
    return [
        YearRow(
            month=words.month(bill.period),
            due=words.day(bill.due_on),
            total=usd(bill.total_cents),
            paid=usd(bill.settled_cents),
            left=usd(bill.payable_cents),
            url=reverse("billing:bill", args=[bill.reference]),
            statement_url=reverse("billing:statement", args=[bill.reference]),
        )
        for bill in bills
    ]


def _person(line: BillLine) -> str:
    return str(line.member) if line.member else _("Your household")


def _amount(cents: int | None) -> str:
    return _("Not on the bill") if cents is None else usd(cents)

"""What statements and the summary of a year are made from: every version of a bill, and what was billed and paid."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Min, Q, Sum
from django.db.models.functions import ExtractYear

from billing import selectors
from billing.models import Bill, BillLine, BillRevision, Credit
from billing.selectors import OwedBill, Owner

_S = Credit.Status


@dataclass(frozen=True)
class Paid:
    """The money of one payment (its reference) that counts as paid, and when it was sent."""

    source: str
    cents: int
    at: datetime


@dataclass(frozen=True)
class Year:
    """One calendar year of a household: the bills for its months, and the money sent in it."""

    year: int
    bills: list[OwedBill]  # oldest month first
    people: list[tuple[str, int]]  # name ('' for the household as a whole) and cents on the year's bills
    payments: list[Paid]  # oldest first; what was refunded, returned or is disputed does not count

    @property
    def billed_cents(self) -> int:
        return sum(bill.total_cents for bill in self.bills)

    @property
    def settled_cents(self) -> int:
        """What is paid of the year's bills, whenever it was sent."""
        return sum(bill.settled_cents for bill in self.bills)

    @property
    def open_cents(self) -> int:
        """What is on its way to the year's bills, or looked into by a bank."""
        return sum(bill.held_cents + bill.disputed_cents for bill in self.bills)

    @property
    def payable_cents(self) -> int:
        return sum(bill.payable_cents for bill in self.bills)

    @property
    def sent_cents(self) -> int:
        """What was sent in the year and counts as paid, whatever bill it pays."""
        return sum(paid.cents for paid in self.payments)


def years_of(household: Owner) -> list[tuple[int, int]]:
    """Return each year with a bill or a payment, newest first, and how many bills it has."""
    bills = Counter(Bill.objects.filter(household=household).values_list("period__year", flat=True))
    paid = Credit.objects.filter(household=household, status=_S.SETTLED).order_by()
    sent = set(paid.annotate(year=ExtractYear("created_at")).values_list("year", flat=True).distinct())
    return [(year, bills[year]) for year in sorted(set(bills) | sent, reverse=True)]


def year_of(household: Owner, year: int) -> Year:
    """Return what was billed for the year's months and what was paid in it; empty lists when there is nothing."""
    newest = BillLine.objects.filter(revision__number=F("revision__bill__revision"))
    lines = newest.filter(revision__bill__household=household, revision__bill__period__year=year)
    people = lines.order_by("member").values_list("member", "member__first_name", "member__last_name")
    return Year(
        year=year,
        bills=list(selectors.bills_for(household).filter(period__year=year).order_by("period", "due_on", "pk")),
        people=[
            (f"{first} {last}" if member else "", cents)
            for member, first, last, cents in people.annotate(cents=Sum("amount_cents"))
        ],
        payments=_sent_in(household, year),
    )


def revision_of(bill: Bill, number: str) -> BillRevision:
    """Return the version of a bill with this number, the newest for ''. Raises BillRevision.DoesNotExist."""
    wanted = str(bill.revision) if number == "" else number
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) <= 9):
        raise BillRevision.DoesNotExist
    return BillRevision.objects.get(bill=bill, number=int(wanted))


def revisions_of(bills: Collection[Bill]) -> list[BillRevision]:
    """Return every version of these bills, oldest first."""
    return list(BillRevision.objects.filter(bill__in=bills).order_by("period", "bill", "number"))


def lines_of(revisions: Sequence[BillRevision]) -> list[BillLine]:
    """Return the lines of these versions in one query, in their order, with their members."""
    lines = BillLine.objects.filter(revision__in=revisions)
    return list(lines.select_related("member", "revision", "adjustment").order_by("revision", "position"))


def replaced_at(revision: BillRevision) -> datetime | None:
    """Return when a version of a bill was replaced by the next one; None for the newest."""
    later = BillRevision.objects.filter(bill=revision.bill_id, number__gt=revision.number)
    moment: datetime | None = later.order_by("number").values_list("imported_at", flat=True).first()
    return moment


def _sent_in(household: Owner, year: int) -> list[Paid]:
    """Return by source what counts as paid; a credit that was moved or split keeps the moment of the first."""
    sources = Credit.objects.filter(household=household).order_by().values("source")
    sums = sources.annotate(at=Min("created_at"), cents=Sum("amount_cents", filter=Q(status=_S.SETTLED)))
    found = sums.filter(at__year=year, cents__gt=0).order_by("at", "source")
    return [Paid(**row) for row in found]

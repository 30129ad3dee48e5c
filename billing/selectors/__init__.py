"""Finds what a household owes and has paid, in few queries."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.conf import settings
from django.db.models import F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Household
from billing import rules
from billing.models import Bill, BillLine, BillRevision, Credit
from billing.selectors.cases import bills_with_unanswered_cases
from portal.shared.references import clean_reference

if TYPE_CHECKING:  # the stubs are no part of the running portal
    from django_stubs_ext import WithAnnotations


class Sums(TypedDict):
    """What bills_for adds to each bill, in cents."""

    settled_cents: int
    held_cents: int
    disputed_cents: int
    waiting_cents: int  # of the held, what waits for the member
    payable_cents: int  # total - settled - held - disputed


OwedBill: TypeAlias = "WithAnnotations[Bill, Sums]"
_S = Credit.Status
Owner = Household | int  # a household or its primary key


@dataclass(frozen=True)
class Account:
    """A household's money at one moment, in cents."""

    open_bills: list[OwedBill]  # something is left to pay; oldest first
    owed_cents: int  # what is left to pay on all of them
    payable_now_cents: int  # of it, on bills without money on its way
    held_cents: int  # on its way, or waiting for the member
    waiting_cents: int  # of it, what is not sent before the member does one thing more
    disputed_cents: int  # looked into by a card's bank: neither paid nor payable
    unplaced_cents: int  # paid ahead, kept for the next bill
    ahead_cents: int  # what may be paid ahead today
    minimum_cents: int

    @property
    def limit_cents(self) -> int:
        """The most that may be paid today."""
        return self.payable_now_cents + self.ahead_cents

    @property
    def next_due_on(self) -> date | None:
        """The earliest day on which something is or was due; None when nothing is owed."""
        return self.open_bills[0].due_on if self.open_bills else None

    @property
    def late_bills(self) -> list[OwedBill]:
        """Open bills whose due day is past."""
        today = timezone.localdate()
        return [bill for bill in self.open_bills if bill.due_on < today]

    @property
    def next_bills(self) -> list[OwedBill]:
        """Open bills of the next day on which something is due; the due day itself is in time."""
        ahead = self.open_bills[len(self.late_bills) :]
        return [bill for bill in ahead if bill.due_on == ahead[0].due_on]

    @property
    def is_overdue(self) -> bool:
        """Whether something is left to pay of a bill whose due day is past."""
        return self.next_due_on is not None and self.next_due_on < timezone.localdate()

    @property
    def payable_bills(self) -> list[OwedBill]:
        """Those that a payment made today would go to, oldest first."""
        return [bill for bill in self.open_bills if not bill.held_cents]


def bills_for(household: Owner) -> QuerySet[OwedBill]:
    """Return the household's bills, oldest due first, with the cents that Sums names."""
    return _with_sums(Bill.objects.filter(household=household))


def _with_sums(bills: QuerySet[Bill]) -> QuerySet[OwedBill]:

    def credits(status: str, **also: bool) -> Coalesce:
        return Coalesce(Sum("credits__amount_cents", filter=Q(credits__status=status, **also)), 0)

    return (
        bills.annotate(
            settled_cents=credits(_S.SETTLED), held_cents=credits(_S.HELD), disputed_cents=credits(_S.DISPUTED)
        )
        .annotate(waiting_cents=credits(_S.HELD, credits__waits_for_member=True))
        .annotate(payable_cents=F("total_cents") - F("settled_cents") - F("held_cents") - F("disputed_cents"))
        .order_by("due_on", "pk")  # a query with sums forgets the model's own order
    )


def open_bills_for(household: Owner) -> QuerySet[OwedBill]:
    """Return the household's bills of which something is left to pay, oldest due first."""
    return bills_for(household).filter(payable_cents__gt=0)


def bill_for(household: Owner, number: str) -> OwedBill:
    """Return the household's bill with this reference or bill number; raises Bill.DoesNotExist, also for another's."""
    if "\x00" in number:  # PostgreSQL refuses it in any text
        raise Bill.DoesNotExist
    return bills_for(household).get(Q(reference=clean_reference(number) or number) | Q(number=number))


def account_for(household: Owner) -> Account:
    """Return what the household owes, has on its way, keeps as credit and may pay today."""
    bills = list(open_bills_for(household))
    newest = Bill.objects.filter(household=household, total_cents__gt=0).order_by("-period", "-pk").first()
    sums = Credit.objects.filter(household=household).aggregate(
        held=Coalesce(Sum("amount_cents", filter=Q(status=_S.HELD)), 0),
        waiting=Coalesce(Sum("amount_cents", filter=Q(status=_S.HELD, waits_for_member=True)), 0),
        disputed=Coalesce(Sum("amount_cents", filter=Q(status=_S.DISPUTED)), 0),
        unplaced=Coalesce(Sum("amount_cents", filter=Q(status=_S.SETTLED, bill=None)), 0),
    )
    return Account(
        open_bills=bills,
        owed_cents=sum(bill.payable_cents for bill in bills),
        payable_now_cents=sum(bill.payable_cents for bill in bills if not bill.held_cents),
        held_cents=sums["held"],
        waiting_cents=sums["waiting"],
        disputed_cents=sums["disputed"],
        unplaced_cents=sums["unplaced"],
        ahead_cents=rules.ahead_limit(
            newest.total_cents if newest else 0, sums["unplaced"], sums["held"], settings.PAY_AHEAD_MONTHS
        ),
        minimum_cents=settings.MIN_PAYMENT_CENTS,
    )


@dataclass(frozen=True)
class Aside:
    """Money on bills that is neither paid nor to be paid now, in cents."""

    held_cents: int
    disputed_cents: int


def aside_cents_for(household: Owner) -> Aside:
    """Return what lies on the household's bills and has not arrived, or is looked into by a card's bank."""
    sums = Credit.objects.filter(household=household, bill__isnull=False).aggregate(
        held=Coalesce(Sum("amount_cents", filter=Q(status=_S.HELD)), 0),
        disputed=Coalesce(Sum("amount_cents", filter=Q(status=_S.DISPUTED)), 0),
    )
    return Aside(sums["held"], sums["disputed"])


def split_for(household: Owner, amount_cents: int) -> "list[tuple[OwedBill | None, int]]":
    """Return how a payment of this many cents would be divided now: exactly what `services.hold` does."""
    bills = account_for(household).payable_bills
    return rules.split(amount_cents, [(bill, bill.payable_cents) for bill in bills])


PAGE = 12  # bills on one page


def bills_page_for(
    household: Owner, *, leaving_out: Collection[int] = (), before: str = ""
) -> tuple[list[OwedBill], bool]:
    """Return the newest bills, or those older than the one with the reference `before`, and whether there are more.

    A `before` that is no bill of the household starts at the newest.
    """
    bills = bills_for(household).exclude(pk__in=leaving_out).order_by("-due_on", "-pk")
    last = _plain_bill_for(household, before) if before else None
    if last:
        bills = bills.filter(Q(due_on__lt=last.due_on) | Q(due_on=last.due_on, pk__lt=last.pk))
    found = list(bills[: PAGE + 1])
    return found[:PAGE], len(found) > PAGE


@dataclass(frozen=True)
class Movement:
    """The money of one source (a payment's reference) that has one status."""

    source: str
    status: str
    cents: int
    at: datetime
    waits_for_member: bool = False


def movements_for(household: Owner, *statuses: str, count: int | None = None) -> list[Movement]:
    """Return the household's money of these statuses by source, newest first."""
    rows = (
        Credit.objects.filter(household=household, status__in=statuses)
        .values("source", "status", "waits_for_member")
        .annotate(cents=Sum("amount_cents"), at=Min("created_at"))
        .order_by("-at", "source")[:count]
    )
    return [Movement(**row) for row in rows]


def periods_of(numbers: Collection[str]) -> dict[str, date]:
    """Return the first day of the month that each of these bill numbers is for."""
    return dict(Bill.objects.filter(number__in=numbers).values_list("number", "period")) if numbers else {}


def lines_for(*bills: Bill) -> list[BillLine]:
    """Return the lines of the newest revision of these bills, in one query, in their order, with their members."""
    newest = BillLine.objects.filter(revision__bill__in=bills, revision__number=F("revision__bill__revision"))
    return list(newest.select_related("member", "revision", "adjustment").order_by("revision__bill", "position"))


def previous_bill_for(bill: Bill) -> Bill | None:
    """Return the household's bill of the last month before this bill's, if there is one."""
    earlier = Bill.objects.filter(household_id=bill.household_id, period__lt=bill.period)
    return earlier.order_by("-period", "-pk").first()


def credits_for(bill: Bill) -> list[Credit]:
    """Return the money placed on a bill: on its way, paid, looked into, or taken off again; oldest first."""
    shown = (_S.HELD, _S.SETTLED, _S.DISPUTED, _S.REVERSED)
    return list(Credit.objects.filter(bill=bill, status__in=shown).order_by("created_at", "pk"))


def revisions_for(bill: Bill) -> list[BillRevision]:
    """Return a bill's revisions, newest first."""
    return list(BillRevision.objects.filter(bill=bill).order_by("-number"))


def arrears_cents_for(bill: Bill) -> int:
    """Return what is left to pay of the household's bills that were due before this one."""
    earlier = open_bills_for(bill.household_id).filter(due_on__lt=bill.due_on)
    return sum(earlier.values_list("payable_cents", flat=True))


def _plain_bill_for(household: Owner, reference: str) -> Bill | None:
    cleaned = clean_reference(reference)
    return Bill.objects.filter(household=household, reference=cleaned).first() if cleaned else None


def settled_cents_for(sources: Collection[str]) -> dict[str, int]:
    """Return what counts as paid of the money of each source, in cents; a source with none is left out."""
    settled = Credit.objects.filter(source__in=sources, status=_S.SETTLED).order_by().values_list("source")
    return dict(settled.annotate(cents=Sum("amount_cents")))


def money_moved_at(source: str) -> datetime | None:
    """Return when this source's money was last placed or changed; None when it has none."""
    moved: datetime | None = Credit.objects.filter(source=source).aggregate(last=Max("changed_at"))["last"]
    return moved


def bills_in_question(bill_ids: Collection[int]) -> set[int]:
    """Return which of these bills nobody is reminded of: a bank looks into money on it, or a case is not answered."""
    disputed = Credit.objects.filter(bill__in=bill_ids, status=_S.DISPUTED).values_list("bill_id", flat=True)
    return {bill_id for bill_id in disputed if bill_id} | bills_with_unanswered_cases(bill_ids)


def bills_unpaid(household_ids: Collection[int], *, first: date, last: date) -> QuerySet[OwedBill]:
    """Return these households' bills due from `first` to `last`, with something to pay and no money on its way."""
    due = Bill.objects.filter(household__in=household_ids, due_on__range=(first, last))
    return _with_sums(due).filter(payable_cents__gt=0, held_cents=0, disputed_cents=0)

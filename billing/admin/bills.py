"""What support sees of bills and their money: everything, and nothing of it to be changed by hand."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.admin import Watched, household_finders
from accounts.models import Member
from accounts.rules import NotAMassHealthId, clean_masshealth_id, comparable_name
from billing import rules
from billing.models import Adjustment, Bill, BillLine, BillRevision, Credit
from portal.shared.money import usd
from portal.shared.references import clean_reference


class RevisionInline(Watched, admin.TabularInline):
    """What each import said of the bill, with its lines."""

    model = BillRevision
    fields = readonly_fields = ("number", "period", "issued_on", "due_on", "total", "lines_text", "imported_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[BillRevision]:
        return super().get_queryset(request).prefetch_related("lines__member")

    @admin.display
    def total(self, revision: BillRevision) -> str:
        return usd(revision.total_cents)

    @admin.display(description="lines")
    def lines_text(self, revision: BillRevision) -> SafeString:
        return format_html_join("", "{}<br>", ((_line_text(line),) for line in revision.lines.all()))


class AdjustmentInline(Watched, admin.TabularInline):
    """What the agency adjusted on the bill, with its reason."""

    model = Adjustment
    fields = readonly_fields = ("number", "kind", "reason", "member", "amount", "effective_on", "imported_at")

    @admin.display
    def amount(self, adjustment: Adjustment) -> str:
        return usd(adjustment.amount_cents)


class CreditInline(Watched, admin.TabularInline):
    """The money placed on the bill, whatever became of it."""

    model = Credit
    fields = readonly_fields = ("source", "amount", "status", "parent", "created_at", "changed_at")

    @admin.display
    def amount(self, credit: Credit) -> str:
        return usd(credit.amount_cents)


@admin.register(Bill)
class BillAdmin(Watched, admin.ModelAdmin):
    """Find a bill by its number, its household or a person in it."""

    list_display = ["number", "household_number", "period", "due_on", "total", "left", "standing"]
    list_select_related = ["household"]
    ordering = ["-pk"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["number"]
    search_help_text = "Bill number, household number, MassHealth ID or name"
    fields = ["number", "reference", "household_number", "period", "issued_on", "due_on"]
    fields += ["total", "left", "standing", "revision"]
    readonly_fields = ["household_number", "total", "left", "standing"]
    inlines = [RevisionInline, AdjustmentInline, CreditInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bill]:
        return super().get_queryset(request).prefetch_related("credits")

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        return (queryset.filter(_bills_named(term)) if term else queryset), False

    @admin.display(description="household", ordering="household__number")
    def household_number(self, bill: Bill) -> str:
        return bill.household.number

    @admin.display(ordering="total_cents")
    def total(self, bill: Bill) -> str:
        return usd(bill.total_cents)

    @admin.display(description="left to pay")
    def left(self, bill: Bill) -> str:
        return usd(bill.total_cents - sum(_live_cents(bill)))

    @admin.display
    def standing(self, bill: Bill) -> str:
        settled, not_yet = _live_cents(bill)
        return rules.standing(bill.total_cents, settled, not_yet, bill.due_on, timezone.localdate())


@admin.register(Credit)
class CreditAdmin(Watched, admin.ModelAdmin):
    """Find money by the payment it came with or by its household; also what no bill has taken up yet."""

    list_display = ["source", "household_number", "bill", "amount", "status", "created_at"]
    list_select_related = ["household", "bill"]
    list_filter = ["status", ("bill", admin.EmptyFieldListFilter)]
    ordering = ["-pk"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["=source", "=household__number", "=bill__number"]
    search_help_text = "Confirmation number, household number or bill number"
    fields = ["source", "household_number", "bill", "amount", "status", "parent", "created_at", "changed_at"]
    readonly_fields = ["household_number", "amount"]

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return super().get_search_results(request, queryset, clean_reference(search_term) or search_term)

    @admin.display(description="household")
    def household_number(self, credit: Credit) -> str:
        return credit.household.number

    @admin.display(ordering="amount_cents")
    def amount(self, credit: Credit) -> str:
        return usd(credit.amount_cents)


def _bills_named(term: str) -> Q:
    """Bills by their own numbers, or of the household that has the number or the person."""
    named = Q(number=term) | Q(reference=clean_reference(term) or term) | Q(household__number=term)
    try:
        people = Q(masshealth_id=clean_masshealth_id(term))
    except NotAMassHealthId:
        words = comparable_name(term).split()
        people = Q(*[("search_name__contains", word) for word in words]) if words else Q(pk__in=[])
    return named | Q(household__in=Member.objects.filter(people).values("household"))


def _live_cents(bill: Bill) -> tuple[int, int]:
    """Return the settled cents of a bill and those held or disputed, from its prefetched credits."""
    sums = dict.fromkeys(Credit.Status.values, 0)
    for credit in bill.credits.all():
        sums[credit.status] += credit.amount_cents
    return sums["settled"], sums["held"] + sums["disputed"]


def _line_text(line: BillLine) -> str:
    return f"{line.member or 'household'}: {line.description}, {usd(line.amount_cents)}"


def _households_billed(term: str) -> list[int]:
    return list(Bill.objects.filter(number=term.strip()).values_list("household_id", flat=True))


household_finders.append(_households_billed)

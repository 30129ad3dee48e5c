"""Statements to keep: of one bill, of a year, and the year's summary."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from billing import selectors
from billing import statements as records
from billing.models import BillLine, BillRevision
from billing.statements import Year
from billing.views import papers, rows, words
from billing.views.finding import bill_of, for_household
from portal.shared import pdf
from portal.shared.money import usd
from portal.shared.references import spaced

PAGE = 24  # statements, and payments, on one page


@for_household
def statement(request: HttpRequest, household_id: int, number: str) -> HttpResponse:
    """A bill as PDF, as it is now or, with `revision`, as an earlier version said."""
    bill = bill_of(household_id, number)
    try:
        revision = records.revision_of(bill, request.GET.get("revision", ""))
    except BillRevision.DoesNotExist as error:
        raise Http404 from error
    document = papers.statement(
        bill,
        revision,
        records.lines_of([revision]),
        reader=_reader(request),
        today=timezone.localdate(),
        arrears_cents=selectors.arrears_cents_for(bill),
        replaced_at=records.replaced_at(revision),
    )
    return pdf.answer(request, document)


@for_household
def statements(request: HttpRequest, household_id: int) -> HttpResponse:
    """The years that have something to keep."""
    return render(request, "billing/statements.html", {"years": records.years_of(household_id)})


@for_household
def year(request: HttpRequest, household_id: int, year: int) -> HttpResponse:
    """What was billed and paid in a year, with its statements, so many a page."""
    found = _year_of(household_id, year)
    bills, older = _page(found, request.GET.get("after", ""))
    rest = len(found.payments) - PAGE
    context = {
        "year": year,
        "facts": papers.year_facts(found),
        "rows": rows.year_rows(bills),
        "older_url": f"?after={older}" if older else "",
        "newer_url": reverse("billing:year", args=[year]) if request.GET.get("after") else "",
        "people": papers.people_rows(found),
        "payments": [
            {
                "day": words.day_of(paid.at),
                "number": spaced(paid.source),
                "url": reverse("payments:status", args=[paid.source]),
                "amount": usd(paid.cents),
            }
            for paid in found.payments[:PAGE]
        ],
        "all_payments_url": f"{reverse('payments:history')}?since={year}-01-01&until={year}-12-31" if rest > 0 else "",
        "notes": papers.year_notes(),
    }
    return render(request, "billing/year.html", context)


@for_household
def summary(request: HttpRequest, household_id: int, year: int) -> HttpResponse:
    """The year's page as PDF, with every bill and every payment."""
    found = _year_of(household_id, year)
    return pdf.answer(request, papers.summary(found, reader=_reader(request), today=timezone.localdate()))


@for_household
def archive(request: HttpRequest, household_id: int, year: int) -> HttpResponseBase:
    """Every statement of a year, earlier versions too, in one ZIP. Asks the database before the first is made."""
    bills = {bill.pk: bill for bill in _year_of(household_id, year).bills}
    if not bills:
        raise Http404
    revisions = records.revisions_of(list(bills.values()))
    lines: dict[int, list[BillLine]] = {}
    for line in records.lines_of(revisions):
        lines.setdefault(line.revision_id, []).append(line)
    owed = [(bill.due_on, bill.payable_cents) for bill in selectors.open_bills_for(household_id)]
    replaced = {(old.bill_id, old.number - 1): old.imported_at for old in revisions}
    reader, today = _reader(request), timezone.localdate()
    documents = [
        papers.statement(
            bills[revision.bill_id],
            revision,
            lines.get(revision.pk, []),
            reader=reader,
            today=today,
            arrears_cents=sum(cents for due_on, cents in owed if due_on < bills[revision.bill_id].due_on),
            replaced_at=replaced.get((revision.bill_id, revision.number)),
        )
        for revision in revisions
    ]
    return pdf.archive(request, f"statements-{year}", documents)


def _year_of(household_id: int, year: int) -> Year:
    """Return the year. Raises Http404 for one without a bill and a payment."""
    found = records.year_of(household_id, year) if 1 <= year <= 9999 else None
    if found is None or not (found.bills or found.payments):
        raise Http404
    return found


def _page(year: Year, after: str) -> tuple[list[selectors.OwedBill], str]:
    """Return the bills behind the one with the reference `after`, and that of the last one when more follow."""
    references = [bill.reference for bill in year.bills]
    start = references.index(after) + 1 if after in references else 0
    shown = year.bills[start : start + PAGE]
    return shown, shown[-1].reference if len(year.bills) > start + PAGE else ""


def _reader(request: HttpRequest) -> str:
    return request.user.get_full_name() if request.user.is_authenticated else ""

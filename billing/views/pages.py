"""The pages: find, ask, answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from billing import selectors
from billing.models import Credit
from billing.views import rows, words
from billing.views.finding import bill_of, for_household

_S = Credit.Status
LAST_PAYMENTS = 5


@for_household
def overview(request: HttpRequest, household_id: int) -> HttpResponse:
    """What is owed, when, what is on its way, and the bills, twelve at a time."""
    today, before = timezone.localdate(), request.GET.get("before", "")
    account = selectors.account_for(household_id)
    open_bills = account.open_bills[: selectors.PAGE]
    other_bills, has_more = selectors.bills_page_for(
        household_id, leaving_out=[bill.pk for bill in open_bills], before=before
    )
    return render(
        request,
        "billing/overview.html",
        {
            "account": account,
            "safe": words.safe_line(account),
            "due_lines": words.due_lines(account),
            "can_pay": account.limit_cents >= account.minimum_cents,
            "open_rows": rows.bill_rows(open_bills, today),
            "other_rows": rows.bill_rows(other_bills, today),
            "on_its_way": rows.movement_rows(selectors.movements_for(household_id, _S.HELD)),
            "last_payments": rows.movement_rows(
                selectors.movements_for(household_id, _S.SETTLED, _S.DISPUTED, _S.REVERSED, count=LAST_PAYMENTS)
            ),
            "is_older_page": bool(before),
            "newer_url": reverse("billing:overview") if before else "",
            "older_url": f"?before={other_bills[-1].reference}" if has_more else "",
        },
    )


@for_household
def bill(request: HttpRequest, household_id: int, number: str) -> HttpResponse:
    """One bill, line by line: why this amount, what was paid, what changed."""
    found = bill_of(household_id, number)
    today = timezone.localdate()
    previous = selectors.previous_bill_for(found)
    lines = selectors.lines_for(*[shown for shown in (found, previous) if shown])
    newest, *earlier = selectors.revisions_for(found)
    return render(
        request,
        "billing/bill.html",
        {
            "bill": found,
            "row": rows.bill_row(found, today),
            "facts": rows.bill_facts(found, today),
            "lines": rows.line_rows(lines, found),
            "credits": rows.credit_rows(selectors.credits_for(found)),
            "arrears_cents": selectors.arrears_cents_for(found),
            "previous_month": words.month(previous.period) if previous else "",
            "changes": rows.change_rows(lines, found, previous),
            "changed_text": words.day_of(newest.imported_at) if earlier else "",
            "earlier": rows.revision_rows(earlier, found),
            "can_pay": found.payable_cents > 0 and not found.held_cents,
        },
    )

"""The list of payments, and the same as a file."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from accounts.models import Household
from payments import exports, receipts, selectors
from payments.forms import HistoryForm
from payments.models import Payment
from payments.views.finding import for_household
from portal.shared.money import usd
from portal.shared.references import spaced

PAGE = 12


@require_safe
@for_household
def history(request: HttpRequest, household: Household) -> HttpResponse:
    """The household's payments, newest first, twelve a page."""
    form = HistoryForm(request.GET)
    query = form.cleaned_data if form.is_valid() else {"state": "", "since": None, "until": None}
    found = selectors.filtered(selectors.payments_for(household), **query)
    rows = list(selectors.older_than(found, request.GET.get("before", ""))[: PAGE + 1])
    chosen = {name: request.GET[name] for name in ("state", "since", "until") if request.GET.get(name)}
    older = urlencode(chosen | {"before": rows[PAGE - 1].reference}) if len(rows) > PAGE else ""
    context = {
        "form": form if form.is_bound and chosen else HistoryForm(),
        "rows": [_row(payment) for payment in rows[:PAGE]],
        "older_url": f"?{older}" if older else "",
        "newer_url": f"?{urlencode(chosen)}" if request.GET.get("before") else "",
        "export_url": f"{reverse('payments:export')}?{urlencode(chosen)}",
        "is_filtered": bool(chosen),
    }
    return render(request, "payments/history.html", context)


@require_safe
@for_household
def export(request: HttpRequest, household: Household) -> HttpResponse:
    """The payments that the list shows, as CSV."""
    form = HistoryForm(request.GET)
    query = form.cleaned_data if form.is_valid() else {"state": "", "since": None, "until": None}
    found = selectors.filtered(selectors.payments_for(household), **query)
    response = HttpResponse(exports.csv_of(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="payments-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


def _row(payment: Payment) -> dict[str, str]:
    return {
        "url": reverse("payments:status", args=[payment.reference]),
        "day": receipts.day_text(payment.submitted_at or payment.created_at),
        "amount": usd(payment.amount_cents),
        "method": capfirst(receipts.method_text(payment)),
        "state": receipts.state_text(payment),
        "status": payment.status,
        "number": spaced(payment.reference),
        "receipt_url": reverse("payments:receipt_pdf", args=[payment.reference]) if payment.paid_at else "",
    }

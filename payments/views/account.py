"""The household's account: every entry with the balance after it, the same as a file, and one payment by its number."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from accounts.models import Household
from billing import selectors as bills
from payments import exports, selectors, statements
from payments.exports.cells import dollars
from payments.forms import AccountForm, FindForm
from payments.models import Payment
from payments.views import words
from payments.views.finding import for_household
from portal.shared.money import usd
from portal.shared.references import spaced

PAGE = 12


@require_safe
@for_household
def account(request: HttpRequest, household: Household) -> HttpResponse:
    """Every entry, newest first, twelve a page, and what the balance is made of."""
    years = statements.years_for(household)
    form, asked, chosen = _asked(request, years)
    entries = statements.entries_for(household, **asked, before=request.GET.get("before", ""), count=PAGE + 1)
    older = urlencode(chosen | {"before": entries[PAGE - 1].place}) if len(entries) > PAGE else ""
    context = {
        "form": form,
        "find": FindForm(),
        "rows": [_row(entry) for entry in entries[:PAGE]],
        "balance_cents": sum(years.values()),
        "parts": _parts(household),
        "older_url": f"?{older}" if older else "",
        "newer_url": f"?{urlencode(chosen)}" if request.GET.get("before") else "",
        "export_url": f"{reverse('payments:account_export')}?{urlencode(chosen)}",
        "is_filtered": bool(chosen),
    }
    return render(request, "payments/account.html", context)


@require_safe
@for_household
def account_export(request: HttpRequest, household: Household) -> HttpResponse:
    """The entries that the list shows, as CSV."""
    _form, asked, _chosen = _asked(request, statements.years_for(household))
    rows = [
        (
            entry.day_on.isoformat(),
            words.entry_text(entry),
            spaced(entry.payment_reference) if entry.payment_reference else entry.bill_number,
            dollars(entry.cents),
            dollars(entry.balance_cents),
        )
        for entry in statements.entries_for(household, **asked)
    ]
    response = HttpResponse(exports.account_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="account-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


@require_safe
@for_household
def find(request: HttpRequest, household: Household) -> HttpResponse:
    """Lead to the payment with a confirmation number."""
    form = FindForm(request.GET if "number" in request.GET else None)
    if form.is_valid():
        try:
            payment = selectors.payment_for(household, form.cleaned_data["number"])
        except Payment.DoesNotExist:
            form.add_error("number", words.no_such_payment())
        else:
            return redirect("payments:status", payment.reference)
    return render(request, "payments/find.html", {"form": form})


def _asked(request: HttpRequest, years: dict[int, int]) -> tuple[AccountForm, dict[str, Any], dict[str, str]]:
    """Return the form, what it narrows the entries to, and what was chosen, for the addresses of other pages."""
    chosen = {name: request.GET[name] for name in ("year", "kind") if request.GET.get(name)}
    form = AccountForm(chosen or None, years=years)
    facts = form.cleaned_data if form.is_valid() else {"year": None, "kind": ""}
    return form, {"year": facts["year"], "group": facts["kind"]}, chosen


def _row(entry: statements.Entry) -> dict[str, str]:
    url = ""
    if entry.payment_reference:
        url = reverse("payments:status", args=[entry.payment_reference])
    elif entry.bill_reference:
        url = reverse("billing:bill", args=[entry.bill_reference])
    return {
        "day": date_format(entry.day_on, "DATE_FORMAT"),
        "text": words.entry_text(entry),
        "amount": usd(entry.cents),
        "balance": usd(entry.balance_cents),
        "url": url,
    }


def _parts(household: Household) -> list[tuple[str, str]]:
    """Return what the balance is made of, as the overview says it; they add up to the balance."""
    money = bills.account_for(household)
    aside = bills.aside_cents_for(household)
    return words.balance_parts(money, aside)

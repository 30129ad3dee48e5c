"""A missing payment: what we know of it by its confirmation number, shown at once, and the case about it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Household
from billing import selectors as bills
from billing import services as billing
from billing.models import Case
from billing.selectors import cases
from billing.views.cases import may_write, opened, payment_facts
from payments import receipts, selectors
from payments.forms import MissingPaymentForm, NumberForm
from payments.models import Payment
from payments.states import Status
from payments.views.finding import for_household, user_of
from portal.shared.middleware import address_of, takes_files
from portal.shared.references import spaced


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@for_household
def missing(request: HttpRequest, household: Household) -> HttpResponse:
    """Look a payment up, or report that it is missing. Looking sends nothing, and keeps what was typed."""
    user, owed = user_of(request), bills.bills_page_for(household)[0]
    looks = "look" in request.POST
    form = _form(request, looks, user=user, bills=owed)
    if form.is_bound and not looks and form.is_valid() and may_write(user, form):
        facts = form.cleaned_data
        case = billing.open_case(
            user,
            kind=Case.Kind.PAYMENT,
            text=facts["text"],
            files=facts["attachments"],
            about=billing.About(
                bills=[bill for bill in owed if bill.reference == facts["bill"]]
                or cases.bills_paid_by(household.pk, facts["number"]),
                payment_reference=facts["number"],
            ),
            form_key=facts["form_key"],
            address=address_of(request),
        )
        return opened(request, case)
    return render(request, "payments/missing.html", {"form": form, "known": _looked_up(request, household, looks)})


def _form(request: HttpRequest, looks: bool, **known: Any) -> MissingPaymentForm:
    """Return the form as it was sent; one that only looks keeps what was typed and complains of nothing."""
    if request.method == "POST" and not looks:
        return MissingPaymentForm(request.POST, request.FILES, **known)
    typed = request.POST if looks else request.GET
    initial = {name: typed.get(name, "") for name in ("number", "bill", "text")}
    initial["number"] = initial["number"] or request.GET.get("payment", "")
    return MissingPaymentForm(initial=initial, **known)


def _looked_up(request: HttpRequest, household: Household, looks: bool) -> dict[str, Any] | None:
    """Return what is known of the number that was typed or that the address names; None without one."""
    typed = request.POST.get("number") or request.GET.get("number") or request.GET.get("payment", "")
    if not typed and not looks:
        return None
    form = NumberForm({"number": typed})
    if form.is_valid():
        return known_of(household.pk, form.cleaned_data["number"])
    return {"title": form.errors["number"][0], "rows": [], "advice": [], "url": ""}


def known_of(household_id: int, number: str) -> dict[str, Any]:
    """Return what is known of a payment of this household: title, rows, what to do, and its page."""
    try:
        payment = selectors.payment_for(household_id, number)
    except Payment.DoesNotExist:
        return {"title": _unknown(number), "rows": [], "advice": _proof(), "url": ""}
    rows, dates = receipts.facts(payment), receipts.dates_of(payment)
    if dates and payment.status == Status.PROCESSING:
        rows.append((_("Expected to be paid by"), date_format(dates.expected_on, "DATE_FORMAT")))
    if payment.paid_at:
        rows.append((_("Paid on"), receipts.day_text(payment.paid_at)))
    return {
        "title": _("What we know of this payment"),
        "rows": rows,
        "advice": [_meaning(payment)],
        "url": "" if payment.status == Status.STARTED else reverse("payments:status", args=[payment.reference]),
    }


def _unknown(number: str) -> str:
    if not number:
        return _("We need a confirmation number to look the payment up")
    return _("We know of no payment of your household with the number %(number)s") % {"number": spaced(number)}


def _proof() -> list[str]:
    return [
        _("Did the money leave your bank or card? Then send us your bank's proof: a statement or a screenshot."),
        _("It should show the day, the amount, and who was paid. Cover all other lines and numbers."),
        _("If no money left your bank or card, nothing was paid. You can pay now."),
    ]


def _meaning(payment: Payment) -> str:
    """Return what a payment's status means for whoever misses it."""
    reason = (
        receipts.reason_text(payment) if payment.status in (Status.FAILED, Status.CANCELED, Status.RETURNED) else ""
    )
    return {
        Status.STARTED: _("It was begun and never sent. You were not charged."),
        Status.SUBMITTING: _("We sent it, and the answer has not come yet. We keep asking. Please do not pay again."),
        Status.AWAITING_MEMBER: _("It waits for one more step from you. Nothing is paid yet."),
        Status.PROCESSING: _("Your bank is working on it. It is not paid yet. You do not need to pay again."),
        Status.PAID: _("It arrived. Open it to see which bills it went to."),
    }.get(Status(payment.status), reason)


payment_facts.append(known_of)

"""How a payment stands; when it is paid, the receipt."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from payments import money_back, receipts, selectors, services
from payments.gateway.port import GatewayError
from payments.models import Payment
from payments.states import Status
from payments.views.documents import proof_address
from payments.views.finding import payment_of


@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest, reference: str) -> HttpResponse:
    """The page that follows a payment to its receipt; POST asks the gateway once more."""
    payment = payment_of(request, reference)
    if payment.status == Status.STARTED:
        return redirect("payments:review" if payment.instrument else "payments:details", payment.reference)
    if request.method == "POST":
        _ask_again(request, payment, via="member")
        return redirect("payments:status", payment.reference)
    return render(request, "payments/status.html", _context(payment))


@require_safe
def returned(request: HttpRequest, reference: str) -> HttpResponse:
    """Back from the bank's check. What the address says is ignored: the gateway is asked."""
    payment = payment_of(request, reference)
    _ask_again(request, payment, via="return page")
    return redirect("payments:status", payment.reference)


@require_safe
def authorization(request: HttpRequest, reference: str) -> HttpResponse:
    """What the member agreed to before the bank was asked, to read and print. A card payment has none."""
    payment = payment_of(request, reference)
    records = selectors.authorizations_of(payment)
    if not records:
        raise Http404
    context = {"payment": payment, "facts": receipts.facts(payment), "records": records}
    return render(request, "payments/authorization.html", context)


def _ask_again(request: HttpRequest, payment: Payment, *, via: str) -> None:
    try:
        services.refresh(payment, via=via)
    except GatewayError:
        messages.info(request, _("We could not reach the bank just now. We will keep checking."))


def _context(payment: Payment) -> dict[str, Any]:
    code = selectors.proof_code_of(payment)
    return {
        "payment": payment,
        "status": payment.status,
        "facts": receipts.page_facts(payment) if payment.paid_at else receipts.facts(payment),
        "parts": receipts.split_rows(receipts.split_of(payment)),
        "pays_a_bill": receipts.pays_a_bill(payment),
        "dates": receipts.dates_of(payment),
        "timeline": receipts.timeline(payment),
        "money_back": money_back.rows(payment),
        "is_refunded": money_back.is_refunded(payment),
        "can_cancel": payment.status in services.CANCELABLE,
        "reason": receipts.reason_text(payment),
        "deposits": receipts.deposits_of(payment) if services.waits_for_deposits(payment) else None,
        "authorization": selectors.authorization_in_force(payment),
        "has_receipt": hasattr(payment, "receipt"),
        "proof_code": code,
        "proof_url": proof_address(code) if code else "",
        "can_prove": payment.status in services.PROVABLE,
    }

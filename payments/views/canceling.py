"""The member gives a payment up before it is sent."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from payments import receipts, services
from payments.states import Status
from payments.views.finding import payment_of


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """What canceling means, and the button. What has been sent or has ended goes to its own page."""
    payment = payment_of(request, reference)
    if request.method != "POST":
        if payment.status not in services.CANCELABLE:
            return redirect("payments:status", payment.reference)
        return render(request, "payments/cancel.html", {"payment": payment, "facts": receipts.facts(payment)})
    try:
        services.cancel(payment, via="member")
    except services.TooLate:
        messages.warning(request, _("It is too late to cancel this payment. It goes on as this page says."))
    except services.CancelUnknown:
        text = _("We asked to cancel it, but the answer has not come yet. We keep asking, and this page will tell you.")
        messages.info(request, text)
    else:
        if payment.status == Status.STARTED:
            messages.success(request, _("The payment was canceled. Nothing was sent, and you were not charged."))
    return redirect("payments:status", payment.reference)

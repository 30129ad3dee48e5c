"""The page on which a member tells which small deposits arrived."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from payments import receipts, services
from payments.forms import DepositAmountsForm, DepositCodeForm
from payments.gateway.port import DepositType, GatewayError
from payments.models import Payment
from payments.views import words
from payments.views.finding import payment_of

FORMS = {DepositType.AMOUNTS: DepositAmountsForm, DepositType.CODE: DepositCodeForm}


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, reference: str) -> HttpResponse:
    """Two amounts or a code from the bank statement; the right ones send the payment."""
    payment = payment_of(request, reference)
    if not services.waits_for_deposits(payment) or not payment.deposit_type:
        return redirect("payments:status", payment.reference)
    form = FORMS[DepositType(payment.deposit_type)](request.POST if request.method == "POST" else None)
    if form.is_valid() and _is_told(payment, form):
        return redirect("payments:status", payment.reference)
    context = {"payment": payment, "form": form, "deposits": receipts.deposits_of(payment)}
    return render(request, "payments/verify.html", context)


def _is_told(payment: Payment, form: Any) -> bool:
    """Tell the gateway; when it does not help, say in the form why."""
    try:
        services.tell_deposits(payment=payment, **form.told())
    except services.OtherDeposits as error:
        form.add_error(form.first_field, words.other_deposits(error.tries_left))
    except services.ToldTooOften:
        form.add_error(None, words.told_too_often())
    except GatewayError:
        form.add_error(None, words.cannot_check())
    return form.is_valid()

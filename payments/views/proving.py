"""Showing a payment to someone: the member's buttons, and the open page that tells a stranger what is true of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.fields import too_many_tries
from payments import selectors, services
from payments.forms import ProofForm
from payments.models import Payment
from payments.views import words
from payments.views.finding import payment_of, user_of
from portal.shared.middleware import address_of
from portal.shared.throttle import allow

NOT_FOUND, TOO_MANY = 404, 429


@require_POST
def prove(request: HttpRequest, reference: str) -> HttpResponse:
    """The member makes a code for a payment, makes a new one, or ends it."""
    payment = payment_of(request, reference)
    who: dict[str, Any] = {"actor": user_of(request), "address": address_of(request)}
    if request.POST.get("do") == "end":
        services.end_proof_code(payment, **who)
        messages.success(request, _("The code does not work any more. It shows nothing to anyone."))
    else:
        try:
            services.make_proof_code(payment, **who)
        except services.NothingToProve as error:
            raise Http404 from error
        messages.success(request, _("There is a new code. One that you showed before does not work any more."))
    response = redirect("payments:status", payment.reference)
    response["Location"] += "#proof"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def type_proof(request: HttpRequest) -> HttpResponse:
    """The page to type a code that someone showed; the code stays out of the address."""
    form = ProofForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _answer(request, form, form.cleaned_data["code"])
    return _page(request, {"form": form})


@require_safe
@login_not_required
def proof(request: HttpRequest, code: str) -> HttpResponse:
    """What anyone who was shown this address may know of the payment."""
    return _answer(request, ProofForm({"code": code.strip() or "-"}), code)


def _answer(request: HttpRequest, form: ProofForm, code: str) -> HttpResponse:
    """Show the payment; unknown, ended and impossible codes get one and the same answer."""
    form.is_valid()
    if not allow("proof-address", address_of(request)):
        form.add_error(None, too_many_tries("proof-address"))
        return _page(request, {"form": form}, status=TOO_MANY)
    payment = selectors.payment_proved_by(code)
    if payment is None:
        form.add_error("code", words.no_such_proof())
        return _page(request, {"form": form}, status=NOT_FOUND)
    return _page(request, _facts(payment))


def _facts(payment: Payment) -> dict[str, Any]:
    kind, state = words.proof_state(payment)
    return {"kind": kind, "state": state, "facts": words.proof_facts(payment), "now": timezone.now()}


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Answer so that nothing is kept or found: not stored, not indexed, and no code in the log of refused requests."""
    response = render(request, "payments/proof.html", context, status=status)
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would write the address of a 404
    return response

"""The staff's pages that move money back: ask for a refund, decide on one, cancel a payment. Each is confirmed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from payments import receipts, services
from payments.models import Payment, Refund
from payments.services import RefundRefused
from payments.states import RefundStatus
from portal.shared import audit
from portal.shared.middleware import address_of
from portal.shared.money import NotAnAmount, parse_usd, usd
from portal.shared.references import spaced

REFUSED = {
    "under way": "The payment is still on its way, so there is nothing to send back. Cancel it, if it is not too late.",
    "not paid": "The payment was not paid.",
    "returned": "The bank took this payment back already. A refund would give the money twice.",
    "disputed": "The card's bank is looking into this payment. A refund would give the money twice.",
    "open refund": "Another refund of this payment is not decided or not sent yet.",
    "changed": "Somebody refunded from this payment since you opened the page. Check the amounts and ask again.",
    "too much": "So much is not left of this payment.",
    "decided": "Somebody has decided on this refund already.",
    "own request": "You asked for this refund. Another person has to approve it.",
    "no reason": "A reason is needed.",
}
BECAME = {
    RefundStatus.REQUESTED: "The refund waits for a second person. Nothing is sent yet.",
    RefundStatus.SENDING: "The gateway has not answered yet. We keep asking; nothing is sent twice.",
    RefundStatus.PENDING: "The refund is on its way. It can still fail.",
    RefundStatus.SUCCEEDED: "The refund was sent back.",
    RefundStatus.FAILED: "The refund failed. The payment counts as before, and the matter waits in the queue.",
}


class RefundForm(forms.Form):
    """How much goes back, and why. `cleaned_data['amount']` is in cents."""

    amount = forms.CharField(max_length=20, label="Amount in dollars", error_messages={"required": "Type an amount."})
    reason = forms.CharField(
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text="Why, and the ticket number. It goes into the audit trail. The member does not see it.",
        error_messages={"required": "A reason is needed."},
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def clean_amount(self) -> int:
        try:
            return parse_usd(self.cleaned_data["amount"])
        except NotAnAmount:
            raise forms.ValidationError("Type dollars and cents, for example 24.00.") from None


class ReasonForm(forms.Form):
    """Why a refund is declined."""

    reason = forms.CharField(
        max_length=300, required=False, label="Reason, when you decline", widget=forms.Textarea({"rows": 3})
    )


def refund_page(request: HttpRequest, payment: Payment) -> HttpResponse:
    """Ask how much and why, show what will happen, then do it."""
    asked = services.refunded_cents(payment)
    left = payment.amount_cents - asked
    initial = {"amount": usd(left).removeprefix("$"), "uuid": uuid4(), "seen": asked}
    form = RefundForm(request.POST if request.method == "POST" else None, initial=initial)
    facts = [*receipts.facts(payment), ("Refunded or asked for", usd(asked)), ("Left to refund", usd(left))]
    problem = ""
    if form.is_valid() and "confirm" in request.POST:
        problem = _tried(request, lambda: _refunded(request, payment, form.cleaned_data))
        if not problem:
            return redirect("admin:payments_payment_change", payment.pk)
    elif form.is_valid():
        will = _what_will_happen(payment, form.cleaned_data["amount"])
        for field in form.fields.values():
            field.widget = forms.HiddenInput()  # what is confirmed is what this page says
        return _page(request, "Refund: check and confirm", facts, form=form, will=will, buttons=[("confirm", "Refund")])
    buttons = [("check", "Continue")]
    return _page(request, "Refund a payment", facts, form=form, problem=problem, buttons=buttons)


def decide_page(request: HttpRequest, refund: Refund) -> HttpResponse:
    """Approve or decline a refund that another person asked for."""
    payment = refund.payment
    facts = [*receipts.facts(payment), ("Refund", usd(refund.amount_cents)), ("Reason", refund.reason)]
    facts += [("Asked for by", str(refund.requested_by)), ("Stands at", refund.status)]
    form = ReasonForm(request.POST if request.method == "POST" else None)
    problem = ""
    if form.is_valid():
        problem = _tried(request, lambda: _decided(request, refund, form.cleaned_data["reason"]))
        if not problem:
            return redirect("admin:payments_payment_change", payment.pk)
    is_open = refund.status == RefundStatus.REQUESTED
    buttons = [("approve", "Approve and send"), ("decline", "Decline")] if is_open else []
    will = _what_will_happen(payment, refund.amount_cents)[:-1] if is_open else []
    return _page(request, "Decide on a refund", facts, form=form, problem=problem, will=will, buttons=buttons)


def cancel_page(request: HttpRequest, payment: Payment) -> HttpResponse:
    """Cancel a payment that is not sent, if the gateway still allows it."""
    if request.method == "POST":
        try:
            services.cancel(payment, via="staff")
        except services.TooLate:
            messages.error(request, "It is too late to cancel this payment.")
        except services.CancelUnknown:
            messages.warning(request, "The gateway has not answered yet. We keep asking.")
        else:
            messages.success(request, "The payment was canceled.")
        audit.record("payment cancel", payment, actor=request.user, address=address_of(request))
        return redirect("admin:payments_payment_change", payment.pk)
    will = ["The gateway is asked to stop it. If it has gone to the bank, it goes on.", "The member gets an email."]
    facts = receipts.facts(payment)
    return _page(request, "Cancel a payment", facts, will=will, buttons=[("confirm", "Cancel the payment")])


def allowed(request: HttpRequest, permission: str) -> None:
    """Raise PermissionDenied unless this person of staff may do it."""
    if not request.user.has_perm(f"payments.{permission}"):
        raise PermissionDenied


def _refunded(request: HttpRequest, payment: Payment, facts: dict[str, Any]) -> Refund:
    uuid: UUID = facts["uuid"]
    return services.request_refund(
        payment=payment,
        amount_cents=facts["amount"],
        reason=facts["reason"],
        actor=request.user,
        address=address_of(request),
        seen_cents=facts["seen"],
        uuid=uuid,
    )


def _decided(request: HttpRequest, refund: Refund, reason: str) -> Refund:
    who: dict[str, Any] = {"actor": request.user, "address": address_of(request)}
    if "approve" in request.POST:
        return services.approve_refund(refund=refund, **who)
    return services.decline_refund(refund=refund, reason=reason, **who)


def _tried(request: HttpRequest, act: Callable[[], Refund]) -> str:
    """Do it and say what became of it, or return why nothing was done."""
    try:
        refund = act()
    except RefundRefused as refused:
        return REFUSED[refused.why]
    is_bad = refund.status == RefundStatus.FAILED
    said = BECAME.get(RefundStatus(refund.status), "The refund was declined. Nothing is sent.")
    messages.add_message(request, messages.ERROR if is_bad else messages.SUCCESS, said)
    return ""


def _what_will_happen(payment: Payment, amount_cents: int) -> list[str]:
    limit = settings.REFUND_APPROVAL_CENTS
    return [
        f"{usd(amount_cents)} of payment {spaced(payment.reference)} goes back to the {receipts.method_text(payment)}.",
        "The money is taken off the bills; a bill that it paid is open again by that much.",
        "The member gets an email.",
        f"It is above {usd(limit)}: a second person must approve it before anything is sent."
        if amount_cents > limit
        else "It is sent at once.",
    ]


def _page(
    request: HttpRequest,
    title: str,
    facts: list[tuple[str, str]],
    *,
    form: forms.Form | None = None,
    problem: str = "",
    will: list[str] | None = None,
    buttons: list[tuple[str, str]],
) -> HttpResponse:
    context = admin.site.each_context(request) | {"title": title, "facts": facts, "form": form, "problem": problem}
    context |= {"will": will, "buttons": buttons, "opts": Payment._meta}
    return TemplateResponse(request, "admin/money_back.html", context, status=409 if problem else 200)

"""Amount and method, details in the gateway's frame, review, confirm."""

from typing import Any
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from accounts.models import Household
from billing import selectors as bills
from billing.models import Bill
from payments import authorizations, receipts, selectors, services
from payments.forms import NewPaymentForm, Shown, seal, unseal
from payments.forms.paying import OTHER
from payments.gateway.port import Busy, GatewayError, NotAllowed
from payments.models import Payment
from payments.states import Status
from payments.views import words
from payments.views.finding import for_household, payment_of, user_of
from payments.views.outage import outage_page
from portal.shared.middleware import address_of

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def _stripe_sources() -> dict[str, list[str]]:
    """Return what the details page may load from the gateway: its script and its frame, nothing else."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(settings.STRIPE_JS_URL))
    if origin != "https://js.stripe.com":
        return {"script-src": [origin], "frame-src": [origin]}
    frames = [origin, "https://*.js.stripe.com", "https://hooks.stripe.com"]
    return {"script-src": frames[:2], "frame-src": frames, "connect-src": ["https://api.stripe.com"]}


@GET_POST
@for_household
def new(request: HttpRequest, household: Household) -> HttpResponse:
    """How much, and by which method."""
    if services.is_out():
        return outage_page(request)
    account = bills.account_for(household)
    if account.limit_cents < settings.MIN_PAYMENT_CENTS:
        return render(request, "payments/nothing_to_pay.html", {"account": account})
    saved = selectors.offered_methods_for(user_of(request), request.GET.get("saved", ""))
    form = NewPaymentForm(
        request.POST if request.method == "POST" else None,
        initial=_asked_for(request),
        account=account,
        least_cents=settings.MIN_PAYMENT_CENTS,
        bill_cents=_cents_through(household, account, request.GET.get("bill", "")),
        saved=saved,
    )
    payment = _started(request, household, form) if form.is_valid() else None
    if payment:
        return redirect("payments:review" if payment.saved_method else "payments:details", payment.reference)
    context = {
        "form": form,
        "has_more": len(saved) >= selectors.OFFERED,
        "account": account,
        "left_out_cents": account.owed_cents - account.payable_now_cents,
        "steps": words.steps(),
        "current": 1,
    }
    return render(request, "payments/new.html", context)


def _started(request: HttpRequest, household: Household, form: NewPaymentForm) -> Payment | None:
    """Begin the payment that was chosen; when it cannot be, say so in the form."""
    facts = form.cleaned_data
    names = ("amount_cents", "method", "saved")
    try:
        return services.start(user=user_of(request), household=household, **{name: facts[name] for name in names})
    except services.AmountRefused as refused:
        form.add_error(None, words.amount_refused(refused.least_cents, refused.most_cents))
    except services.CannotUse as error:
        form.add_error("method", words.cannot_use(error.why))
    return None


def _asked_for(request: HttpRequest) -> dict[str, str]:
    """Return what the address chooses beforehand: another amount, a saved card or account."""
    return ({"choice": OTHER} if request.GET.get("part") else {}) | {"method": request.GET.get("saved", "")}


def _cents_through(household: Household, account: bills.Account, reference: str) -> int:
    """Return the cents that clear the oldest bills up to and with the one named; 0 when it names none to pay."""
    try:
        wanted = bills.bill_for(household, reference) if reference else None
    except Bill.DoesNotExist:
        return 0
    payable = account.payable_bills
    keys = [bill.pk for bill in payable]
    if wanted is None or wanted.pk not in keys:
        return 0
    return sum(bill.payable_cents for bill in payable[: keys.index(wanted.pk) + 1])


@GET_POST
def details(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The gateway's own frame takes the numbers; we receive a token. The one page with scripts not our own."""
    return csp_update(_stripe_sources())(lambda asked: _details(asked, reference))(request)


def _details(request: HttpRequest, reference: str) -> HttpResponse:
    payment = payment_of(request, reference)
    if payment.status != Status.STARTED:
        return redirect("payments:status", payment.reference)
    if services.is_out():
        return outage_page(request)
    problem = ""
    if request.method == "POST":
        try:
            problem = _problem_with_token(
                payment, request.POST.get("token", ""), saves=request.POST.get("save") == "yes"
            )
        except NotAllowed:
            return outage_page(request)
        if not problem:
            return redirect("payments:review", payment.reference)
    elif request.GET.get("again"):
        problem = words.cannot_use(request.GET["again"])
    return render(request, "payments/details.html", _details_context(request, payment, problem))


def _problem_with_token(payment: Payment, token_id: str, *, saves: bool) -> str:
    """Keep the token, or return what to tell the member. Raises NotAllowed."""
    if not token_id.startswith("ctoken_") or len(token_id) > 100 or not token_id.isascii():
        return words.cannot_use("missing")
    try:
        services.attach_token(payment=payment, token_id=token_id, saves=saves)
    except services.CannotUse as error:
        return words.cannot_use(error.why)
    except NotAllowed:
        raise
    except Busy:
        return words.busy()
    except GatewayError:
        return words.try_later()
    return ""


def _details_context(request: HttpRequest, payment: Payment, problem: str) -> dict[str, Any]:
    user = user_of(request)
    return {
        "payment": payment,
        "problem": problem,
        "steps": words.steps(),
        "current": 2,
        "js_url": settings.STRIPE_JS_URL,
        "publishable_key": settings.STRIPE_PUBLISHABLE_KEY,
        "gateway_type": {"card": "card", "bank": "us_bank_account"}[payment.method],
        "holder_name": user.get_full_name(),
        "holder_email": user.email,
        "holder_zip": user.zip_code,
        "return_url": request.build_absolute_uri(),
    }


@GET_POST
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything once more, and the one button that moves money."""
    payment = payment_of(request, reference)
    if payment.status != Status.STARTED:
        return redirect("payments:status", payment.reference)
    try:
        services.check_instrument(payment)
    except services.CannotUse as error:
        return _enter_again(request, payment, error)
    if services.is_out():
        return outage_page(request)
    if request.method != "POST":
        return _review_page(request, payment)
    shown = unseal(payment, request.POST.get("shown", ""))
    if shown is None:
        return _review_page(request, payment, words.review_changed())
    return _submitted(request, payment, shown)


def _submitted(request: HttpRequest, payment: Payment, shown: Shown) -> HttpResponse:
    agreement = services.Agreement(
        token=shown.token,
        split=shown.split,
        authorization_text=shown.authorization,
        authorization_version=shown.version,
        authorization_language=shown.language,
        address=address_of(request),
        user_agent=request.headers.get("User-Agent", ""),
    )
    try:
        payment = services.submit(payment=payment, agreement=agreement)
    except services.CannotUse as error:
        return _enter_again(request, payment, error)
    except services.Outage:
        return outage_page(request)
    except services.NotSent as refused:
        can_go_on = isinstance(refused, services.ReviewedDiffers | services.TryLater)
        page = _review_page(request, payment, words.not_sent(refused), can_go_on=can_go_on)
        return _to_winner(request, payment, shown) or page
    return redirect("payments:status", payment.reference)


def _review_page(request: HttpRequest, payment: Payment, problem: str = "", *, can_go_on: bool = True) -> HttpResponse:
    split = services.split_now(payment)
    text = authorizations.text_for(payment, now=timezone.now()) if payment.method == Payment.Method.BANK else ""
    context = {
        "payment": payment,
        "problem": problem,
        "can_go_on": can_go_on,
        "is_all_ahead": not any(number for number, _ in split),
        "steps": words.steps(),
        "current": 3,
        "parts": receipts.split_rows(split),
        "method": receipts.method_text(payment),
        "authorization": text,
        "dates": receipts.dates_if_sent(payment, timezone.now()),
        "button": words.submit_button(payment),
        "shown": seal(payment, Shown(payment.instrument, split, text, authorizations.VERSION, get_language() or "en")),
    }
    return render(request, "payments/review.html", context, status=409 if problem else 200)


def _enter_again(request: HttpRequest, payment: Payment, error: services.CannotUse) -> HttpResponse:
    """Back to where the member can choose or enter what can be charged, with the reason."""
    if error.why == "saved":
        messages.error(request, words.cannot_use("saved"))
        return redirect("payments:new")
    response = redirect("payments:details", payment.reference)
    response["Location"] += f"?again={error.why}"
    return response


def _to_winner(request: HttpRequest, payment: Payment, shown: Shown) -> HttpResponse | None:
    """Lead to the payment that was sent for the same bills from another tab or device; None when there is none."""
    winner = selectors.sent_instead_of(payment, [number for number, _ in shown.split if number])
    if winner is None:
        return None
    messages.info(request, words.already_sent())
    return redirect("payments:status", winner.reference)

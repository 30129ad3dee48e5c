"""The pages of *I can't pay this*: what can be done today, and what can be asked for. Nothing here decides anything."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from billing import selectors, services
from billing.forms import PlanForm, WaiverForm
from billing.models import Case
from billing.selectors import Account
from billing.views import case_words as words
from billing.views.cases import GET_POST, about_of, may_write, opened
from billing.views.finding import for_member
from portal.shared.middleware import address_of, takes_files


@require_safe
@for_member
def cannot_pay(request: HttpRequest, user: User) -> HttpResponse:
    """What can be done today by someone who cannot pay."""
    account = _account(user)
    about = about_of(request, user)
    context = {
        "account": account,
        "minimum_cents": settings.MIN_PAYMENT_CENTS,
        "can_pay": bool(account and account.payable_now_cents),
        "income_url": settings.INCOME_REPORT_URL,
        "bill": about.bills[0] if about.bills else None,
    }
    return render(request, "billing/cannot_pay.html", context)


@takes_files
@GET_POST
@for_member
def ask_waiver(request: HttpRequest, user: User) -> HttpResponse:
    """Ask for a hardship waiver: why it is hard to pay, in ticks and own words."""
    form = WaiverForm(request.POST, request.FILES, user=user) if request.method == "POST" else WaiverForm(user=user)
    if form.is_valid() and may_write(user, form):
        facts = form.cleaned_data
        case = services.open_case(
            user,
            kind=Case.Kind.WAIVER,
            text=facts["text"],
            files=facts["attachments"],
            about=_about(request, user),
            wish=services.Wish(grounds=facts["grounds"]),
            form_key=facts["form_key"],
            address=address_of(request),
        )
        return opened(request, case)
    return render(request, "billing/ask_waiver.html", {"form": form})


@GET_POST
@for_member
def ask_plan(request: HttpRequest, user: User) -> HttpResponse:
    """Ask to pay in parts: the schedule is shown first, and sent by a second press if nothing has changed since."""
    account = _account(user)
    if account is None or not account.owed_cents:
        return render(request, "billing/ask_plan.html", {"form": None})
    form = PlanForm(request.POST if request.method == "POST" else None, user=user, owed_cents=account.owed_cents)
    schedule = form.cleaned_data["schedule"] if form.is_valid() else []
    is_as_shown = bool(schedule) and request.POST.get("shown") == _shown(schedule)
    if is_as_shown and may_write(user, form):
        facts = form.cleaned_data
        case = services.open_case(
            user,
            kind=Case.Kind.PLAN,
            text=facts["text"],
            about=services.About(bills=account.open_bills),
            wish=services.Wish(plan=schedule),
            form_key=facts["form_key"],
            address=address_of(request),
        )
        return opened(request, case)
    context = {
        "form": form,
        "owed_cents": account.owed_cents,
        "schedule": words.schedule_rows(schedule),
        "shown": _shown(schedule),
    }
    return render(request, "billing/ask_plan.html", context)


def _shown(schedule: list[tuple[date, int]]) -> str:
    return ",".join(f"{day}={cents}" for day, cents in schedule)


def _account(user: User) -> Account | None:
    return selectors.account_for(user.household_id) if user.household_id is not None else None


def _about(request: HttpRequest, user: User) -> services.About:
    """Return the bill that the address names, else all of which something is left to pay."""
    about, account = about_of(request, user), _account(user)
    return about if about.bills or account is None else services.About(bills=account.open_bills)

"""The pages of cases: report, read, answer, and take along a file."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from billing import selectors, services
from billing.forms import AnswerForm, CaseForm
from billing.models import Bill, Case, CaseAttachment
from billing.selectors import cases as found
from billing.views import case_words as words
from billing.views.finding import for_member
from portal.shared.files import as_download
from portal.shared.middleware import address_of, takes_files
from portal.shared.throttle import allow

GET_POST = require_http_methods(["GET", "HEAD", "POST"])

payment_facts: list[Callable[[int, str], Any]] = []
"""Each tells a case's page what is known of a household's payment; the room above adds its own."""


@require_safe
@for_member
def case_list(request: HttpRequest, user: User) -> HttpResponse:
    """The cases that this log-in may see, newest first, twelve a page."""
    before = request.GET.get("before", "")
    cases, has_more = found.cases_page_for(user, before=before)
    context = {
        "rows": [words.row(case) for case in cases],
        "older_url": f"?before={cases[-1].number}" if has_more else "",
        "newer_url": reverse("cases:list") if before else "",
    }
    return render(request, "billing/cases.html", context)


@require_safe
@for_member
def new_case(request: HttpRequest, user: User) -> HttpResponse:
    """What is the problem? Leads to the form for it."""
    query = request.GET.urlencode()
    return render(request, "billing/case_kinds.html", {"query": f"?{query}" if query else ""})


@takes_files
@GET_POST
@for_member
def report(request: HttpRequest, user: User, kind: str) -> HttpResponse:
    """One problem in the member's own words, with files; the case gets its number at once."""
    if kind not in words.REPORTED:
        raise Http404
    about = about_of(request, user)
    if kind == Case.Kind.SUSPICIOUS:
        about = replace(about, place=Case.Place.SECURITY)
    form = CaseForm(request.POST, request.FILES, user=user) if request.method == "POST" else CaseForm(user=user)
    if form.is_valid() and may_write(user, form):
        case = services.open_case(
            user,
            kind=kind,
            text=form.cleaned_data["text"],
            files=form.cleaned_data["attachments"],
            about=about,
            form_key=form.cleaned_data["form_key"],
            address=address_of(request),
        )
        return opened(request, case)
    context = {
        "form": form,
        "heading": words.REPORTED[kind],
        "about": words.about_rows(about),
        "pauses": bool(about.bills),
    }
    return render(request, "billing/case_new.html", context)


@takes_files
@GET_POST
@for_member
def case(request: HttpRequest, user: User, number: str) -> HttpResponse:
    """One case: its number, how it stands, what was said; the member may answer."""
    case = case_of(user, number)
    form = AnswerForm(request.POST, request.FILES, user=user) if request.method == "POST" else AnswerForm(user=user)
    if form.is_valid() and may_write(user, form) and _answered(request, user, case, form):
        return redirect("cases:case", case.number)
    said, has_more = found.messages_page_for(case, before=request.GET.get("before", ""))
    context = {
        "case": case,
        "kind": words.KINDS[case.kind],
        "form": form if form.is_bound or services.can_be_answered(case) else None,
        "reopen_days": settings.CASE_REOPEN_DAYS,
        "facts": words.facts(case, sees_bills=user.household_id is not None),
        "said": [words.said(message, user) for message in said],
        "plan": words.plan_rows(case),
        "known": _known(user, case),
        "pauses": bool(case.status in found.UNANSWERED and words.has_bills(case)),
        "older_url": f"?before={said[0].pk}" if has_more else "",
        "newer_url": reverse("cases:case", args=[case.number]) if request.GET.get("before") else "",
    }
    return render(request, "billing/case.html", context)


@require_safe
@for_member
def attachment(request: HttpRequest, user: User, number: str, reference: str) -> FileResponse:
    """A file of a case, to keep and never to be shown here, under a name that says nothing."""
    try:
        attachment = found.attachment_for(user, number, reference)
        return as_download(services.opened_attachment(attachment), attachment.neutral_name)
    except (CaseAttachment.DoesNotExist, FileNotFoundError) as error:
        raise Http404 from error


def _answered(request: HttpRequest, user: User, case: Case, form: AnswerForm) -> bool:
    """Add the member's answer; when it comes too late, say so in the form, which keeps it."""
    facts = form.cleaned_data
    try:
        services.answer_case(
            user,
            case,
            text=facts["text"],
            files=facts["attachments"],
            form_key=facts["form_key"],
            address=address_of(request),
        )
    except services.CaseOver:
        form.add_error(None, _("This case is closed for good. Please copy your message into a new case."))
        return False
    messages.success(request, _("We got your message."))
    return True


def _known(user: User, case: Case) -> list[Any]:
    """Return what is known now of the payment that a case is about, for who may see the household's payments."""
    if user.household_id is None or not (case.kind == Case.Kind.PAYMENT or case.payment_reference):
        return []
    return [look(case.household_id, case.payment_reference) for look in payment_facts]


def case_of(user: User, number: str) -> Case:
    """Return a case that this log-in may see. Raises Http404 for any other."""
    try:
        return found.case_for(user, number)
    except Case.DoesNotExist as error:
        raise Http404 from error


def opened(request: HttpRequest, case: Case) -> HttpResponse:
    """Say that a case is open, with its number, on its own page."""
    messages.success(request, words.opened(case))
    return redirect("cases:case", case.number)


def may_write(user: User, form: AnswerForm) -> bool:
    """Count one message of this log-in; when there were too many, say so in the form."""
    if allow("case-messages", str(user.pk)):
        return True
    form.add_error(None, _("You sent many messages in a short time. Please wait one hour and send it again, or call."))
    return False


def about_of(request: HttpRequest, user: User) -> services.About:
    """Return what the address says the problem is about; what is not the member's own counts for nothing."""
    if user.household_id is None:
        return services.About(place=_place_of(request))
    bill = _bill_of(user.household_id, request.GET.get("bill", ""))
    payment = found.own_reference(user.household_id, request.GET.get("payment", ""))
    return services.About(
        bills=[bill] if bill else found.bills_paid_by(user.household_id, payment),
        line=found.line_for(bill, request.GET.get("line", "")) if bill else None,
        payment_reference=payment,
        place=_place_of(request),
    )


def _place_of(request: HttpRequest) -> str:
    place = request.GET.get("about", "")
    return place if place in Case.Place.values else ""


def _bill_of(household_id: int, number: str) -> Bill | None:
    try:
        return selectors.bill_for(household_id, number) if number else None
    except Bill.DoesNotExist:
        return None

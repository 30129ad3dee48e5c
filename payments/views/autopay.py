"""Autopay: on, off, and what a member does with a draw that was announced."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from payments import authorizations, receipts, selectors, services
from payments.forms import EnrollForm, MoveForm, seal_wish, unseal_wish
from payments.models import AutopayDraw
from payments.views import words
from payments.views.finding import household_of, user_of
from portal.shared.middleware import address_of

PAGE = 12


@require_safe
def autopay(request: HttpRequest) -> HttpResponse:
    """Whether autopay is on, what it will draw, and the button that turns it off."""
    user, household = user_of(request), household_of(request)
    enrollment = selectors.enrollment_of(household)
    mine = enrollment if enrollment and enrollment.user_id == user.pk else None
    after = request.GET.get("after", "")
    draws, has_more = selectors.coming_draws(mine, after=after) if mine else ([], False)
    context = {
        "enrollment": mine,
        "is_someone_elses": enrollment is not None and mine is None,
        "facts": receipts.autopay_facts(mine) if mine else [],
        "agreement": mine.agreement if mine else None,
        "draws": draws,
        "later_url": f"?after={draws[-1].reference}" if has_more else "",
        "first_url": reverse("payments:autopay") if mine and after else "",
        "can_enroll": selectors.usable_methods_for(user).exists(),
        **_ended(user, request.GET.get("before", "")),
    }
    return render(request, "payments/autopay.html", context)


def _ended(user: User, before: str) -> dict[str, Any]:
    """Return a page of what was agreed to with autopay that ended, the newest first."""
    found = list(selectors.older_than(selectors.ended_autopay_of(user), before)[: PAGE + 1])
    return {
        "ended": [(one, receipts.end_text(one)) for one in found[:PAGE]],
        "older_url": f"?before={found[PAGE - 1].reference}#ended" if len(found) > PAGE else "",
        "newer_url": reverse("payments:autopay") if before else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
def enroll(request: HttpRequest) -> HttpResponse:
    """Choose how; then read the authorization and agree to it."""
    user, household = user_of(request), household_of(request)
    saved = selectors.offered_methods_for(user, request.GET.get("saved", ""))
    if selectors.enrollment_of(household) or not saved:
        return redirect("payments:autopay")
    if "shown" in request.POST:
        return _enrolled(request)
    form = EnrollForm(request.POST if request.method == "POST" else None, saved=saved)
    if not form.is_valid():
        context = {"form": form, "has_more": len(saved) >= selectors.OFFERED}
        return render(request, "payments/autopay_new.html", context)
    wish = form.wish()
    text = authorizations.recurring_text(wish.saved, days_before=wish.days_before, limit_cents=wish.limit_cents)
    context = {
        "text": text,
        "facts": receipts.wish_facts(wish.saved, wish.days_before, wish.limit_cents),
        "shown": seal_wish(user, wish, text, authorizations.VERSION, get_language() or "en"),
    }
    return render(request, "payments/autopay_review.html", context)


def _enrolled(request: HttpRequest) -> HttpResponse:
    """The button was pressed under an authorization: is it the one that we showed to this very log-in?"""
    user = user_of(request)
    shown = unseal_wish(user, request.POST["shown"])
    if shown is None:
        messages.error(request, words.cannot_enroll("changed"))
        return redirect("payments:enroll")
    wish, consented = shown
    where = {"address": address_of(request), "user_agent": request.headers.get("User-Agent", "")}
    try:
        services.enroll(
            user=user,
            household=household_of(request),
            wish=wish,
            consented=services.Consented(*consented, **where),
        )
    except services.CannotEnroll as error:
        messages.error(request, words.cannot_enroll(error.why))
    else:
        messages.success(request, _("Autopay is on. We sent you a copy of what you agreed to."))
    return redirect("payments:autopay")


@require_POST
def cancel_autopay(request: HttpRequest) -> HttpResponse:
    """Off, with one press."""
    enrollment, user = selectors.enrollment_of(household_of(request)), user_of(request)
    if enrollment and enrollment.user_id == user.pk:
        services.stop_autopay(enrollment, "member")
    elif enrollment or not selectors.had_autopay(user):  # pressed twice, it is off
        raise Http404
    messages.success(request, _("Autopay is off. No more payments will be drawn."))
    return redirect("payments:autopay")


@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: HttpRequest, reference: str) -> HttpResponse:
    """One announced draw: skip it, or move it to another day."""
    found = _draw_of(request, reference)
    form = MoveForm(
        request.POST if request.POST.get("do") == "move" else None,
        days=services.days_for(found),
        initial={"day": found.draw_on},
    )
    if found.status == AutopayDraw.Status.PLANNED and request.method == "POST":
        if request.POST.get("do") == "skip":
            return _done(request, services.skip(found), _("Skipped. This payment will not be drawn."))
        if form.is_valid():
            try:
                moved = services.reschedule(found, form.cleaned_data["day"])
            except services.NotThatDay as error:
                form.add_error("day", words.not_that_day(error.first, error.last))
            else:
                return _done(request, moved, _("Moved. The payment will be drawn on the new day."))
    return render(request, "payments/autopay_draw.html", _context(found, form))


def _draw_of(request: HttpRequest, reference: str) -> AutopayDraw:
    household_of(request)
    try:
        return selectors.draw_for(user_of(request), reference)
    except AutopayDraw.DoesNotExist as error:
        raise Http404 from error


def _done(request: HttpRequest, was_in_time: bool, said: str) -> HttpResponse:
    if was_in_time:
        messages.success(request, said)
    else:
        messages.error(request, _("It was too late for that. Please look at how it stands now."))
    return redirect("payments:autopay")


def _context(found: AutopayDraw, form: MoveForm) -> dict[str, Any]:
    return {
        "draw": found,
        "form": form,
        "method": capfirst(receipts.method_text(found.enrollment.saved_method)),
        "state": receipts.draw_text(found),
        "is_planned": found.status == AutopayDraw.Status.PLANNED,
        "is_late": found.draw_on > found.bill.due_on,
    }

"""The cards and accounts that a member saved, and removing one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from payments import receipts, selectors, services
from payments.models import SavedMethod
from payments.views.finding import member_of, saved_method_of

PAGE = 12


@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    """What this log-in saved for later, newest first, twelve a page; what can no longer be used says why."""
    before = request.GET.get("before", "")
    user = member_of(request)
    found = list(selectors.older_than(selectors.saved_methods_for(user), before)[: PAGE + 1])
    drawn = selectors.used_by_autopay(found[:PAGE])
    context = {
        "rows": [_row(saved, is_for_autopay=saved.pk in drawn) for saved in found[:PAGE]],
        "can_pay": user.household_id is not None,
        "can_enroll": user.household_id is not None and not selectors.enrollment_of(user.household_id),
        "older_url": f"?before={found[PAGE - 1].reference}" if len(found) > PAGE else "",
        "newer_url": reverse("payments:methods") if before else "",
    }
    return render(request, "payments/methods.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_method(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask once more, then remove."""
    saved = saved_method_of(request, reference, with_removed=request.method == "POST")
    if request.method != "POST":
        context = {
            "name": capfirst(receipts.method_text(saved)),
            "ends_autopay": bool(selectors.used_by_autopay([saved])),
        }
        return render(request, "payments/remove_method.html", context)
    if saved.status == SavedMethod.Status.REMOVED or services.remove(saved):  # pressed twice, it is removed
        messages.success(request, _("Removed. Our payment company no longer keeps it."))
    else:
        messages.info(
            request, _("We will not use it any more. Our payment company did not answer yet. We keep asking.")
        )
    return redirect("payments:methods")


def _row(saved: SavedMethod, *, is_for_autopay: bool) -> dict[str, str | bool]:
    return {
        "name": capfirst(receipts.method_text(saved)),
        "bank": saved.bank_name,
        "expires": f"{saved.expires_on:%m/%Y}" if saved.expires_on else "",
        "is_for_autopay": is_for_autopay,
        "is_usable": saved.is_usable,
        "problem": receipts.problem_text(saved),
        "reference": saved.reference,
        "remove_url": reverse("payments:remove_method", args=[saved.reference]),
    }

"""Choosing a language, without log-in and without scripting."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from accounts.middleware import set_language_cookie
from accounts.models import User
from accounts.services.language import keep_language, note_choice
from portal.shared.middleware import address_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def choose_language(request: HttpRequest) -> HttpResponse:
    """List the languages, each in its own tongue; POST keeps one in a cookie and on the account, and leads back.

    Chosen just before a log-in, it goes to the account at the log-in.
    """
    back = _safe(request, request.POST.get("next") or request.GET.get("next", ""))
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        facts = {"back": back, "is_unknown": request.method == "POST"}
        return render(request, "accounts/language.html", facts, status=400 if facts["is_unknown"] else 200)
    if isinstance(request.user, User):
        keep_language(request.user, chosen, address=address_of(request))
    else:
        note_choice(request.session, chosen)
    response = redirect(back)
    set_language_cookie(response, chosen)
    return response


def _safe(request: HttpRequest, wanted: Any) -> str:
    """Return where to go back to: a page of this site, else the first page."""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours and wanted.startswith("/") else resolve_url("home")

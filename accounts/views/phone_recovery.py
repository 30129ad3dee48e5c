"""Getting back in by a code sent to a phone. No page tells whether an account exists."""

import time
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.views.decorators.cache import never_cache

from accounts import services
from accounts.forms import CodeForm, ForgotPasswordForm, ForgotUsernameByTextForm
from accounts.forms.fields import too_many_tries
from accounts.models import PhoneRecovery, User, normal_username
from accounts.tasks import answer_by_phone_soon
from accounts.views.contact import code_refusal
from accounts.views.recovery import BY_TEXT, TOO_MANY, posted
from portal.shared import texting
from portal.shared.middleware import address_of
from portal.shared.throttle import allow

KEY = "phone_recovery"
KEEP_SECONDS = 30 * 60
_Kind = PhoneRecovery.Kind


@login_not_required
@never_cache
def password_by_text(request: HttpRequest) -> HttpResponse:
    """Ask for a code with which to choose a new password."""
    form = ForgotPasswordForm(posted(request))
    return _ask(request, form, _Kind.PASSWORD, "accounts/password_by_text.html")


@login_not_required
@never_cache
def username_by_text(request: HttpRequest) -> HttpResponse:
    """Ask for a code with which to see the usernames of a phone number."""
    form = ForgotUsernameByTextForm(posted(request))
    return _ask(request, form, _Kind.USERNAME, "accounts/username_by_text.html")


@login_not_required
@never_cache
def recovery_code(request: HttpRequest) -> HttpResponse:
    """Take the code, and lead on to a new password or show the usernames."""
    kept = request.session.get(KEY) or {}
    if kept.get("at", 0) < time.time() - KEEP_SECONDS:
        return redirect("accounts:login")
    form = CodeForm(posted(request))
    context = {"form": form, "kind": kept["kind"]}
    if request.method == "POST" and form.is_valid():
        address = address_of(request)
        if not allow("recovery-code", address):
            form.add_error(None, too_many_tries("recovery-code"))
            return render(request, "accounts/recovery_code.html", context, status=TOO_MANY)
        code = form.cleaned_data["code"]
        proof, owners = services.use_recovery_code(recovery_id=kept["pk"], code=code, address=address)
        if proof is services.Proof.RIGHT:
            del request.session[KEY]
            return _let_on(request, kept["kind"], owners)
        form.add_error("code", code_refusal(proof))
    return render(request, "accounts/recovery_code.html", context)


def _ask(request: HttpRequest, form: Any, kind: str, template: str) -> HttpResponse:
    """Show the form, or take what was typed and lead everyone to the same page, in the same time.

    Too many requests from one network address are refused in words; too many for one account are dropped in silence.
    """
    if not texting.is_offered():
        raise Http404
    if request.method != "POST" or not form.is_valid():
        return render(request, template, {"form": form})
    if not allow("recovery-address", address_of(request)):
        form.add_error(None, too_many_tries("recovery-address"))
        return render(request, template, {"form": form}, status=TOO_MANY)
    (typed,) = form.cleaned_data.values()
    typed = normal_username(typed)
    is_dropped = not allow("recovery-text", f"{kind} {typed}")
    recovery = services.ask_by_phone(kind=kind, typed=typed, is_dropped=is_dropped)
    answer_by_phone_soon(recovery)
    request.session[KEY] = {"pk": recovery.pk, "kind": str(kind), "at": int(time.time())}
    return redirect("accounts:recovery_code")


def _let_on(request: HttpRequest, kind: str, owners: list[User]) -> HttpResponse:
    """Go on as after a link by email: the same page takes the new password, and nobody is logged in by it."""
    if kind == _Kind.USERNAME:
        usernames = [owner.username for owner in owners]
        return render(request, "accounts/usernames.html", {"usernames": usernames})
    (owner,) = owners
    token = default_token_generator.make_token(owner)
    request.session[INTERNAL_RESET_SESSION_TOKEN] = request.session[BY_TEXT] = token
    return redirect("accounts:password_reset", urlsafe_base64_encode(force_bytes(owner.pk)), "set-password")

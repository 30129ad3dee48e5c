"""Forgotten password and forgotten username. No page tells whether an account exists."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import services
from accounts.forms import ChoosePasswordForm, ForgotPasswordForm, ForgotUsernameForm
from accounts.forms.fields import too_many_tries
from accounts.models import Inquiry, normal_username
from accounts.tasks import answer_soon
from portal.shared.middleware import address_of
from portal.shared.throttle import allow

TOO_MANY = 429
BY_TEXT = "reset_by_text"  # the token in the session that came from a code, not from a link


@login_not_required
def forgot_password(request: HttpRequest) -> HttpResponse:
    """Ask for a link to choose a new password."""
    return ask_by_email(
        request,
        form=ForgotPasswordForm(posted(request)),
        kind=Inquiry.Kind.PASSWORD,
        limit="recovery-account",
        template="accounts/password_forgot.html",
    )


@login_not_required
def forgot_username(request: HttpRequest) -> HttpResponse:
    """Ask for the usernames that belong to an email address."""
    return ask_by_email(
        request,
        form=ForgotUsernameForm(posted(request)),
        kind=Inquiry.Kind.USERNAME,
        limit="recovery-account",
        template="accounts/username_forgot.html",
    )


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, also when it is empty; None when nothing was."""
    return request.POST if request.method == "POST" else None


def ask_by_email(request: HttpRequest, *, form: Any, kind: str, limit: str, template: str) -> HttpResponse:
    """Show the form, or take what was typed and show the same page to everyone, in the same time.

    Too many requests from one network address are refused in words; too many for one account are dropped in silence.
    """
    if request.method != "POST" or not form.is_valid():
        return render(request, template, {"form": form})
    if not allow("recovery-address", address_of(request)):
        form.add_error(None, too_many_tries("recovery-address"))
        return render(request, template, {"form": form}, status=TOO_MANY)
    (typed,) = form.cleaned_data.values()
    if allow(limit, f"{kind} {normal_username(typed)}"):
        answer_soon(services.ask(kind=kind, typed=typed, language=get_language() or "en"))
    return render(request, template, {"is_sent": True})


@method_decorator(login_not_required, name="dispatch")
class ChoosePassword(PasswordResetConfirmView):
    """The page behind the link: Django keeps the secret out of the address; the service uses it up under a lock."""

    form_class = ChoosePasswordForm  # type: ignore[assignment]  # ours only checks; form_valid below sets it
    template_name = "accounts/password_reset.html"
    title = _("Choose a new password")

    def form_valid(self, form: Any) -> HttpResponse:
        token = self.request.session.pop(INTERNAL_RESET_SESSION_TOKEN, "")
        by_phone = self.request.session.pop(BY_TEXT, None) == token
        facts = {"user_id": form.user.pk, "password": form.cleaned_data["password"], "by_phone": by_phone}
        try:
            services.reset_password(token=token, **facts)
        except services.StaleLink:
            self.validlink = False
            return self.render_to_response(self.get_context_data())
        messages.success(self.request, _("Your new password is set. Log in with it."))
        return redirect("accounts:login")

"""Confirming an email address. The link alone changes nothing, because mail scanners open links; a button does."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts import services
from accounts.forms import ForgotUsernameForm
from accounts.models import Inquiry
from accounts.views.recovery import ask_by_email, posted

KEY = "confirmation_token"


@login_not_required
@never_cache
def open_confirmation(request: HttpRequest, token: str) -> HttpResponse:
    """Take the secret out of the address, so that it is in no referrer, history or screenshot."""
    request.session[KEY] = token
    return redirect("accounts:email_confirm_press")


@login_not_required
@never_cache
def confirm_email(request: HttpRequest) -> HttpResponse:
    """The button that confirms, shown while it can; afterwards the log-in page says so."""
    if request.method != "POST":
        has_link = services.is_confirmable(token=request.session.get(KEY, ""))
        return render(request, "accounts/email_confirm.html", {"has_link": has_link})
    if services.confirm_email(token=request.session.pop(KEY, "")):
        messages.success(request, _("Thank you. Your email address is confirmed. You can log in now."))
        return redirect("accounts:login")
    return render(request, "accounts/email_confirm.html", {"has_link": False})


@login_not_required
def resend(request: HttpRequest) -> HttpResponse:
    """Ask for a new link; the answer is the same whether an account waits for one or not."""
    return ask_by_email(
        request,
        form=ForgotUsernameForm(posted(request)),
        kind=Inquiry.Kind.CONFIRMATION,
        limit="confirm-resend",
        template="accounts/email_resend.html",
    )

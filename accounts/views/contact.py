"""A new email address or phone number: asked for with the password, and counting once it is proved."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import services
from accounts.forms import ChangeEmailForm, ChangePhoneForm, CodeForm
from accounts.forms.fields import too_many_tries
from accounts.models import ContactKind, User
from accounts.selectors import pending_contact
from accounts.views.profile import member_of, phone_text
from accounts.views.recovery import TOO_MANY, posted
from portal.shared.middleware import address_of
from portal.shared.throttle import allow

KEY = "contact_token"
_PROVED = {ContactKind.EMAIL, ContactKind.PHONE}


@sensitive_post_parameters("password")
def change_email(request: HttpRequest) -> HttpResponse:
    """Ask for another email address; the link in the message to it makes it count."""
    user = member_of(request)
    form = ChangeEmailForm(posted(request), user=user, address=address_of(request))
    if request.method == "POST" and form.is_valid():
        spent = _spent(user, form.cleaned_data["email"].lower())
        if not spent:
            value = form.cleaned_data["email"]
            services.ask_for_contact(user=user, kind=ContactKind.EMAIL, value=value, address=address_of(request))
            messages.success(request, _("We sent a link to the new address. Open it to finish the change."))
            return redirect("accounts:profile")
        return _too_many(request, "accounts/change_email.html", form, spent)
    return render(request, "accounts/change_email.html", {"form": form})


@sensitive_post_parameters("password")
def change_phone(request: HttpRequest) -> HttpResponse:
    """Ask for another phone number, or prove the one that we have; the code makes it count."""
    user = member_of(request)
    initial = {} if user.phone_confirmed_at else {"phone": user.phone and phone_text(user.phone)}
    initial |= {"is_mobile": user.phone_is_mobile}
    form = ChangePhoneForm(posted(request), initial=initial, user=user, address=address_of(request))
    if request.method == "POST" and form.is_valid():
        number, is_mobile = form.cleaned_data["phone"], form.cleaned_data["is_mobile"]
        spent = _spent(user, number)
        if not spent:
            asked = {"kind": ContactKind.PHONE, "value": number, "is_mobile": is_mobile}
            services.ask_for_contact(user=user, address=address_of(request), **asked)
            return redirect("accounts:prove_phone")
        return _too_many(request, "accounts/change_phone.html", form, spent)
    return render(request, "accounts/change_phone.html", {"form": form})


def prove_phone(request: HttpRequest) -> HttpResponse:
    """Take the code. Five tries a code; then a new one must be asked for."""
    user = member_of(request)
    pending = pending_contact(user, ContactKind.PHONE)
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        proof = services.prove_phone(user=user, code=form.cleaned_data["code"], address=address_of(request))
        if proof is services.Proof.RIGHT:
            messages.success(request, _("Thank you. Your phone number is confirmed."))
            return redirect("accounts:profile")
        form.add_error("code", code_refusal(proof))
    elif pending is None:
        messages.error(request, _("The code is too old. Ask for the change again."))
        return redirect("accounts:profile")
    number = phone_text(pending.value) if pending else ""
    return render(request, "accounts/prove_phone.html", {"form": form, "pending": pending, "number": number})


@require_POST
def send_again(request: HttpRequest, kind: str) -> HttpResponse:
    """Send a new link or code for what waits."""
    user = member_of(request)
    pending = pending_contact(user, _known(kind))
    if pending is None:
        messages.error(request, _("Nothing waits to be confirmed any more. Ask for the change again."))
        return redirect("accounts:profile")
    spent = _spent(user, pending.value.lower())
    if spent:
        messages.error(request, too_many_tries(*spent).messages[0])
    elif services.send_contact_secret_again(user=user, kind=kind):
        messages.success(request, _("Sent again. Only the newest message works."))
    return redirect("accounts:prove_phone" if kind == ContactKind.PHONE else "accounts:profile")


@require_POST
def cancel(request: HttpRequest, kind: str) -> HttpResponse:
    """Forget a change that waits."""
    user = member_of(request)
    if services.cancel_contact(user=user, kind=_known(kind), address=address_of(request)):
        messages.success(request, _("Canceled. Nothing changed."))
    else:
        messages.info(request, _("Nothing waits to be confirmed any more."))
    return redirect("accounts:profile")


@login_not_required
@never_cache
def open_email_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the secret out of the address, so that it is in no referrer, history or screenshot."""
    request.session[KEY] = token
    return redirect("accounts:contact_email_press")


@login_not_required
@never_cache
def prove_email(request: HttpRequest) -> HttpResponse:
    """The button that makes a new address count; logged in or not."""
    template = "accounts/prove_email.html"
    if request.method != "POST":
        is_good = services.is_email_link_good(token=request.session.get(KEY, ""))
        return render(request, template, {"has_link": is_good})
    if services.prove_email(token=request.session.pop(KEY, ""), address=address_of(request)):
        messages.success(request, _("Thank you. We write to your new email address from now on."))
        return redirect("accounts:profile" if request.user.is_authenticated else "accounts:login")
    return render(request, template, {"has_link": False})


def code_refusal(proof: services.Proof) -> str:
    """Return what is said to a code that is not the right one."""
    if proof is services.Proof.WRONG:
        return _("This is not the newest code that we sent you. Check it and try again.")
    return _("This code no longer works. Ask for a new one.")


def _known(kind: str) -> str:
    if kind not in _PROVED:
        raise Http404
    return kind


def _spent(user: User, value: str) -> list[str]:
    """Count one message against the account and against whom it goes to; return the limits that it passes."""
    keys = {"contact-ask": str(user.pk), "contact-to": value}
    return [limit for limit, key in keys.items() if not allow(limit, key)]


def _too_many(request: HttpRequest, template: str, form: Any, limits: list[str]) -> HttpResponse:
    form.add_error(None, too_many_tries(*limits))
    return render(request, template, {"form": form}, status=TOO_MANY)

"""Turning two-step log-in on and off, and new recovery codes. The codes are in the answer alone and kept nowhere."""

import base64
import binascii
from typing import Any

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import selectors, services
from accounts.forms import PasswordAndCodeForm
from accounts.models import User
from accounts.views.recovery import posted
from accounts.views.security import owner_of, refused, stay_in
from accounts.views.words import code_refused_text
from portal.shared.middleware import address_of
from portal.shared.references import spaced


@never_cache
@sensitive_post_parameters("current_password", "code")
def two_step_on(request: HttpRequest) -> HttpResponse:
    """The app's secret, as a picture and as text, and the first code of it."""
    user = owner_of(request)
    if user.second_step_at:
        messages.info(request, _("Two-step log-in is on."))
        return redirect("accounts:security")
    form = PasswordAndCodeForm(posted(request))
    form.fields["code"].help_text = _("The 6 digits that your app shows now.")
    if request.method == "POST" and form.is_valid():
        keep = request.session.get(services.RECORD)
        try:
            changed, codes = services.turn_on(**_typed(form, user, request), keep=keep)
        except (services.WrongPassword, services.CodeRefused) as error:
            out = _say(request, form, error)
            if out:
                return out
        else:
            services.mark_second_step(session=request.session, user=changed)
            stay_in(request, changed)
            return _show(request, codes, _("Two-step log-in is on"))
    app = services.waiting_app(user=user, is_new_page=request.method == "GET")
    return render(request, "accounts/two_step_on.html", {"form": form, "picture": _picture(app), "key": _key_text(app)})


@never_cache
@sensitive_post_parameters("current_password", "code")
def two_step_off(request: HttpRequest) -> HttpResponse:
    """Back to the password alone."""
    form = PasswordAndCodeForm(posted(request))
    if _is_off(request):
        return redirect("accounts:security")
    if request.method == "POST" and form.is_valid():
        try:
            services.turn_off(**_typed(form, owner_of(request), request))
        except (services.WrongPassword, services.CodeRefused) as error:
            out = _say(request, form, error)
            if out:
                return out
        else:
            messages.success(request, _("Two-step log-in is off. Your password alone logs you in now."))
            return redirect("accounts:security")
    return render(request, "accounts/two_step_off.html", {"form": form})


@never_cache
@sensitive_post_parameters("current_password", "code")
def two_step_codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes in place of the old ones."""
    form = PasswordAndCodeForm(posted(request))
    if _is_off(request):
        return redirect("accounts:security")
    if request.method == "POST" and form.is_valid():
        try:
            codes = services.renew_codes(**_typed(form, owner_of(request), request))
        except (services.WrongPassword, services.CodeRefused) as error:
            out = _say(request, form, error)
            if out:
                return out
        else:
            return _show(request, codes, _("Your new recovery codes"))
    return render(request, "accounts/two_step_codes.html", {"form": form})


def _is_off(request: HttpRequest) -> bool:
    return owner_of(request).second_step_at is None


def _typed(form: PasswordAndCodeForm, user: User, request: HttpRequest) -> dict[str, Any]:
    facts = form.cleaned_data
    return {"user": user, "password": facts["current_password"], "code": facts["code"], "address": address_of(request)}


def _say(request: HttpRequest, form: PasswordAndCodeForm, error: Exception) -> HttpResponse | None:
    """Say which of the two was not right, or lead out when that locked the account."""
    if isinstance(error, services.CodeRefused) and not selectors.is_locked(owner_of(request)):
        form.add_error("code", code_refused_text(error.limits))
        return None
    return refused(request, form, "current_password")


def _show(request: HttpRequest, codes: list[str], heading: str) -> HttpResponse:
    context = {"codes": [spaced(code) for code in codes], "heading": heading}
    return render(request, "accounts/recovery_codes.html", context)


def _picture(app: Any) -> str:
    """Return the QR code as SVG without styles, dark on white in every colour scheme."""
    code = segno.make_qr(app.config_url, error="m")
    return code.svg_inline(scale=5, light="#fff", svgclass="ma__qr", omitsize=True)


def _key_text(app: Any) -> str:
    """Return the secret in groups of four, to be typed."""
    text = base64.b32encode(binascii.unhexlify(app.key)).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))

"""Registration, step by step. What was typed waits in the session, except the password; no step can be skipped."""

import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import services
from accounts.forms import ContactForm, FactsForm, LoginDetailsForm
from accounts.forms.fields import too_many_tries
from accounts.models import Inquiry
from accounts.rules import IdProblem, typed_day
from accounts.tasks import answer_soon
from accounts.views.recovery import posted
from portal.shared.middleware import address_of
from portal.shared.throttle import allow

KEY, DONE = "registration", "registration_done"
KEEP_SECONDS = 30 * 60  # on a shared computer the next person must not find it
TOO_MANY = 429


@login_not_required
@never_cache
def register(request: HttpRequest) -> HttpResponse:
    """Step 1: who you are. The roster is asked here, so that nobody fills in two more pages in vain."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = FactsForm(posted(request), initial=_state(request).get("facts"))
    if request.method == "POST" and form.is_valid():
        spent = _count_try(request, form.cleaned_data["masshealth_id"])
        if spent:
            form.add_error(None, too_many_tries(*spent))
            return _page(request, 1, form, status=TOO_MANY)
        if _is_open(form.cleaned_data):
            typed = form.cleaned_data | {"date_of_birth": f"{form.cleaned_data['date_of_birth']:%m/%d/%Y}"}
            _remember(request, facts=typed)
            return redirect("accounts:register_contact")
        form.add_error(None, _one_message())
    return _page(request, 1, form)


@login_not_required
@never_cache
def register_contact(request: HttpRequest) -> HttpResponse:
    """Step 2: how to reach you."""
    state = _state(request)
    if "facts" not in state:
        return redirect("accounts:register")
    form = ContactForm(posted(request), initial=state.get("contact"))
    if request.method == "POST" and form.is_valid():
        _remember(request, contact=form.cleaned_data)
        return redirect("accounts:register_login")
    return _page(request, 2, form)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def register_login(request: HttpRequest) -> HttpResponse:
    """Step 3: username and password; then the confirmation link is on its way."""
    state = _state(request)
    if "contact" not in state:
        return redirect("accounts:register_contact")
    _finding, member = services.find_registrant(_facts(state))
    if member is None:
        return _start_again(request)
    form = LoginDetailsForm(posted(request), member=member)
    if request.method == "POST":
        if not allow("register-username", address_of(request)):
            form.add_error(None, too_many_tries("register-username"))
            return _page(request, 3, form, status=TOO_MANY)
        if form.is_valid():
            return _finish(request, form, state)
    return _page(request, 3, form)


@login_not_required
@never_cache
def register_done(request: HttpRequest) -> HttpResponse:
    """Says that the link is on its way and to which address."""
    done = _fresh(request.session.get(DONE))
    return render(request, "accounts/register_done.html", done) if done else redirect("accounts:login")


def _finish(request: HttpRequest, form: LoginDetailsForm, state: dict[str, Any]) -> HttpResponse:
    try:
        services.register(
            facts=_facts(state),
            contact=services.Contact(**state["contact"]),
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
            language=get_language() or settings.LANGUAGE_CODE,
        )
    except services.UsernameTaken:
        form.say_taken()
        return _page(request, 3, form)
    except services.NotOpen:
        return _start_again(request)
    del request.session[KEY]
    request.session[DONE] = {"email": state["contact"]["email"], "at": int(time.time())}
    request.session.cycle_key()
    return redirect("accounts:register_done")


def _count_try(request: HttpRequest, masshealth_id: str) -> list[str]:
    """Count the try against the network address and against the ID, both always; return the limits that it passes."""
    keys = {"register-address": address_of(request), "register-id": masshealth_id}
    return [limit for limit, key in keys.items() if not allow(limit, key)]


def _is_open(typed: dict[str, Any]) -> bool:
    """Ask the roster. Every refusal writes the same inquiry, so that it takes the same time, whatever the reason."""
    finding, _member = services.find_registrant(services.Facts(**typed))
    if finding is services.Finding.OPEN:
        return True
    told = typed["masshealth_id"] if finding is services.Finding.REGISTERED else ""
    answer_soon(services.ask(kind=Inquiry.Kind.REGISTRATION, typed=told))
    return False


def _one_message() -> ValidationError:
    return ValidationError(
        _(
            "We could not register you with these details. Check that they are the same as on your MassHealth card "
            "and letters. Only an adult who is responsible for the bill can register, and only once. "
            "If you are sure, call %(name)s at %(phone)s (TTY %(tty)s)."
        ),
        code="refused",
        params={
            "name": settings.SUPPORT_NAME,
            "phone": settings.SUPPORT_PHONE,
            "tty": settings.SUPPORT_TTY,
        },
    )


def _start_again(request: HttpRequest) -> HttpResponse:
    """The roster changed between the steps: the first page again, with the one message."""
    request.session.pop(KEY, None)
    messages.error(request, _one_message().messages[0])
    return redirect("accounts:register")


def _state(request: HttpRequest) -> dict[str, Any]:
    return _fresh(request.session.get(KEY))


def _fresh(kept: dict[str, Any] | None) -> dict[str, Any]:
    return kept if kept and kept["at"] > time.time() - KEEP_SECONDS else {}


def _remember(request: HttpRequest, **typed: Any) -> None:
    request.session[KEY] = _state(request) | typed | {"at": int(time.time())}


def _facts(state: dict[str, Any]) -> services.Facts:
    return services.Facts(**state["facts"] | {"date_of_birth": typed_day(state["facts"]["date_of_birth"])})


def _page(request: HttpRequest, step: int, form: Any, status: int = 200) -> HttpResponse:
    steps = [_("Who you are"), _("How to reach you"), _("Your username and password")]
    headings = [_("Register: who you are"), _("Register: how to reach you"), _("Register: your username and password")]
    back = {2: "accounts:register", 3: "accounts:register_contact"}.get(step)
    context = {"form": form, "steps": steps, "step": step, "heading": headings[step - 1], "back": back}
    context["is_connector"] = form.has_error("masshealth_id", IdProblem.CONNECTOR)
    return render(request, "accounts/register.html", context, status=status)

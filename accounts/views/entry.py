"""Logging in, and staying logged in."""

import time
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import selectors, services
from accounts.forms import LoginForm, SecondStepForm, StaffLoginForm
from accounts.middleware import keep_typed
from accounts.models import User
from accounts.views.recovery import posted
from accounts.views.words import code_refused_text, locked_text
from portal.shared.middleware import address_of


class Login(LoginView):
    """Django's log-in with our form; where `next` leads elsewhere than this site it is ignored.

    Where a log-in asks for a code, the right password leads to the page that takes it, and to nothing else.
    """

    form_class = LoginForm
    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        if user.second_step_at is None:
            return super().form_valid(form)
        services.begin_second_step(session=self.request.session, user=user, leads_to=self._goal_of(user))
        return redirect("accounts:login_code")

    def get_default_redirect_url(self) -> str:
        return self._goal_of(self.request.user)

    def _goal_of(self, user: Any) -> str:
        """Staff have no bills of their own: they go to admin."""
        own = reverse("admin:index") if user.is_staff and user.member is None else super().get_default_redirect_url()
        return self.get_redirect_url() or own


class StaffLogin(Login):
    """The door of Django admin: the same log-in with the same second step, in admin's dress."""

    form_class = StaffLoginForm
    template_name = "admin/login.html"
    redirect_authenticated_user = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if admin.site.has_permission(request):
            return redirect("admin:index")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request = self.request
        request.current_app = admin.site.name  # as admin itself does
        facts = {"title": _("Log in"), "subtitle": None, "app_path": request.get_full_path(), "username": ""}
        return super().get_context_data(**kwargs) | admin.site.each_context(request) | facts

    def _goal_of(self, user: Any) -> str:
        return self.get_redirect_url() or reverse("admin:index")


@login_not_required
@never_cache
@sensitive_post_parameters("code")
def login_code(request: HttpRequest) -> HttpResponse:
    """The second step: a code, asked of who gave the right password in the last five minutes."""
    waiting = services.waiting_second_step(session=request.session)
    if waiting is None:
        messages.info(request, _("Log in with your username and password first. You have five minutes for the code."))
        return redirect("accounts:login")
    user, leads_to = waiting
    form = SecondStepForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.log_in_by_code(user=user, code=form.cleaned_data["code"], address=address_of(request))
        except services.CodeRefused as error:
            if selectors.is_locked(user):
                services.forget_second_step(session=request.session)
                messages.error(request, locked_text())
                return redirect("accounts:login")
            form.add_error("code", code_refused_text(error.limits))
        else:
            _let_in(request, user)
            return redirect(leads_to)
    return render(request, "accounts/login_code.html", {"form": form})


def _let_in(request: HttpRequest, user: User) -> None:
    services.forget_second_step(session=request.session)
    login(request, user, backend="accounts.backends.LockoutBackend")
    services.mark_second_step(session=request.session, user=user)


@login_not_required
@never_cache
@require_POST
def extend_session(request: HttpRequest) -> HttpResponse:
    """Count the press on *Stay logged in* as activity: 204, or 401 when the session is over."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    request.session["seen_at"] = int(time.time())
    return HttpResponse(status=204)


@login_not_required
@never_cache
@require_POST
def time_out(request: HttpRequest) -> HttpResponse:
    """Log out when the page says that the time is over, and keep what was typed on it: 204."""
    if request.user.is_authenticated:
        request.ended_user = request.user.pk  # type: ignore[attr-defined]  # our own mark on the request
        logout(request)
    keep_typed(request, request.POST.get("kept_page", ""))
    return HttpResponse(status=204)

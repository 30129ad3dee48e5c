"""Logging in, and staying logged in."""

import time

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.forms import LoginForm
from accounts.middleware import keep_typed


class Login(LoginView):
    """Django's log-in with our form; where `next` leads elsewhere than this site it is ignored."""

    form_class = LoginForm
    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        """Staff have no bills of their own: they go to admin."""
        user = self.request.user
        return reverse("admin:index") if user.is_staff and user.member is None else super().get_default_redirect_url()


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
        request.ended_user = request.user.pk  # type: ignore[attr-defined]
        logout(request)
    keep_typed(request, request.POST.get("kept_page", ""))
    return HttpResponse(status=204)

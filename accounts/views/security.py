"""The security of one's own log-in: password, devices, what happened."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts import selectors, services
from accounts.forms import ChangePasswordForm
from accounts.models import SessionRecord, User
from accounts.selectors import security as found
from accounts.views.recovery import posted
from accounts.views.words import EVENTS, device_text, event_text, locked_text, network_text, refused_text
from portal.shared import texting
from portal.shared.middleware import address_of

PAGE = 12  # events, and devices, on one page
LOOKS_DAYS = 365


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Password, second step, devices, and what happened lately, each twelve a page."""
    user = owner_of(request)
    before = request.GET.get("before", "")
    events = found.events_for(user, actions=EVENTS, before=before, count=PAGE + 1)
    older = urlencode({"before": found.place_text(events[PAGE - 1])}) if len(events) > PAGE else ""
    behind = request.GET.get("devices", "")
    devices, has_more = found.sessions_page_for(user, before=behind, count=PAGE)
    context = {
        "devices": [_device_row(record, request) for record in devices],
        "devices_older_url": f"?devices={devices[-1].pk}#devices" if has_more else "",
        "devices_newer_url": f"{request.path}#devices" if behind else "",
        "has_other_devices": len(devices) > 1 or bool(behind),
        "events": [_event_row(event) for event in events[:PAGE]],
        "older_url": f"?{older}#activity" if older else "",
        "newer_url": f"{request.path}#activity" if before else "",
        "looks": _looks_text(user),
        "codes_left": found.recovery_codes_left(user) if user.second_step_at else None,
        "site_url": settings.SITE_URL,
        "site_host": settings.SITE_URL.partition("://")[2],
        "text_name": settings.TEXT_NAME if texting.is_offered() else "",
        "sender": settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">"),
    }
    return render(request, "accounts/security.html", context)


@sensitive_post_parameters("current_password", "password")
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password for who knows the old one; every other device is logged out."""
    user = owner_of(request)
    form = ChangePasswordForm(user, posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.change_password(
                user=user,
                current=form.cleaned_data["current_password"],
                password=form.cleaned_data["password"],
                keep=request.session.get(services.RECORD),
                address=address_of(request),
            )
        except services.WrongPassword:
            return refused(request, form, "current_password") or render(
                request, "accounts/password_change.html", {"form": form}
            )
        stay_in(request, changed)
        messages.success(request, _("Your password is changed. All other devices are logged out."))
        return redirect("accounts:security")
    return render(request, "accounts/password_change.html", {"form": form})


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Log one device out; this very one as by *Log out*."""
    try:
        record = found.session_for(owner_of(request), pk)
    except SessionRecord.DoesNotExist as error:
        raise Http404 from error
    if record.pk == request.session.get(services.RECORD):
        logout(request)
        return redirect(settings.LOGOUT_REDIRECT_URL)
    services.end_session(record=record, address=address_of(request))
    messages.success(request, _("That device is logged out."))
    return redirect("accounts:security")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Log every other device out."""
    keep = request.session.get(services.RECORD)
    count = services.end_other_sessions(user=owner_of(request), keep=keep, address=address_of(request))
    done = ngettext("%(count)d other device is logged out.", "%(count)d other devices are logged out.", count)
    messages.success(request, done % {"count": count} if count else _("No other device was logged in."))
    return redirect("accounts:security")


def refused(request: HttpRequest, form: Any, field: str) -> HttpResponse | None:
    """Say that what was typed in a field was not right; out of the session once that locked the account."""
    if selectors.is_locked(owner_of(request)):
        logout(request)
        messages.error(request, locked_text())
        return redirect(settings.LOGIN_URL)
    form.add_error(field, refused_text())
    return None


def owner_of(request: HttpRequest) -> User:
    """Return who is logged in; every page here needs that."""
    assert isinstance(request.user, User)  # noqa: S101  the middleware lets nobody else in
    return request.user


def stay_in(request: HttpRequest, user: User) -> None:
    """Keep this session after a change that ends all others, under a new key."""
    update_session_auth_hash(request, user)
    agent = request.headers.get("User-Agent", "")
    services.note_session(session=request.session, user=user, address=address_of(request), agent=agent)


def _device_row(record: SessionRecord, request: HttpRequest) -> dict[str, Any]:
    return {
        "pk": record.pk,
        "name": device_text(record),
        "is_this": record.pk == request.session.get(services.RECORD),
        "network": network_text(record.address),
        "started_at": record.started_at,
        "last_used_at": record.last_used_at,
    }


def _event_row(event: found.Event) -> dict[str, Any]:
    return {"at": event.at, "text": event_text(event.what), "network": network_text(event.address)}


def _looks_text(user: User) -> str:
    count = found.looks_of_staff_at(user, since=timezone.now() - timedelta(days=LOOKS_DAYS))
    if not count:
        return _("In the last 12 months nobody at support opened your account, bills, payments or cases.")
    return ngettext(
        "In the last 12 months support opened your account, bills, payments or cases %(count)d time.",
        "In the last 12 months support opened your account, bills, payments or cases %(count)d times.",
        count,
    ) % {"count": count}

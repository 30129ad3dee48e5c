"""Ends sessions that are over or lack their second step, keeps what was typed, speaks the account's language."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import translation

from accounts import services
from portal.shared import kept
from portal.shared.middleware import address_of

COARSE_SECONDS = 20  # a session is written at most this often, so what is noted may lag behind by this much
NOTED_SECONDS = 180  # the owner's list of sessions lags behind by at most this much
LATE_SECONDS = 30  # the idle limit is this much longer here than on the page, so that nobody gets less than all of it


class SessionLimitMiddleware:
    """Logs out at the idle or the absolute limit, or when the owner ended the session from another device.

    A private page then leads to log-in, which says why.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if SESSION_KEY not in request.session:
            return None
        now = int(time.time())
        if not _is_over(request.session, now) and _is_noted(request, now):
            if now - request.session["seen_at"] >= COARSE_SECONDS:
                request.session["seen_at"] = now
            return None
        request.ended_user = request.session[SESSION_KEY]  # type: ignore[attr-defined]  # our own mark on the request
        logout(request)
        return _to_login(request, view) if getattr(view, "login_required", True) else None


class SecondStepMiddleware:
    """Nobody whose log-in asks for a code is in without it, whatever page or door they came through.

    Where STAFF_SECOND_STEP says so, staff must turn two-step log-in on before admin opens.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if SESSION_KEY not in request.session or not request.user.is_authenticated:
            return None
        if not services.has_second_step(session=request.session, user=request.user):
            logout(request)
            return _to_login(request, view) if getattr(view, "login_required", True) else None
        must_turn_on = settings.STAFF_SECOND_STEP and request.user.second_step_at is None
        return redirect("accounts:two_step_on") if must_turn_on and _is_inside_admin(request) else None


def _is_inside_admin(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and "admin" in match.namespaces and match.url_name not in ("login", "logout")


class AccountLanguageMiddleware:
    """Lets the account's language rule while someone is logged in, on every device; pages of staff are in English.

    The cookie follows the account, so that the page after the log-out is in the same language.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kept = _account_language(request)
        if kept:
            translation.activate(kept)
        response = self.get_response(request)
        kept = kept and _account_language(request)  # it may just have been changed, or logged out
        is_set = settings.LANGUAGE_COOKIE_NAME in response.cookies
        if kept and not is_set and request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, kept) != kept:
            set_language_cookie(response, kept)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if request.resolver_match and "admin" in request.resolver_match.app_names:
            translation.activate(settings.LANGUAGE_CODE)


def set_language_cookie(response: HttpResponse, language: str) -> None:
    """Keep a language in the browser; the cookie says nothing else, and no script reads it."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def _account_language(request: HttpRequest) -> str:
    """Return the language of whoever is logged in; '' for nobody, and for one that is offered no longer."""
    language = getattr(request.user, "language", "")
    return language if language in dict(settings.LANGUAGES) else ""


def _is_over(session: SessionBase, now: int) -> bool:
    started, seen = session.get("started_at", 0), session.get("seen_at", 0)
    return now - seen >= settings.SESSION_IDLE_SECONDS + LATE_SECONDS or now - started >= settings.SESSION_COOKIE_AGE


def _is_noted(request: HttpRequest, now: int) -> bool:
    """Note from time to time that the session is used; return False when it was ended elsewhere."""
    if now - request.session.get("noted_at", 0) < NOTED_SECONDS or not request.user.is_authenticated:
        return True
    request.session["noted_at"] = now
    agent = request.headers.get("User-Agent", "")
    return services.note_session(session=request.session, user=request.user, address=address_of(request), agent=agent)


def _to_login(request: HttpRequest, view: Any) -> HttpResponse:
    """Lead to the page's own log-in and then back: to what was asked for, or to the page whose form was sent."""
    login_url = getattr(view, "login_url", None) or settings.LOGIN_URL
    query = {"ended": "1"}
    page = request.get_full_path() if request.method == "GET" else _page_of_form(request)
    is_kept = login_url == settings.LOGIN_URL and keep_typed(request, page or request.path)
    if page or is_kept:
        query["next"] = page or request.path
    return redirect(f"{resolve_url(login_url)}?{urlencode(query)}")


def keep_typed(request: HttpRequest, page: str) -> bool:
    """Keep what this POST brought for the person whose session ended, to show it on that page again.

    Return whether there was anything, and whether it is known who that was.
    """
    user_id = getattr(request, "ended_user", "")
    path = urlsplit(page).path
    return bool(user_id) and kept.keep(request.session, user_id=str(user_id), page=path, typed=request.POST)


def _page_of_form(request: HttpRequest) -> str:
    """Return the page of ours that a form was sent from, or '' when the browser does not say."""
    here, referer = request.build_absolute_uri("/"), request.headers.get("Referer", "")
    return "/" + referer.removeprefix(here) if referer.startswith(here) else ""


class RefillMiddleware:
    """Shows on its page what was typed there before the session ended, until the form is sent again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if kept.KEY not in request.session or SESSION_KEY not in request.session:
            return self.get_response(request)
        user_id = str(request.session[SESSION_KEY])
        typed = kept.find(request.session, user_id=user_id, page=request.path)
        if request.method == "POST" and typed:
            kept.forget(request.session)
            typed = None
        with kept.shown(typed):
            return self.get_response(request)

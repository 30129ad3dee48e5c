"""The pages that belong to no room: home, help, and what is shown when something went wrong."""

import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.views.decorators.http import require_safe

from portal.shared.banner import seal_file
from portal.shared.context import site

WITH_A_PAGE = (405, 413, 429)


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """The front door; a member who is logged in goes on to the bills."""
    if request.user.is_authenticated:
        return redirect("billing:overview")
    return render(request, "pages/home.html")


@require_safe
@login_not_required
def seal(request: HttpRequest) -> FileResponse:
    """The agency's picture, where the agency has set one; else 404."""
    file = seal_file()
    if not file or not file.is_file():
        raise Http404
    return FileResponse(file.open("rb"), headers={"Cache-Control": "public, max-age=86400"})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when too much was sent."""
    if isinstance(exception, RequestDataTooBig):
        return _plain_page(request, "413.html", 413)
    return _plain_page(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _plain_page(request, "403.html", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 because the page was open too long or cookies are off; says what to do."""
    return _plain_page(request, "403_csrf.html", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _plain_page(request, "404.html", 404)


class HousePageMiddleware:
    """Gives an empty answer 405, 413 or 429 its page; whatever its headers say stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code in WITH_A_PAGE and not answer.streaming and not answer.content:
            answer.content = loader.get_template(f"{answer.status_code}.html").render(site(request))
        return answer


class UploadLimitMiddleware:
    """413, before anything of it is read: more is sent than the page takes. Comes before whatever reads a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        takes_files = getattr(view, "takes_files", False)
        most = settings.UPLOAD_MAX_BYTES if takes_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        length = request.META.get("CONTENT_LENGTH") or "0"  # what is no number is read as none by Django too
        is_too_much = length.isascii() and length.isdigit() and int(length[:20]) > most
        return HttpResponse(status=413) if is_too_much and request.content_type == "multipart/form-data" else None


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database does not answer, else 500."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return _plain_page(request, "503.html", 503)
    return _plain_page(request, "500.html", 500)


def _plain_page(request: HttpRequest, name: str, status: int) -> HttpResponse:
    """Render without context processors: a page about a fault must not ask who the user is."""
    return HttpResponse(loader.get_template(name).render(site(request)), status=status)

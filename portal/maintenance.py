"""The switch for maintenance: while a file is there, every page answers 503 and nothing else is asked or done."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils import translation

from portal.shared.context import site

RETRY_SECONDS = 300
STAY_OPEN = ("/health/",)  # the load balancer must still tell a closed portal from a dead one


class MaintenanceMiddleware:
    """Stands before session, database and cache. A call of the gateway hears 503 too, and is repeated by it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.MAINTENANCE_FILE.exists() or request.path_info.startswith(STAY_OPEN):
            return self.get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            page = loader.get_template("503.html").render(site(request) | {"is_planned": True})
        headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
        return HttpResponse(page, status=503, headers=headers)

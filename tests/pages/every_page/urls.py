"""The portal's addresses, and one at which something goes wrong on purpose. For tests alone."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import path

from portal import pages, urls

FAULTS = {400: SuspiciousOperation, 403: PermissionDenied, 404: Http404, 500: ValueError, 503: OperationalError}


@login_not_required
def go_wrong(request: HttpRequest, status: int) -> HttpResponse:
    """Fail in the way that leads to this status; 4031 is a form without its token."""
    if status in FAULTS:
        raise FAULTS[status]
    if status in (413, 429):
        return HttpResponse(status=status)
    return HttpResponseNotAllowed(["POST"]) if status == 405 else pages.csrf_failure(request)


urlpatterns = [*urls.urlpatterns, path("wrong/<int:status>/", go_wrong, name="went_wrong")]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500

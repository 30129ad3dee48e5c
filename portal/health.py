"""Is the process alive, and is it ready for members?"""

from socket import gethostname

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse

from payments.services import take_pulse

ASKED_EVERY = 30  # seconds, so that nobody can make us ask the gateway more often


@login_not_required
def live(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database and the cache answer, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        cache.get("ready")
    except Exception:
        return HttpResponse("not ready", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def gateway(request: HttpRequest) -> HttpResponse:
    """200 when the gateway takes our key and this host's clock agrees with its clock, else 503 and what is wrong."""
    wrong = cache.get_or_set(f"gateway-pulse-{gethostname()}", take_pulse, ASKED_EVERY)
    return HttpResponse(wrong or "ok", status=503 if wrong else 200, content_type="text/plain")

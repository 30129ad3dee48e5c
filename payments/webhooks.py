"""Where the gateway calls us: verify, file, answer. The work is done by a task."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments import services
from payments.gateway import gateway
from payments.gateway.port import Notice, NoticeRefused
from payments.tasks import work_off_event
from portal.shared.tasks import after_commit

log = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
@require_POST
def stripe(request: HttpRequest) -> HttpResponse:
    """Take one event. 400 unless the gateway signed these very bytes just now; 200 also for what we knew.

    500 when it could not be filed: the gateway sends it again.
    """
    try:
        return _answer(request)
    except DatabaseError as error:
        log.error("webhook not filed: %s", type(error).__name__)
        return HttpResponse(status=500)


def _answer(request: HttpRequest) -> HttpResponse:
    try:
        notice = _read(request)
    except NoticeRefused as refusal:
        log.warning("webhook refused: %s", refusal)
        services.count_refused(str(refusal))
        return HttpResponse(status=400)
    event = services.file_notice(notice)
    if event:
        after_commit(work_off_event, event.pk)
    return HttpResponse(status=200)


def _read(request: HttpRequest) -> Notice:
    """Return what the call says. Raises NoticeRefused, also for a body that is too long or breaks off."""
    try:
        body = request.body
    except (RequestDataTooBig, UnreadablePostError) as error:
        raise NoticeRefused("unreadable") from error
    return gateway().notice(body, request.headers.get("Stripe-Signature", ""))

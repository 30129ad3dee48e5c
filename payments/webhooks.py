"""Where the gateway calls us: verify, file, answer. The work is done by a task."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments import services
from payments.gateway import gateway
from payments.gateway.port import NoticeRefused
from payments.tasks import work_off_event
from portal.shared.tasks import after_commit

log = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
@require_POST
def stripe(request: HttpRequest) -> HttpResponse:
    """Take one event. 400 unless the gateway signed these very bytes just now; 200 also for what we knew."""
    try:
        notice = gateway().notice(request.body, request.headers.get("Stripe-Signature", ""))
    except NoticeRefused as refusal:
        log.warning("webhook refused: %s", refusal)
        return HttpResponse(status=400)
    event = services.file_notice(notice)
    if event:
        after_commit(work_off_event, event.pk)
    return HttpResponse(status=200)

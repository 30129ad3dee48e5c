"""Where the text service and the mail service call us: what became of a message, and what a member texted back."""

import base64
import hashlib
import hmac
import json
import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts import services
from portal.shared.sending import note_delivery

log = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
@require_POST
def twilio(request: HttpRequest) -> HttpResponse:
    """Take one call. 403 unless it was signed with our account's token for this very address and these words."""
    if not _is_signed(request):
        log.warning("text webhook refused")
        return HttpResponse(status=403)
    if "MessageStatus" in request.POST:
        _note_state(request)
        return HttpResponse(status=204)
    answer = services.answer_text(number=request.POST.get("From", ""), words=request.POST.get("Body", ""))
    page = render_to_string("text/answer.xml", {"answer": answer})
    return HttpResponse(page, content_type="text/xml")


@csrf_exempt
@login_not_required
@require_POST
def bounce(request: HttpRequest) -> HttpResponse:
    """Take word of one email that came back: JSON with `recipient` and `kind`, `permanent` or `transient`.

    403 without our shared secret as bearer token, 400 for what cannot be read; only a permanent one changes anything.
    """
    secret, given = settings.BOUNCE_WEBHOOK_SECRET, request.headers.get("Authorization", "")
    if not secret or not constant_time_compare(given, f"Bearer {secret}"):
        log.warning("bounce webhook refused")
        return HttpResponse(status=403)
    try:
        said = json.loads(request.body)
        recipient, kind = str(said["recipient"]), str(said["kind"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return HttpResponse(status=400)
    if kind == "permanent" and "\x00" not in recipient:
        services.note_dead_address(channel="email", address=recipient)
    return HttpResponse(status=204)


def _note_state(request: HttpRequest) -> None:
    number = request.GET.get("message", "")
    if number.isdecimal() and len(number) < 19:
        note_delivery(
            message_id=int(number),
            provider_id=request.POST.get("MessageSid", ""),
            state=request.POST["MessageStatus"],
            code=request.POST.get("ErrorCode", ""),
        )


def _is_signed(request: HttpRequest) -> bool:
    """Return whether the signature is Twilio's: the full address, then each name and value by name, HMAC-SHA1.

    The address is the one that we gave out; what the request says its host is does not count.
    """
    if not settings.TWILIO_AUTH_TOKEN:
        return False
    words = settings.SITE_URL + request.get_full_path()
    for name in sorted(request.POST):
        words += "".join(name + value for value in sorted(set(request.POST.getlist(name))))
    mac = hmac.new(settings.TWILIO_AUTH_TOKEN.encode(), words.encode(), hashlib.sha1)
    given = request.headers.get("X-Twilio-Signature", "")
    return constant_time_compare(base64.b64encode(mac.digest()).decode(), given)

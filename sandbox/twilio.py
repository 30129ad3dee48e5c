"""A stand-in for Twilio's message service: takes texts into the inbox, tells their state, and passes on replies.

Like Twilio it keeps who sent STOP and refuses texts to them (21610) until they send START. Numbers of its own:
+15005550001 is none (21211), +15005550009 is no mobile one (21614), and texts to +15005550003 never arrive (30003).
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from sandbox import events, inbox
from sandbox.errors import invalid
from sandbox.faults import Fault, faults
from sandbox.options import options
from sandbox.store import Object, store

KIND, CALL = "twilio_message", "twilio_call"
E164 = re.compile(r"\+[1-9]\d{7,14}")
LONGEST = 1600  # characters
REFUSED = {"+15005550001": 21211, "+15005550009": 21614}
UNREACHABLE = {"+15005550003": "30003"}
STOP_WORDS = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"}
START_WORDS = {"START", "YES", "UNSTOP"}


class Refusal(Exception):
    """An answer that is not a success, in Twilio's form."""

    def __init__(self, status: int, code: int, text: str) -> None:
        super().__init__(text)
        self.status, self.body = status, {"code": code, "message": text, "status": status}


@csrf_exempt
def messages(request: HttpRequest, account: str) -> HttpResponse:
    """Take a text (POST) or list them (GET), spoilt by the faults that are set for it."""
    spoilt = faults.for_call(request.method or "", request.path)
    try:
        _authenticate(request, account)
        _spoil(request, spoilt, "before")
        body = _take(request, account) if request.method == "POST" else _listed(request)
        _spoil(request, spoilt, "after")
    except Refusal as refusal:
        return JsonResponse(refusal.body, status=refusal.status)
    text = json.dumps(body).encode()
    if any(fault.kind == "truncate" for fault in spoilt):
        request.META["sandbox.hang_up"](text)
    return HttpResponse(text, status=201 if request.method == "POST" else 200, content_type="application/json")


def _authenticate(request: HttpRequest, account: str) -> None:
    given = request.headers.get("Authorization", "").removeprefix("Basic ")
    wanted = base64.b64encode(f"{account}:{options.twilio_token}".encode()).decode()
    if not account.startswith("AC") or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise Refusal(401, 20003, "Authenticate")


def _spoil(request: HttpRequest, spoilt: list[Fault], when: str) -> None:
    for fault in spoilt:
        if fault.when != when:
            continue
        if fault.kind == "delay":
            time.sleep(fault.seconds)
        elif fault.kind == "drop":
            request.META["sandbox.hang_up"]()
            raise Refusal(500, 20500, "The connection was dropped.")
        elif fault.kind == "status":
            code = 20429 if fault.status == 429 else 20500
            raise Refusal(fault.status, code, "A fault set in the sandbox.")


def _take(request: HttpRequest, account: str) -> Object:
    to, body = request.POST.get("To", ""), request.POST.get("Body", "")
    sender = request.POST.get("From") or request.POST.get("MessagingServiceSid")
    if not E164.fullmatch(to):
        raise Refusal(400, 21211, "The 'To' number is not a valid phone number.")
    if not sender:
        raise Refusal(400, 21603, "A 'From' phone number is required.")
    if not body or len(body) > LONGEST:
        raise Refusal(400, 21602 if not body else 21617, "The 'Body' is empty or too long.")
    if to in REFUSED:
        raise Refusal(400, REFUSED[to], "The 'To' number cannot get texts.")
    if to in stopped():
        raise Refusal(400, 21610, "Attempt to send to unsubscribed recipient")
    with store.change():
        inbox.keep_text(to, body)
        return _made(account, to, body, sender, request.POST.get("StatusCallback", ""))


def _made(account: str, to: str, body: str, sender: str, callback: str) -> Object:
    sid, now = "SM" + secrets.token_hex(16), datetime.now(UTC)
    facts: Object = {
        "sid": sid, "account_sid": account, "to": to, "from": sender, "body": body, "status": "queued",
        "direction": "outbound-api", "date_created": format_datetime(now), "date_sent": None, "error_code": None,
        "num_segments": str(1 + len(body) // 160), "uri": f"/2010-04-01/Accounts/{account}/Messages/{sid}.json",
    }  # fmt: skip
    store.save({"_kind": KIND, "id": sid, "_created": int(now.timestamp()), **facts})
    code = UNREACHABLE.get(to, "")
    tell_state(sid, "sent", "", callback)
    tell_state(sid, "undelivered" if code else "delivered", code, callback)
    return facts


def tell_state(sid: str, state: str, code: str = "", callback: str = "") -> Object:
    """Set the state of a text and call the portal about it, at the address that came with the text."""
    found = store.get(sid, KIND)
    if found is None:
        raise invalid(f"No such text: {sid}")
    url = callback or found.get("_callback", "")
    store.save({**found, "status": state, "error_code": int(code) if code else None, "_callback": url})
    form = {"MessageSid": sid, "SmsSid": sid, "AccountSid": found["account_sid"], "From": found["from"]}
    form |= {"To": found["to"], "MessageStatus": state, "SmsStatus": state, **({"ErrorCode": code} if code else {})}
    if url:
        _plan(url, form)
    return {"sid": sid, "status": state}


def state(params: dict[str, Any]) -> Object:
    """Tell the portal that the text `sid` is now in `state` (delivered, undelivered, failed), with an error `code`."""
    return tell_state(str(params.get("sid")), str(params.get("state")), str(params.get("code") or ""))


def incoming(params: dict[str, Any]) -> Object:
    """Let the owner of the number `from` text us the `body`: STOP and START are kept in mind, all is passed on."""
    number, body = str(params.get("from") or ""), str(params.get("body") or "")
    word = body.strip().upper()
    if word in STOP_WORDS:
        store.set_meta("stopped", sorted({*stopped(), number}))
    elif word in START_WORDS:
        store.set_meta("stopped", sorted(set(stopped()) - {number}))
    sid = "SM" + secrets.token_hex(16)
    form = {"MessageSid": sid, "SmsSid": sid, "AccountSid": "AC" + 32 * "5", "From": number, "To": "+15005550006"}
    _plan(f"{options.portal_urls[0]}/webhooks/twilio/", form | {"Body": body, "NumMedia": "0"})
    return {"stopped": stopped()}


def stopped() -> list[str]:
    """Return the numbers whose owners sent STOP."""
    found: list[str] = store.meta("stopped", [])
    return found


def _plan(url: str, form: dict[str, str]) -> None:
    call_id = "call_" + secrets.token_hex(12)
    store.save({"_kind": CALL, "id": call_id, "type": "text", "form": form, "_created": int(time.time())})
    events.plan_delivery(call_id, {"url": url, "secret": options.twilio_token})


def signature(url: str, form: dict[str, str], token: str) -> str:
    """Return the X-Twilio-Signature of a call: the address, then each name and value by name, HMAC-SHA1."""
    words = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), words.encode(), hashlib.sha1).digest()).decode()


def call_back(session: Any, url: str, secret: str, form: dict[str, str], timeout: float) -> Any:
    """Make one call to the portal, and put the message that it may answer with in the inbox."""
    headers = {"X-Twilio-Signature": signature(url, form, secret), "User-Agent": "TwilioProxy/1.1 (sandbox)"}
    answer = session.post(url, data=form, headers=headers, timeout=timeout, allow_redirects=False)
    said = re.search(r"<Message>(.*?)</Message>", answer.text, re.S) if answer.ok else None
    if said and form["From"] not in stopped():
        inbox.keep_text(form["From"], said[1].strip())
    return answer


def _listed(request: HttpRequest) -> Object:
    to, size = request.GET.get("To"), int(request.GET.get("PageSize", "50"))
    found = [one for one in store.all(KIND) if to in (None, one["to"])]
    shown = [{name: value for name, value in one.items() if name != "id" and name[0] != "_"} for one in found[:size]]
    return {"messages": shown, "page": 0, "page_size": size, "next_page_uri": None}

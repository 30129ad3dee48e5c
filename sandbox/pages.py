"""The pages people look at: start page, payment frame, bank pages, control panel and inbox."""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.csrf import csrf_exempt

from sandbox import clock, control, inbox, microdeposits, routes
from sandbox.errors import ApiError
from sandbox.faults import faults
from sandbox.numbers import EXPLAINED, ROUTING
from sandbox.options import HERE, options
from sandbox.store import Object, store
from sandbox.views_api import violations
from sandbox.views_control import deliveries

ASSETS = {"stripe.js": "text/javascript", "frame.js": "text/javascript", "sandbox.css": "text/css"}
LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


def asset(request: HttpRequest, name: str) -> HttpResponse:
    """Serve one of the three static files."""
    if name not in ASSETS:
        raise Http404
    response = HttpResponse((HERE / "assets" / name).read_bytes(), content_type=ASSETS[name] + "; charset=utf-8")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def index(request: HttpRequest) -> HttpResponse:
    """Show what is here."""
    return render(request, "sandbox/index.html", {"portal": options.portal_urls, "contract": bool(options.contract)})


def frame(request: HttpRequest) -> HttpResponse:
    """Show the payment form inside the portal's page."""
    parent = request.GET.get("parent", "")
    if parent not in options.portal_origins():
        return HttpResponse("This origin may not show the payment form.", status=403, content_type="text/plain")
    kinds = [kind for kind in request.GET.get("types", "card").split(",") if kind in ("card", "us_bank_account")]
    shown = [(number, text) for kind, number, text in EXPLAINED if kind in kinds]
    context = {"kinds": kinds, "parent": parent, "explained": shown, "routing": ROUTING}
    return render(request, "sandbox/frame.html", context)


def bridge(request: HttpRequest) -> HttpResponse:
    """Serve the unseen frame through which stripe.js asks for an intent on a page without a form."""
    parent = request.GET.get("parent", "")
    if parent not in options.portal_origins():
        return HttpResponse("This origin may not ask.", status=403, content_type="text/plain")
    return render(request, "sandbox/bridge.html", {"parent": parent})


def _intent(intent_id: str) -> Object:
    found = store.get(intent_id)
    if found is None or found["object"] not in ("payment_intent", "setup_intent"):
        raise Http404
    return found


@csrf_exempt
def authenticate(request: HttpRequest, intent_id: str) -> HttpResponse:
    """Play the bank's page: the holder confirms or does not, and goes back to the portal."""
    intent = _intent(intent_id)
    if request.method == "POST":
        with store.change():
            passed = request.POST.get("answer") == "complete"
            intent = routes.finish_authentication(intent, passed)
        return _back(intent)
    return render(request, "sandbox/authenticate.html", {"intent": intent, "amount": _dollars(intent)})


def _back(intent: Object) -> HttpResponse:
    """Send the payer to the return URL the way Stripe does."""
    target = urlsplit(intent.get("_return_url") or options.portal_urls[0])
    outcome = "succeeded" if intent["status"] in ("succeeded", "processing") else "failed"
    words = {intent["object"]: intent["id"], f"{intent['object']}_client_secret": intent["client_secret"]}
    query = urlencode({**words, "redirect_status": outcome})
    query = f"{target.query}&{query}" if target.query else query
    return HttpResponseRedirect(urlunsplit((target.scheme, target.netloc, target.path, query, target.fragment)))


@csrf_exempt
def deposits(request: HttpRequest, intent_id: str) -> HttpResponse:
    """Let the payer type in the two small deposits."""
    intent, problem = _intent(intent_id), ""
    if request.method == "POST":
        try:
            with store.change():
                try:
                    microdeposits.verify(intent, _deposits(request))
                except ApiError as error:
                    if not error.keep:
                        raise
                    problem = str(error)
        except ApiError as error:
            problem = str(error)
        intent = _intent(intent_id)
    action = (intent["next_action"] or {}).get("verify_with_microdeposits")
    arrives = action and datetime.fromtimestamp(action["arrival_date"], UTC).astimezone(clock.EASTERN)
    context = {
        "intent": intent, "amount": _dollars(intent), "problem": problem, "arrives": arrives,
        "return_url": intent.get("_return_url"),
    }  # fmt: skip
    return render(request, "sandbox/microdeposit.html", context)


def _deposits(request: HttpRequest) -> dict[str, Any]:
    if code := request.POST.get("code", "").strip():
        return {"descriptor_code": code}
    given = (request.POST.get("first", "").strip(), request.POST.get("second", "").strip())
    return {"amounts": [int(text) if text.isdigit() else -1 for text in given]}


def _dollars(intent: Object) -> str:
    return f"${intent['amount'] / 100:,.2f}" if "amount" in intent else ""


def panel(request: HttpRequest) -> HttpResponse:
    """Show the control panel."""
    payments = [_payment(intent) for intent in store.all("payment_intent")[:50]]
    context = {
        "payments": payments, "deliveries": deliveries(limit=40), "faults": faults.as_json(),
        "clock": control.perform("clock", {}), "done": request.GET.get("done"), "problem": request.GET.get("problem"),
        "paused": store.meta("paused", False), "endpoints": store.meta("endpoints", []), "violations": violations,
    }  # fmt: skip
    return render(request, "sandbox/panel.html", context)


def _payment(intent: Object) -> dict[str, Any]:
    charge = store.get(intent["latest_charge"] or "", "charge")
    detail: Object = charge["payment_method_details"] if charge else {"type": ""}
    about = detail.get(detail["type"]) or {}
    refunds = store.all("refund", charge=charge["id"]) if charge else []
    found = store.all("dispute", charge=charge["id"]) if charge else []
    return {
        "intent": intent, "amount": _dollars(intent), "charge": charge, "type": detail["type"],
        "waits_at": _waits_at(intent["next_action"] or {}),
        "name": about.get("brand") or about.get("bank_name") or "", "last4": about.get("last4", ""),
        "refunds": refunds, "disputes": found, "bank": detail["type"] == "us_bank_account",
        "created": datetime.fromtimestamp(intent["created"], UTC).astimezone(clock.EASTERN),
        "open_disputes": [one for one in found if one["status"] not in ("won", "lost", "warning_closed")],
    }  # fmt: skip


def _waits_at(action: Object) -> str:
    """Return the address of our page that a payer must visit next, or ''."""
    names = {
        "redirect_to_url": "url",
        "use_stripe_sdk": "stripe_js",
        "verify_with_microdeposits": "hosted_verification_url",
    }
    kind = action.get("type", "")
    return str(action[kind][names[kind]]) if kind in names else ""


@csrf_exempt
def press(request: HttpRequest) -> HttpResponse:
    """Do what a button of the panel says, and show the panel again."""
    if request.method != "POST":
        return HttpResponseRedirect("/panel")
    given = {name: str(value) for name, value in request.POST.items() if value and name != "action"}
    name = request.POST.get("action", "")
    params = {key: _number(value) for key, value in given.items()} if name == "faults" else given
    try:
        control.perform(name, params)
    except (ApiError, ValueError) as error:
        return HttpResponseRedirect("/panel?" + urlencode({"problem": str(error)}))
    return HttpResponseRedirect(
        "/inbox" if name in ("inbox/clear", "text/incoming") else "/panel?" + urlencode({"done": name})
    )


def _number(value: str) -> Any:
    if value in ("true", "false"):
        return value == "true"
    return int(value) if value.isdigit() else value


def mails(request: HttpRequest) -> HttpResponse:
    """Show the inbox, newest first."""
    rows = [{**message, "at": _local(message["received"])} for message in inbox.listed()]
    return render(request, "sandbox/inbox.html", {"messages": rows})


def mail(request: HttpRequest, number: int) -> HttpResponse:
    """Show one message with its links alive."""
    message = inbox.one(number)
    if message is None:
        raise Http404
    context = {"message": message, "text": linked(message["text"]), "at": _local(message["received"])}
    return render(request, "sandbox/message.html", context)


def mail_html(request: HttpRequest, number: int) -> HttpResponse:
    """Show a mail's HTML part alone; the guard's headers take its scripts away."""
    message = inbox.one(number)
    if message is None or not message["html"]:
        raise Http404
    return HttpResponse(message["html"])


def linked(text: str) -> SafeString:
    """Return plain text as HTML in which web addresses can be followed."""
    made, place = [], 0
    for match in LINK.finditer(text):
        address = conditional_escape(match.group())
        made += [conditional_escape(text[place : match.start()]), f'<a href="{address}" rel="noreferrer">{address}</a>']
        place = match.end()
    return mark_safe("".join([*made, conditional_escape(text[place:])]))  # every part is escaped


def _local(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(clock.EASTERN)

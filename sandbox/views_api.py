"""The API itself: keys, contract, faults, idempotency, then the function for the path, all in one transaction."""

import json
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from sandbox import clock, contract, events, forms, idempotency, lists, routes, tokens
from sandbox.errors import ApiError, invalid
from sandbox.faults import Fault, faults
from sandbox.options import options
from sandbox.store import new_id, public, store

SECRET, PUBLISHABLE = "sk_test_sandbox_", "pk_test_sandbox_"
calls: deque[dict[str, Any]] = deque(maxlen=2000)  # what was asked, without numbers
violations: list[dict[str, Any]] = []  # what we said against the contract


@dataclass
class Call:
    """One API call on its way through."""

    request: HttpRequest
    id: str = field(default_factory=lambda: new_id("req", 14))
    key: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    replayed: bool = False

    @property
    def body(self) -> str:
        return self.request.body.decode("utf-8", "replace")

    @property
    def query(self) -> str:
        return str(self.request.META.get("QUERY_STRING", ""))


@csrf_exempt
def api(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer any call under /v1/."""
    call = Call(request, key=request.headers.get("Idempotency-Key", "") if request.method == "POST" else "")
    try:
        status, body = _answer(call)
    except ApiError as error:
        status, body = error.status, error.body()
    return _respond(call, status, body)


def _answer(call: Call) -> tuple[int, dict[str, Any]]:
    request = call.request
    publishable = _authenticate(request)
    found = routes.find(request.method or "", request.path)
    is_frame = request.method == "POST" and request.path == "/v1/confirmation_tokens"
    _read(call, is_json=is_frame)
    call.faults = faults.for_call(request.method or "", request.path)
    if is_frame:
        with store.change():
            agent = request.headers.get("User-Agent", "unknown")
            return 200, public(tokens.from_frame(call.params, ip=str(request.META["REMOTE_ADDR"]), agent=agent))
    if found is None:
        raise ApiError(404, f"Unrecognized request URL ({request.method}: {request.path}).")
    if publishable and not (request.method == "GET" and call.params.get("client_secret")):
        raise ApiError(403, "This call needs a secret key.", code="secret_key_required")
    _check_request(call)
    answer, ids = found
    if not call.key:
        _spoil(call, "before")
        return _execute(call, answer, ids)
    idempotency.claim(call.key)
    try:
        _spoil(call, "before")
        return _once(call, answer, ids)
    finally:
        idempotency.release(call.key)


def _authenticate(request: HttpRequest) -> bool:
    """Check the key; return whether it is the publishable one."""
    given = request.headers.get("Authorization", "")
    key = given.removeprefix("Bearer ").strip()
    if key.startswith((PUBLISHABLE, SECRET)):
        return key.startswith(PUBLISHABLE)
    text = "Invalid API Key provided. The sandbox takes keys that begin with sk_test_sandbox_ and no others."
    raise ApiError(401, text)


def _read(call: Call, *, is_json: bool) -> None:
    """Read the parameters and note the call."""
    if is_json:
        try:
            call.params = json.loads(call.body)
        except ValueError as error:
            raise invalid("The body is not JSON.") from error
    else:
        call.params = forms.decode(call.body if call.request.method == "POST" else call.query)
    shown = forms.without_secrets(call.params)
    calls.append({
        "id": call.id, "at": time.time(), "method": call.request.method, "path": call.request.path, "params": shown,
        "idempotency_key": call.key or None, "stripe_version": call.request.headers.get("Stripe-Version"),
    })  # fmt: skip


def _check_request(call: Call) -> None:
    """Refuse what Stripe refuses: a parameter that was removed, and whatever the contract does not know."""
    if "payment_method_types" in call.params:
        text = "payment_method_types is no longer supported. Use allowed_payment_method_types instead."
        raise invalid(text, "payment_method_types", "payment_method_types_no_longer_supported")
    if not options.contract:
        return
    data, wrong = contract.load(options.contract).request(
        call.request.method or "", call.request.path, call.query, call.body
    )
    if wrong:
        unknown = "additional properties" in wrong[0].lower()
        raise invalid(f"Received unknown or wrong parameter: {wrong[0]}", code="parameter_unknown" if unknown else "")
    call.params = data


def _once(call: Call, answer: routes.Answer, ids: list[str]) -> tuple[int, dict[str, Any]]:
    """Execute a call with a key, or give the stored answer."""
    question = idempotency.digest(call.request.path, call.request.body)
    if stored := idempotency.recall(call.key, question):
        call.replayed = True
        return stored
    for fault in call.faults:
        if fault.kind == "status" and fault.saved:
            result = fault.status, _fault_body(fault)
            with store.change():
                if fault.when == "after":
                    _execute(call, answer, ids)
                idempotency.keep(call.key, question, *result)
            return result
    return _execute(call, answer, ids, question)


def _execute(call: Call, answer: routes.Answer, ids: list[str], question: str = "") -> tuple[int, dict[str, Any]]:
    """Change the state, check the answer and store it under the key, in one transaction."""
    with store.change():
        events.during(call.id, call.key or None)
        try:
            thing = answer(call.params, ids, call.request.path)
            status, body = 200, public(lists.expanded(thing, call.params.get("expand") or []))
        except ApiError as error:
            if not error.keep:
                raise
            status, body = error.status, public(error.body())
        finally:
            events.during("", None)
        _check_answer(call, status, body)
        if call.key and question:
            idempotency.keep(call.key, question, status, body)
    return status, body


def _check_answer(call: Call, status: int, body: dict[str, Any]) -> None:
    """Refuse to say what Stripe would not say; noted for the tests."""
    if options.contract:
        judge = contract.load(options.contract)
        wrong = judge.response(call.request.method or "", call.request.path, status, body)
        if wrong:
            note_violation(call.request.method or "", call.request.path, wrong)
            raise ApiError(500, f"The sandbox broke the contract: {wrong[0]}", kind="api_error")


def note_violation(method: str, path: str, wrong: list[str]) -> None:
    """Keep a sentence about what we said wrong."""
    violations.append({"at": clock.now(), "method": method, "path": path, "wrong": wrong})


def _spoil(call: Call, when: str) -> None:
    """Let the faults of this call happen that come before or after its effect."""
    for fault in call.faults:
        if fault.when != when:
            continue
        if fault.kind == "delay":
            time.sleep(fault.seconds)
        elif fault.kind == "drop":
            call.request.META["sandbox.hang_up"]()
            raise ApiError(500, "The connection was dropped.", kind="api_error")
        elif fault.kind == "status" and not (fault.saved and call.key):
            raise ApiError(fault.status, **_fault_error(fault))


def _fault_error(fault: Fault) -> dict[str, Any]:
    kinds = {429: "rate_limit", 409: "lock_timeout"}
    kind = "invalid_request_error" if fault.status in (400, 401, 403, 404, 409, 429) else "api_error"
    return {"message": "A fault set in the sandbox.", "kind": kind, "code": kinds.get(fault.status, "")}


def _fault_body(fault: Fault) -> dict[str, Any]:
    return ApiError(fault.status, **_fault_error(fault)).body()


def _respond(call: Call, status: int, body: dict[str, Any]) -> HttpResponse:
    """Send the answer, spoilt when a fault after the effect says so."""
    try:
        if status < 400 or not any(fault.when == "before" for fault in call.faults):
            _spoil(call, "after")
    except ApiError as error:
        status, body = error.status, error.body()
    text = json.dumps(body, indent=2).encode()
    response = HttpResponse(text, status=status, content_type="application/json")
    response["Request-Id"] = call.id
    response["Stripe-Version"] = call.request.headers.get("Stripe-Version", events.API_VERSION)
    if call.key:
        response["Idempotency-Key"] = call.key
    if call.replayed:
        response["Idempotent-Replayed"] = "true"
    for fault in call.faults:
        if fault.kind == "status" and fault.should_retry is not None:
            response["Stripe-Should-Retry"] = "true" if fault.should_retry else "false"
        if fault.kind == "clock":
            response["Date"] = http_date(time.time() + fault.seconds)
        if fault.kind == "truncate":
            call.request.META["sandbox.hang_up"](text)
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a path that is nowhere, in the API's form."""
    error = ApiError(404, f"Unrecognized request URL ({request.method}: {request.path}).")
    return HttpResponse(json.dumps(error.body()), status=404, content_type="application/json")

"""Headers of every page, and a stop for other sites that would press our buttons."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from sandbox.options import options

OWN = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
OWN += "base-uri 'none'"
FRAMED = ("/frame", "/bridge")


class Guard:
    """Django middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse foreign hosts and cross-site writes; then answer with strict headers."""
        host = request.META.get("HTTP_HOST", "").rsplit(":", 1)[0]
        if host not in ("127.0.0.1", "localhost"):
            return JsonResponse({"error": {"type": "invalid_request_error", "message": "Unknown host."}}, status=400)
        if request.method not in ("GET", "HEAD") and request.headers.get("Sec-Fetch-Site") == "cross-site":
            return JsonResponse({"error": {"type": "invalid_request_error", "message": "Not from there."}}, status=403)
        response = self.get_response(request)
        ancestors = " ".join(options.portal_origins()) if request.path in FRAMED else "'none'"
        mail = request.path.startswith("/inbox/") and request.path.endswith("/html")
        # A mail's HTML is shown without scripts, in a sandboxed frame of ours, with its own styles.
        policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox" if mail else f"{OWN}; form-action 'self'"
        if request.path.startswith("/3ds/"):
            policy = policy.replace("form-action 'self'", "form-action 'self' " + " ".join(options.portal_origins()))
        ancestors = "'self'" if mail else ancestors
        frames = "; frame-src 'self'" if request.path.startswith("/inbox/") and not mail else ""
        response["Content-Security-Policy"] = f"{policy}{frames}; frame-ancestors {ancestors}"
        response["X-Content-Type-Options"] = "nosniff"
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "no-store"
        return response

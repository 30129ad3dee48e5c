"""Shows a browser what Django's client got, from a server that knows one page at a time; files stay in its cache."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
from django.contrib.staticfiles import finders
from django.http import HttpResponse

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BY_LOOK = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
"""The rules whose answer can change with colours and width alone."""
QUICK = {"resultTypes": ["violations"], "preload": False, "iframes": False}
RUN = """async (options) => (await axe.run(document, options)).violations.map(
    (rule) => rule.id + " (" + rule.help + "): " + rule.nodes[0].html.slice(0, 160))"""


@cache
def file_of(path: str) -> bytes:
    """Return a static file, or what stands in for the gateway's script."""
    if path == "/axe.js":
        return AXE.read_bytes()
    return Path(finders.find(path.removeprefix("/static/"))).read_bytes() if path.startswith("/static/") else b""


class Stage:
    """One browser page, and the server that it looks at."""

    def __init__(self, browser: Any, url: str) -> None:
        self.url, self.body = url, b""
        # the policy of the page is not in force here, so that axe may be fetched like any other file
        context = browser.new_context(locale="en-US", timezone_id="America/New_York", bypass_csp=True)
        self.page = context.new_page()
        self.page.set_default_timeout(15_000)  # milliseconds

    def show(self, answer: HttpResponse) -> None:
        """Open the page; axe-core comes with it."""
        self.body = answer.content.replace(b"</body>", b'<script src="/axe.js"></script></body>')
        self.page.goto(self.url + answer.wsgi_request.get_full_path())

    def look(self, scheme: str, width: int) -> None:
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_viewport_size({"width": width, "height": 800})

    def axe(self, rules: list[str] | None = None) -> list[str]:
        """Return what axe-core finds at level A, AA and of best practice, or with these rules alone."""
        only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": LEVELS}
        return self.page.evaluate(RUN, {"runOnly": only, **QUICK})


@contextmanager
def raised(browser: Any) -> Iterator[Stage]:
    """Set up a stage for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            is_file = path.startswith("/static/") or path.endswith(".js")
            body = file_of(path) if is_file else stage.body
            kind = (guess_type(path)[0] or "") if is_file else "text/html; charset=utf-8"
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "max-age=600" if is_file else "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    stage = Stage(browser, f"http://127.0.0.1:{server.server_port}")
    yield stage
    stage.page.context.close()
    server.shutdown()
    server.server_close()

"""Shows a browser what Django's client got: one document that is written anew for each page, so that axe-core, style
sheet and letters are fetched and made ready once."""

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
EMPTY = b'<!doctype html><html lang="en"><title>Empty</title><script src="/axe.js"></script></html>'
WRITE = """async ([path, page]) => {
    history.replaceState(null, "", path);
    document.open();
    document.write(page);
    document.close();
    if (document.readyState !== "complete") await new Promise((done) => addEventListener("load", done, { once: true }));
    const sheets = [...document.querySelectorAll("link[rel=stylesheet]")];  // a page that is written waits for none
    while (sheets.some((link) => !link.sheet)) await new Promise((done) => setTimeout(done, 1));
    document.body.getBoundingClientRect();  // so that the letters are asked for
    await document.fonts.ready;
}"""
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BY_LOOK = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
"""The rules whose answer can change with colours and width alone."""
QUICK = {"resultTypes": ["violations"], "preload": False, "iframes": False}
RUN = """async (options) => (await axe.run(document, options)).violations.map(
    (rule) => rule.id + " (" + rule.help + "): " + rule.nodes[0].html.slice(0, 160))"""


@cache
def file_of(path: str) -> bytes:
    """Return a static file, axe-core, the empty document, or what stands in for the gateway's script."""
    if path.startswith("/static/"):
        return Path(finders.find(path.removeprefix("/static/"))).read_bytes()
    return AXE.read_bytes() if path == "/axe.js" else EMPTY if path == "/" else b""


class Stage:
    """One browser page, and the server from which it has its files."""

    def __init__(self, browser: Any, url: str) -> None:
        self.url = url
        # the policy of the page is not in force here, so that axe may be fetched like any other file
        context = browser.new_context(locale="en-US", timezone_id="America/New_York", bypass_csp=True)
        self.page = context.new_page()
        self.page.set_default_timeout(15_000)  # milliseconds
        self.devtools = context.new_cdp_session(self.page)
        self.page.goto(f"{url}/")

    def show(self, answer: HttpResponse, page: str = "") -> None:
        """Show what the client got, or this page in its place, when its scripts have run and its letters are there."""
        self.page.evaluate(WRITE, [answer.wsgi_request.get_full_path(), page or answer.content.decode()])

    def look(self, scheme: str, width: int) -> None:
        """Turn it light or dark, and make it so many pixels wide."""
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.devtools.send("Emulation.setEmulatedMedia", {"features": features})
        self.devtools.send("Emulation.setDeviceMetricsOverride", size)

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
            body = file_of(path)
            self.send_response(200)
            self.send_header("Content-Type", guess_type(path)[0] or "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "max-age=600")
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

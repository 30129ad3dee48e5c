"""Starts the sandbox: `python -m sandbox --allow-development`. Each option may come from SANDBOX_<NAME> too."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from sandbox import clock, inbox, server
from sandbox.options import Options, configure_django, options
from sandbox.sender import sender
from sandbox.store import store

TRUE = ("1", "true", "yes", "on")


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    """Read the command line and the environment."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)

    def option(name: str, default: Any, text: str, kind: type = str) -> None:
        given = os.environ.get("SANDBOX_" + name.replace("-", "_").upper(), default)
        parser.add_argument(f"--{name}", default=given, type=kind, help=f"{text} (now: {given})")

    option("port", 8001, "port of the API and the pages; 0 for a free one", int)
    option("smtp-port", 8025, "port that takes the portal's mail; 0 for a free one", int)
    option("data", ".data/sandbox", "folder of the sandbox's file")
    option("webhook-url", "http://127.0.0.1:8000/webhooks/stripe/", "where events are sent; empty for nowhere")
    option("webhook-secret", Options.webhook_secret, "secret that signs them")
    option("twilio-token", Options.twilio_token, "token of the text service's account")
    option("portal-url", "http://127.0.0.1:8000", "origins that may show the payment form, with commas between")
    allowed = os.environ.get("SANDBOX_ALLOW_DEVELOPMENT", "").lower() in TRUE
    parser.add_argument("--allow-development", action="store_true", default=allowed, help="needed")
    return parser.parse_args(words)


def main() -> int:
    """Run until told to stop; 2 when it cannot start."""
    given = arguments()
    if not given.allow_development:
        return _refuse("The sandbox is for development and tests only. Start it with --allow-development.")
    options.data = Path(given.data)
    options.webhook_url, options.webhook_secret = given.webhook_url, given.webhook_secret
    options.twilio_token = given.twilio_token
    options.portal_urls = [url.strip() for url in given.portal_url.split(",") if url.strip()]
    options.contract = os.environ.get("STRIPE_CONTRACT", "")
    configure_django()
    return _run(given.port, given.smtp_port)


def _run(port: int, smtp_port: int) -> int:
    try:
        web = server.listen(port)
    except OSError as error:
        return _refuse(f"Port {port} cannot be used ({error.strerror}). Stop the other program or choose --port.")
    try:
        mail = inbox.start(smtp_port)
    except OSError as error:
        return _refuse(f"Port {smtp_port} cannot be used ({error.strerror}). Choose another with --smtp-port.")
    options.url = f"http://127.0.0.1:{web.server_port}"
    options.data.mkdir(parents=True, exist_ok=True)
    store.open(options.data / "sandbox.sqlite3")
    place = {"url": options.webhook_url, "secret": options.webhook_secret}
    store.set_meta("endpoints", [place] if options.webhook_url else [])
    workers = [threading.Thread(target=work, daemon=True) for work in (sender.run, _tick, web.serve_forever)]
    for worker in workers:
        worker.start()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    print(f"sandbox ready {options.url} smtp 127.0.0.1:{mail.port}", flush=True)  # noqa: T201 (the ready line)
    ended.wait()
    sender.stopping.set()
    web.server_close()
    return 0


def _tick() -> None:
    """Set off the alarms that real time reaches."""
    while not sender.stopping.wait(0.5):
        clock.run_due()


def _refuse(text: str) -> int:
    print(text, file=sys.stderr)  # noqa: T201 (for the person who started it)
    return 2


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # a delivery that is still waiting for an answer must not hold us up

"""Processes of the portal that can be killed: one that is ready forks another for every order, and says how it ended.

An order is a line of JSON: {"act": ..., "die_at": ..., and what the act needs}. The answer is a line with the process
id, and one with its exit status once it has ended (below zero: the signal that killed it).
"""

import json
import os
import sys
import traceback
from typing import Any

import django
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.utils.module_loading import import_string

SETTINGS = ("SITE_URL", "EMAIL_HOST", "EMAIL_PORT")


def post(order: dict[str, Any]) -> None:
    """Press a button of a page, as the browser that holds this session."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = order["session"]
    client.post(order["path"], order["data"])


def run(order: dict[str, Any]) -> None:
    """Run a task as a worker would."""
    import_string(order["task"])(*order["arguments"])


def serve(order: dict[str, Any]) -> None:
    """Answer on a port until killed."""
    server = ThreadedWSGIServer(("127.0.0.1", order["port"]), WSGIRequestHandler)
    server.set_app(get_wsgi_application())
    server.serve_forever()


ACTS = {"post": post, "run": run, "serve": serve}


def obey(order: dict[str, Any]) -> None:
    """Do one order, in the forked process."""
    status = 1
    try:
        settings.DIE_AT = order["die_at"]
        ACTS[order["act"]](order)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def main() -> None:
    """Get ready, then fork a process an order."""
    django.setup()
    for name, value in json.loads(sys.argv[1]).items():
        setattr(settings, name, value)
    get_wsgi_application()
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            obey(json.loads(line))
        print(pid, flush=True)  # noqa: T201
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()

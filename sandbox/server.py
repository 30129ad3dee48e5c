"""The web server: Django's own threaded one, with kept connections, few words, and a way to hang up on purpose."""

import contextlib
import socket
import sys
from collections.abc import Callable
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application


class Handler(WSGIRequestHandler):
    """Adds `sandbox.hang_up` to the request: close the connection, perhaps after half an answer."""

    disable_nagle_algorithm = True  # headers and body go out as two packets; do not wait between them

    def get_environ(self) -> dict[str, Any]:
        """Return the request's environment."""
        environ: dict[str, Any] = super().get_environ()
        environ["sandbox.hang_up"] = self._hang_up()
        return environ

    def _hang_up(self) -> Callable[..., None]:
        connection: Any = self.connection  # the stubs say it is a request

        def hang_up(body: bytes = b"") -> None:
            with contextlib.suppress(OSError):
                if body:
                    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                    connection.sendall(head.encode() + body[: len(body) // 2])
                connection.shutdown(socket.SHUT_RDWR)

        return hang_up

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing; the control pages keep the calls."""


class Server(ThreadedWSGIServer):
    """One thread per connection, none of which holds up the end."""

    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print what went wrong, unless the other side or we hung up."""
        error = sys.exc_info()[1]
        if not isinstance(error, (OSError, ValueError)):
            super().handle_error(request, client_address)


def listen(port: int) -> Server:
    """Bind to the loopback address. Raises OSError when the port is taken."""
    server = Server(("127.0.0.1", port), Handler)
    server.set_app(get_wsgi_application())
    return server

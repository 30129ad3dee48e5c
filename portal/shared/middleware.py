"""The true client address, and no private page in any cache."""

import ipaddress
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

View = Callable[[HttpRequest], HttpResponse]


class ClientAddressMiddleware:
    """Sets request.client_address: the right-most hop that is not one of our own proxies.

    X-Forwarded-For counts only when the connection itself comes from TRUSTED_PROXIES; else it changes nothing.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response
        self.trusted = [ipaddress.ip_network(entry) for entry in settings.TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.client_address = self._address(request)  # type: ignore[attr-defined]  # our own mark on it
        return self.get_response(request)

    def _address(self, request: HttpRequest) -> str:
        address = request.META.get("REMOTE_ADDR") or "127.0.0.1"
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        while self._is_ours(address) and hops:
            candidate = hops.pop()
            if not _is_address(candidate):
                break
            address = candidate
        return address

    def _is_ours(self, address: str) -> bool:
        return _is_address(address) and any(ipaddress.ip_address(address) in network for network in self.trusted)


def address_of(request: HttpRequest) -> str:
    """Return the client address that ClientAddressMiddleware found."""
    address: str = request.client_address  # type: ignore[attr-defined]  # the mark made above
    return address


V = TypeVar("V", bound=Callable[..., HttpResponseBase])


def takes_files(view: V) -> V:
    """Mark a view as one that takes files. Every other one is sent no more than a form without files."""
    view.takes_files = True  # type: ignore[attr-defined]  # our own mark on the view
    return view


class PrivateByDefaultMiddleware:
    """Private pages are never stored, by a browser or on the way; public ones say nothing of it."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated or response.has_header("Set-Cookie") or request.method == "POST":
            patch_cache_control(response, no_store=True, private=True)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), usb=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True

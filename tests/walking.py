"""The addresses of every page that someone can open, found from the URLs themselves, so that no new page is missed."""

from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from bench.pages import Member


def names(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    """Return the names of all addresses but admin's."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if not hasattr(pattern, "url_patterns"):
            if pattern.name:
                yield prefix + pattern.name
        elif pattern.namespace != "admin":
            yield from names(pattern, prefix + (f"{pattern.namespace}:" if pattern.namespace else ""))


def pages_of(client: Client, member: Member | None = None) -> dict[str, str]:
    """Return each page that this browser is shown: those without a number in their address, and the member's own."""
    found = member.pages() if member else {}
    for name in sorted(set(names()) - set(found)):
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        answer = client.get(address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            found[name] = address
    return found

"""Whose network address counts."""

import pytest
from django.http import HttpResponse

from portal.shared.middleware import ClientAddressMiddleware, address_of


def seen(rf, settings, *, proxies=(), remote="192.0.2.1", forwarded=None):
    settings.TRUSTED_PROXIES = list(proxies)
    request = rf.get("/", REMOTE_ADDR=remote, **({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}))
    ClientAddressMiddleware(lambda _: HttpResponse())(request)
    return address_of(request)


def test_without_trusted_proxies_a_forwarded_address_changes_nothing(rf, settings):
    assert seen(rf, settings, forwarded="198.51.100.7") == "192.0.2.1"


def test_a_proxy_that_is_not_ours_is_not_believed(rf, settings):
    assert seen(rf, settings, proxies=["10.0.0.0/8"], forwarded="198.51.100.7") == "192.0.2.1"


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("2001:db8::7", "2001:db8::7"),
        (" 198.51.100.7 ,", "198.51.100.7"),
        ("not an address", "10.0.0.1"),
        ("198.51.100.7, unknown", "10.0.0.1"),
        (None, "10.0.0.1"),
    ],
)
def test_behind_our_proxies_the_last_hop_that_is_not_ours_counts(rf, settings, forwarded, client):
    assert seen(rf, settings, proxies=["10.0.0.0/8"], remote="10.0.0.1", forwarded=forwarded) == client


def test_a_connection_without_an_address_still_has_one(rf, settings):
    assert seen(rf, settings, remote="") == "127.0.0.1"

"""What a log-in costs, beside one bare Argon2 hash of the same strength measured in the same run."""

import statistics
import time
from collections.abc import Callable

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client, override_settings
from django.urls import reverse

from tests import factories

ROUNDS = 9
ARGON2 = "django.contrib.auth.hashers.Argon2PasswordHasher"


@override_settings(PASSWORD_HASHERS=[ARGON2])
def measure() -> int:
    """Print the figures. They have no limit: a password is meant to be dear."""
    factories.user(username="benchlogin")
    hasher = Argon2PasswordHasher()
    encoded = hasher.encode("a bare hash to compare with", hasher.salt())
    bare, right, unknown = _milliseconds(
        lambda: hasher.verify("a bare hash to compare with", encoded),
        lambda: _try("benchlogin", factories.PASSWORD),
        lambda: _try("nobody here", "a wrong password it is"),
    )
    print(f"\n{'log-in':<28}{'ms':>10}{'of one bare hash':>20}")
    for name, milliseconds in (("bare Argon2 hash", bare), ("right password", right), ("unknown name", unknown)):
        print(f"{name:<28}{milliseconds:>10.1f}{milliseconds / bare:>20.2f}")
    return 0


def _try(username: str, password: str) -> None:
    Client().post(reverse("accounts:login"), {"username": username, "password": password})


def _milliseconds(*acts: Callable[[], object]) -> list[float]:
    """Return the median of each, taken in turn so that a busy moment falls on all of them."""
    times: list[list[float]] = [[] for _ in acts]
    for _ in range(ROUNDS):
        for act, own in zip(acts, times, strict=True):
            start = time.perf_counter()
            act()
            own.append((time.perf_counter() - start) * 1000)
    return [statistics.median(own) for own in times]

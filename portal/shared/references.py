"""Numbers that people read to each other over the phone: no look-alikes, one check character."""

import secrets

ALPHABET = "23456789ACDEFHJKMPRTWXY"  # 23 characters, a prime number: the check finds any slip or swap
LENGTH = 11


def new_reference() -> str:
    """Return a fresh random reference of ten characters and a check character (about 45 random bits)."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + _check(body)


def clean_reference(typed: str) -> str | None:
    """Return the reference a person meant (any case, spaces or hyphens), or None when it cannot be one."""
    text = "".join(character for character in typed.upper() if character not in " -\u2013\u2014")
    if len(text) != LENGTH or any(character not in ALPHABET for character in text):
        return None
    return text if _check(text[:-1]) == text[-1] else None


def spaced(reference: str) -> str:
    """Return the reference in groups for reading: 'ABCD-EFGH-JKM'."""
    return "-".join((reference[:4], reference[4:8], reference[8:]))


def _check(body: str) -> str:
    total = sum(weight * ALPHABET.index(character) for weight, character in enumerate(body, start=2))
    return ALPHABET[-total % len(ALPHABET)]

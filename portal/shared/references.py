"""Numbers that people read to each other over the phone: no look-alikes, one check character."""

import secrets

ALPHABET = "23456789ACDEFHJKMPRTWXY"  # 23 characters, a prime number: the check finds any slip or swap
LENGTH = 11
PROOF_LENGTH = 15  # a code opens something to a stranger: 63 random bits


def new_reference(length: int = LENGTH) -> str:
    """Return a fresh random reference: characters without look-alikes (4.5 random bits each), and one to check them."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(length - 1))
    return body + _check(body)


def new_proof_code() -> str:
    """Return a fresh code with which a stranger may look at one payment."""
    return new_reference(PROOF_LENGTH)


def clean_reference(typed: str, length: int = LENGTH) -> str | None:
    """Return the reference a person meant (any case, spaces or hyphens), or None when it cannot be one."""
    text = "".join(character for character in typed.upper() if character not in " -\u2013\u2014")
    if len(text) != length or any(character not in ALPHABET for character in text):
        return None
    return text if _check(text[:-1]) == text[-1] else None


def spaced(reference: str) -> str:
    """Return the reference in groups for reading: 'ABCD-EFGH-JKM'."""
    return "-".join(reference[start : start + 4] for start in range(0, len(reference), 4))


def _check(body: str) -> str:
    total = sum(weight * ALPHABET.index(character) for weight, character in enumerate(body, start=2))
    return ALPHABET[-total % len(ALPHABET)]

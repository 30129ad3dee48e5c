"""Links that prove an email address or end reminders to it, and codes that prove a phone."""

import secrets

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

_SALT = "accounts.confirm-email"
_UNSUBSCRIBE = "accounts.unsubscribe-reminders"
_DIGEST_SALT = "accounts.secret"


def confirmation_token(user: User) -> str:
    """Return the secret of a confirmation link; it dies when used, when replaced, and after the time limit."""
    return signing.dumps([user.pk, _state(user)], salt=_SALT)


def owner_of(token: str) -> int | None:
    """Return the primary key that a confirmation token was made for, or None when it is false or too old."""
    return _read(token)[0]


def is_confirmation_of(token: str, user: User) -> bool:
    """Return whether a token was made for the account as it is now."""
    pk, state = _read(token)
    return pk == user.pk and constant_time_compare(state, _state(user))


def unsubscribe_token(user_id: int) -> str:
    """Return the secret of a log-in's link that turns its email reminders off; it never ends (RFC 8058)."""
    return signing.Signer(salt=_UNSUBSCRIBE).sign_object(user_id)


def unsubscriber(token: str) -> int | None:
    """Return the primary key that an unsubscribe link was made for, or None when it is false."""
    try:
        user_id: int = signing.Signer(salt=_UNSUBSCRIBE).unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    return user_id


def _read(token: str) -> tuple[int | None, str]:
    try:
        pk, state = signing.loads(token, salt=_SALT, max_age=settings.EMAIL_CONFIRMATION_TIMEOUT)
    except signing.BadSignature:
        return None, ""
    return pk, state


def _state(user: User) -> str:
    seen = f"{user.pk} {user.email} {user.email_confirmed_at} {user.password}"
    return salted_hmac(_SALT, seen, algorithm="sha256").hexdigest()[:32]


def new_code() -> str:
    """Return six digits that nobody can foresee."""
    return f"{secrets.randbelow(1_000_000):06d}"


def secret_digest(purpose: str, secret: str, *bound: object) -> str:
    """Return what is kept of a secret that was sent: of no use without our key, or once what it is bound to changed."""
    seen = " ".join(map(str, (purpose, *bound, secret)))
    return salted_hmac(_DIGEST_SALT, seen, algorithm="sha256").hexdigest()

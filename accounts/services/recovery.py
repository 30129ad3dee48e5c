"""Forgotten passwords and usernames, and every other answer that goes by email alone."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts import lockout, notices
from accounts.models import Inquiry, User
from accounts.selectors import login_for, member_for, user_named, users_with_email
from accounts.services.sessions import drop_sessions
from portal.shared import audit

_Kind = Inquiry.Kind


class StaleLink(Exception):
    """The link to choose a new password was used, replaced, or is too old."""


def ask(*, kind: str, typed: str, language: str = "en") -> Inquiry:
    """Write down what was asked without looking whether anything fits it; `answer` does that, out of the request."""
    return Inquiry.objects.create(kind=kind, typed=typed[:254], language=language)


def answer(*, inquiry_id: int) -> None:
    """Send what the asker is entitled to, to the address on file alone, and forget the inquiry."""
    with transaction.atomic():
        inquiry = Inquiry.objects.select_for_update(skip_locked=True).filter(pk=inquiry_id).first()
        if inquiry is None:
            return
        _post(inquiry)
        inquiry.delete()


@sensitive_variables("password")
def reset_password(*, user_id: int, token: str, password: str, by_phone: bool = False) -> None:
    """Give the account the password that its owner chose by a link, or by a code; it and all open sessions end.

    Lifts the lock where RESET_LIFTS_LOCK says so. Raises StaleLink.
    """
    fresh = User()
    fresh.set_password(password)  # slow; so before the row is locked
    with transaction.atomic():
        locked = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
        if locked is None or not default_token_generator.check_token(locked, token):
            raise StaleLink
        locked.password = fresh.password
        locked.save(update_fields=["password"])
        if settings.RESET_LIFTS_LOCK and lockout.release(locked):
            notices.account_unlocked(locked, key=_key("unlocked", locked))
        audit.record("reset_password_by_phone" if by_phone else "reset_password", locked)
        notices.password_changed(locked, key=_key("password-changed", locked))
    drop_sessions(locked)


def _post(inquiry: Inquiry) -> None:
    key = f"inquiry:{inquiry.pk}"
    if inquiry.kind == _Kind.PASSWORD:
        _post_password(user_named(inquiry.typed), key)
    elif inquiry.kind == _Kind.USERNAME:
        notices.username_reminder(users_with_email(inquiry.typed).exclude(email_confirmed_at=None), key=key)
    elif inquiry.kind == _Kind.CONFIRMATION:
        for waiting in users_with_email(inquiry.typed).filter(email_confirmed_at=None):
            notices.confirm_email(waiting, key=f"{key}:{waiting.pk}")
    elif inquiry.kind == _Kind.REGISTRATION:
        member = member_for(inquiry.typed)
        user = login_for(member) if member else None
        if user:
            notices.already_registered(user, key=key)


def _post_password(user: User | None, key: str) -> None:
    """An address that was never confirmed may be a stranger's: it gets no link that opens the account."""
    if user and user.email_confirmed_at:
        notices.password_reset(user, key=key)
    elif user:
        notices.confirm_email(user, key=key)


def _key(what: str, user: User) -> str:
    return f"{what}:{user.pk}:{timezone.now():%Y%m%d%H%M%S%f}"

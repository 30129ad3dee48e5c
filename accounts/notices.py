"""What the owner of a log-in is told, by email and, where it was chosen, by text.

No message holds a name, a MassHealth ID or a coverage, and no subject names the program; only the sender's name does.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import ContactChange, ContactKind, Kind, PendingContact, PhoneRecovery, User
from accounts.selectors import text_consent
from accounts.tokens import confirmation_token, unsubscribe_token
from portal.shared.messages import post, post_text

Notice = Callable[..., None]  # (user, *, key)


def confirm_email(user: User, *, key: str) -> None:
    """Send the link that confirms the address; `key` names the occasion, so that it is sent once."""
    url = _url("accounts:email_confirm", confirmation_token(user))
    hours = settings.EMAIL_CONFIRMATION_TIMEOUT // 3600
    _post("confirm_email", user, key=key, confirm_url=url, days=max(1, hours // 24))


def already_registered(user: User, *, key: str) -> None:
    """Tell the owner that someone tried to register with their details."""
    _post("already_registered", user, key=key)


def password_reset(user: User, *, key: str) -> None:
    """Send the link to choose a new password."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    url = _url("accounts:password_reset", uid, default_token_generator.make_token(user))
    _post("password_reset", user, key=key, reset_url=url, minutes=settings.PASSWORD_RESET_TIMEOUT // 60)


def password_changed(user: User, *, key: str) -> None:
    """Tell the owner that the password is a new one."""
    _post("password_changed", user, key=key)
    by_text(user, Kind.PASSWORD_CHANGED, key=key)


def username_reminder(users: Iterable[User], *, key: str) -> None:
    """Send all the usernames that belong to one email address, in one message to it."""
    users = list(users)
    if users:
        _post("username_reminder", users[0], key=key, usernames=[user.username for user in users])


def account_locked(user: User) -> None:
    """Tell the owner that wrong passwords locked the account, once for each lock."""
    key = f"locked:{user.pk}:{user.locked_at:%Y%m%d%H%M%S%f}"
    _post(
        "account_locked",
        user,
        key=key,
        release_minutes=settings.LOCKOUT_RELEASE_MINUTES,
        reset_lifts=settings.RESET_LIFTS_LOCK,
    )
    by_text(user, Kind.ACCOUNT_LOCKED, key=key)


def account_unlocked(user: User, *, key: str) -> None:
    """Tell the owner that support unlocked the account."""
    _post("account_unlocked", user, key=key)
    by_text(user, Kind.ACCOUNT_LOCKED, key=key, template="account_unlocked")


def by_text(user: User, kind: str, *, key: str, template: str = "", context: dict[str, object] | None = None) -> None:
    """Queue a text beside what goes by email, if the owner chose it and agreed to texts; never in quiet hours.

    Rendered from templates/text/<template, else kind>.txt.
    """
    consent = text_consent(user, kind)
    if consent:
        post_text(
            key=f"{key}:text",
            kind=template or kind,
            to=consent.number,
            language=user.language,
            context=context,
            keeps_hours=True,
            about={"consent": consent.pk},
        )


def unsubscribe_url(user_id: int) -> str:
    """Return the address at which one click ends a log-in's email reminders."""
    return _url("accounts:unsubscribe", unsubscribe_token(user_id))


def two_step_on(user: User, *, key: str) -> None:
    """Tell the owner that every log-in asks for a code from now on."""
    _post("two_step_on", user, key=key)


def two_step_off(user: User, *, key: str) -> None:
    """Tell the owner that the password alone logs in from now on."""
    _post("two_step_off", user, key=key)


def two_step_removed(user: User, *, key: str) -> None:
    """Tell the owner that support took the second step off."""
    _post("two_step_removed", user, key=key)


def recovery_code_used(user: User, *, key: str, left: int) -> None:
    """Tell the owner that a recovery code logged in, and how many are left."""
    _post("recovery_code_used", user, key=key, left=left)


def recovery_codes_new(user: User, *, key: str) -> None:
    """Tell the owner that the old recovery codes are void."""
    _post("recovery_codes_new", user, key=key)


def prove_new_email(pending: PendingContact, secret: str, *, key: str) -> None:
    """Send the link that proves a new email address, to that address."""
    hours = settings.CONTACT_LINK_SECONDS // 3600
    url = _url("accounts:contact_email_confirm", secret)
    _post("prove_email", pending.user, key=key, to=pending.value, confirm_url=url, hours=hours)


def prove_phone(pending: PendingContact, code: str, *, key: str) -> None:
    """Send the code that proves a phone number: to a mobile phone by text, for any other one by email."""
    user, minutes = pending.user, settings.CODE_SECONDS // 60
    if pending.is_by_text:
        facts = {"code": code, "minutes": minutes}
        _text("phone_code", pending.value, user, key=key, not_after=pending.expires_at, **facts)
    else:
        _post("phone_code", user, key=key, code=code, minutes=minutes)


def recovery_code(user: User, code: str, recovery: PhoneRecovery) -> None:
    """Send the code with which someone gets back in, to the proved mobile phone."""
    facts = {"code": code, "minutes": settings.CODE_SECONDS // 60}
    _text("recovery_code", recovery.phone, user, key=f"recovery:{recovery.pk}", not_after=recovery.expires_at, **facts)


def recovered_by_phone(user: User, recovery_id: int, *, is_password: bool) -> None:
    """Tell the owner by email that a code by text was used."""
    _post("recovered_by_phone", user, key=f"recovered:{recovery_id}:{user.pk}", is_password=is_password)


def email_change_asked(user: User, *, key: str) -> None:
    """Tell the address in force that another one is asked for."""
    _post("email_change_asked", user, key=key)


def contact_changed(change: ContactChange) -> None:
    """Tell the owner what counts now: at the address in force, and at the old ones where these changed."""
    user, key = change.user, f"contact-changed:{change.pk}"
    what = ContactKind(change.kind).label
    _post("contact_changed", user, key=key, what=what)
    by_text(user, Kind.CONTACT_CHANGED, key=key)
    if change.kind == ContactKind.EMAIL and change.old["email"]:
        _post("contact_changed", user, key=f"{key}:old", to=change.old["email"], is_old=True, what=what)


def old_phone_changed(change: ContactChange) -> None:
    """Tell the mobile phone that was in force, and was proved, that another number is; at once, it may be a theft."""
    _text("phone_changed", change.old["phone"], change.user, key=f"contact-changed:{change.pk}:old")


def _post(kind: str, user: User, *, key: str, to: str = "", **context: object) -> None:
    links = {
        "login_url": _url("accounts:login"),
        "password_forgot_url": _url("accounts:password_forgot"),
        "username_forgot_url": _url("accounts:username_forgot"),
        "security_url": _url("accounts:security"),
        "profile_url": _url("accounts:profile"),
    }
    post(key=key, kind=kind, to=to or user.email, language=user.language, context=links | context)


def _url(name: str, *args: str) -> str:
    """Return an address on this site; never made from what a request says its host is."""
    return settings.SITE_URL + reverse(name, args=args)


def _text(kind: str, to: str, user: User, *, key: str, not_after: datetime | None = None, **context: object) -> None:
    post_text(key=key, kind=kind, to=to, language=user.language, context=context, not_after=not_after)

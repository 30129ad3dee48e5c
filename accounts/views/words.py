"""Plain words for devices and for what happened with a log-in."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.fields import too_many_tries
from accounts.models import SessionRecord
from accounts.rules import coarse_address

EVENTS: dict[str, Any] = {
    "lock_account": gettext_lazy("Your account was locked after wrong tries"),
    "unlock_account": gettext_lazy("Support unlocked your account"),
    "change_password": gettext_lazy("Your password was changed"),
    "reset_password": gettext_lazy("Your password was changed with a link from an email"),
    "reset_password_by_phone": gettext_lazy("Your password was changed with a code from a text message"),
    "recover_by_phone": gettext_lazy("A code from a text message was used"),
    "ask_contact_change": gettext_lazy("A new email address or phone number was asked for"),
    "cancel_contact_change": gettext_lazy("A change of your contact details was canceled"),
    "change_contact": gettext_lazy("Your contact details were changed"),
    "two_step_on": gettext_lazy("You turned two-step log-in on"),
    "two_step_off": gettext_lazy("You turned two-step log-in off"),
    "remove_two_step": gettext_lazy("Support removed your two-step log-in"),
    "use_recovery_code": gettext_lazy("A recovery code was used"),
    "new_recovery_codes": gettext_lazy("You made new recovery codes"),
    "end_session": gettext_lazy("You logged out another device"),
    "end_other_sessions": gettext_lazy("You logged out all other devices"),
}
_TRIES: dict[str, Any] = {
    "in_password": gettext_lazy("Log-in"),
    "in_code": gettext_lazy("Log-in with a code from your app"),
    "in_recovery_code": gettext_lazy("Log-in with a recovery code"),
    "refused_code": gettext_lazy("A log-in code was refused"),
    "refused_password": gettext_lazy("A log-in or a password was refused"),
}


def event_text(what: str) -> str:
    """Return what happened."""
    return str((EVENTS | _TRIES)[what])


def device_text(record: SessionRecord) -> str:
    """Return what a device is called: 'Firefox on Windows'."""
    names = {"browser": record.browser or _("Another browser"), "system": record.system}
    return _("%(browser)s on %(system)s") % names if record.system else names["browser"]


def network_text(address: str | None) -> str:
    """Return a network address without its last part, or that none is known."""
    return coarse_address(address) or _("unknown")


def locked_text() -> str:
    """Say that the account is locked, and the ways out."""
    text = _(
        "There were %(limit)d wrong tries in a row, so the account is locked. "
        "Get a new password below, or call %(phone)s."
    )
    return text % {"limit": settings.LOCKOUT_LIMIT, "phone": settings.SUPPORT_PHONE}


def refused_text() -> str:
    """Say that a password was not right, and what comes of more of that."""
    text = _("This is not your password. After %(limit)d wrong tries in a row the account is locked.")
    return text % {"limit": settings.LOCKOUT_LIMIT}


def code_refused_text(limits: list[str]) -> Any:
    """Say that a code was not right, or that none may be tried now, and what comes of more of that."""
    if limits:
        return too_many_tries(*limits)
    text = _(
        "This code is not right, or it was used before. Wait for the next code in your app and type that one. "
        "After %(limit)d wrong tries in a row the account is locked."
    )
    return text % {"limit": settings.LOCKOUT_LIMIT}

"""Plain words for devices and for what happened with a log-in."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
    "end_session": gettext_lazy("You logged out another device"),
    "end_other_sessions": gettext_lazy("You logged out all other devices"),
}
_TRIES: dict[str, Any] = {
    "in_password": gettext_lazy("Log-in"),
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

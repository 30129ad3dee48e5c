"""A new password for someone who knows the old one."""

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts import lockout, notices
from accounts.models import User
from accounts.services.sessions import drop_sessions
from portal.shared import audit


class WrongPassword(Exception):
    """The current password is not what was typed, or the account may not be tried now."""


@sensitive_variables("current", "password")
def change_password(*, user: User, current: str, password: str, keep: int | None, address: str | None = None) -> User:
    """Change the password and end all sessions but the one whose record is `keep`; return the log-in as it is now.

    A wrong current password is one of the five tries of the log-in page. Raises WrongPassword.
    """
    known = lockout.guess(user.username, current, address)
    if known is None:
        raise WrongPassword
    fresh = User()
    fresh.set_password(password)  # slow; so before the row is locked
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if locked.password != known.password:
            raise WrongPassword
        locked.password = fresh.password
        locked.save(update_fields=["password"])
        audit.record("change_password", locked, actor=locked, address=address)
        notices.password_changed(locked, key=f"password-changed:{locked.pk}:{timezone.now():%Y%m%d%H%M%S%f}")
    drop_sessions(locked, keep=keep)
    return locked

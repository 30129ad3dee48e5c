"""The lockout gate: the one way in, for members and staff."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from accounts import lockout
from accounts.models import LoginRecord, User, normal_username


class LockoutBackend(ModelBackend):
    """Looks at a password only when the account and the network address may still try.

    Every refusal costs one hash and the same writes and ends the search, so that a backend added
    later cannot let in whom this one refused. A right password of an account whose email is not confirmed
    is refused too, and noted as `request.is_unconfirmed`, so that the page can say what to do. At the door that is
    marked `request.is_for_staff` a member is refused like a stranger.
    """

    @sensitive_variables("password")
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if username is None or password is None:
            return None
        name, address = normal_username(username), getattr(request, "client_address", None)
        user = lockout.guess(name, password, address)
        if user is None:
            raise PermissionDenied
        if getattr(request, "is_for_staff", False) and not user.is_staff:
            lockout.refuse(user, name, address)
            raise PermissionDenied
        if user.email_confirmed_at is None:
            LoginRecord.objects.create(user=user, succeeded=False, address=address)
            if request is not None:
                request.is_unconfirmed = True  # type: ignore[attr-defined]  # our own mark on the request
            raise PermissionDenied
        if user.second_step_at is None:  # else the code is still to come
            LoginRecord.objects.create(user=user, succeeded=True, address=address)
        return user

    def get_user(self, user_id: int) -> User | None:
        """Return the log-in of a session with its member, in one query; None once the account is closed."""
        user = User.objects.select_related("member").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

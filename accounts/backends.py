"""The lockout gate: the one way in, for members and staff."""

from threading import BoundedSemaphore
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from accounts import lockout
from accounts.models import LoginRecord, User, normal_username

_hashing = BoundedSemaphore(settings.PASSWORD_HASHES_AT_ONCE)


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
        if lockout.spent_limits(name, address):
            _hash_for_nothing(password)
            raise PermissionDenied
        place = lockout.take_place(name)
        if place is None or not _is_right(place.user, password):
            if place is None:
                _hash_for_nothing(password)
            _refuse(place, name, address)
        if not lockout.give_back(place):
            _refuse(place, name, address)
        if getattr(request, "is_for_staff", False) and not place.user.is_staff:
            _refuse(place, name, address)
        if place.user.email_confirmed_at is None:
            LoginRecord.objects.create(user=place.user, succeeded=False, address=address)
            if request is not None:
                request.is_unconfirmed = True  # type: ignore[attr-defined]  # our own mark on the request
            raise PermissionDenied
        LoginRecord.objects.create(user=place.user, succeeded=True, address=address)
        return place.user

    def get_user(self, user_id: int) -> User | None:
        """Return the log-in of a session with its member, in one query; None once the account is closed."""
        user = User.objects.select_related("member").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


def _refuse(place: lockout.Place | None, name: str, address: str | None) -> NoReturn:
    LoginRecord.objects.create(user=place.user if place else None, succeeded=False, address=address)
    lockout.count_wrong(name, address)
    raise PermissionDenied


def _is_right(user: User, password: str) -> bool:
    with _hashing:
        return user.check_password(password)


def _hash_for_nothing(password: str) -> None:
    with _hashing:
        User().set_password(password)

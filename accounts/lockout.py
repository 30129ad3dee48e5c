"""Five wrong passwords or log-in codes in a row, counted so that no number of tries at once gets a sixth guess.

A try takes its place by one UPDATE *before* the password is looked at, and the last place sets the lock at once.
So guesses that run side by side are counted like guesses one after another, and a process that dies in
between has used its guess up. A right password gives the places back, unless another try set the lock meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import BoundedSemaphore

from django.conf import settings
from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Greatest
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts.models import LoginRecord, User
from portal.shared import throttle

_hashing = BoundedSemaphore(settings.PASSWORD_HASHES_AT_ONCE)


@dataclass(frozen=True)
class Place:
    """One guess that may be looked at: whose account, and since when it is counted."""

    user: User
    at: datetime


@sensitive_variables("password")
def guess(name: str, password: str, address: str | None) -> User | None:
    """Return the log-in with this normal username if this is its password; one of the five tries, wherever it is typed.

    Every refusal costs one hash and the same writes: a wrong password, an unknown name, a lock, a spent limit.
    """
    if spent_limits(name, address):
        _hash_for_nothing(password)
        return None
    place = take_place(name)
    if place is None:
        _hash_for_nothing(password)
    elif _is_right(place.user, password) and give_back(place):
        return place.user
    refuse(place.user if place else None, name, address)
    return None


def refuse(user: User | None, name: str, address: str | None, step: str = LoginRecord.Step.PASSWORD) -> None:
    """Write down a refused try, and count it against the network address."""
    LoginRecord.objects.create(user=user, succeeded=False, address=address, step=step)
    if address is not None:
        throttle.allow("login-address", address)
        throttle.allow("login-account-address", f"{name} {address}")


def take_place(username: str) -> Place | None:
    """Count one try at a normal username; return None when no password may be looked at.

    Both answers cost the same writes: an unknown name, a locked and a closed account are counted as a name alone.
    """
    user = User.objects.select_related("member").filter(username=username, is_active=True).first()
    place = _counted(user) if user else None
    if place is None:
        throttle.allow("login-unknown", username)
    return place


def give_back(place: Place) -> bool:
    """Give back the place after a right password; return False when another try locked the account meanwhile.

    The wrong tries before it are forgotten, unless a code is still to come: else every right password would give
    five new guesses at the code.
    """
    if place.user.second_step_at is None:
        return forget_tries(place)
    less = Greatest(F("failed_logins") - 1, 0)
    return bool(_of(place).update(failed_logins=less, locked_at=None, lock_notice_due=False))


def forget_tries(place: Place) -> bool:
    """Forget all wrong tries once someone is in; return False when another try locked the account meanwhile."""
    return bool(_of(place).update(**_OPEN))


def release(user: User) -> bool:
    """Lift the lock and forget the wrong tries; return whether the account was locked."""
    was_locked = User.objects.filter(pk=user.pk, locked_at__isnull=False).update(**_OPEN)
    if not was_locked:
        User.objects.filter(pk=user.pk, locked_at=None).update(failed_logins=0)
    return bool(was_locked)


def spent_limits(username: str, address: str | None) -> list[str]:
    """Return the limits on wrong passwords that this network address has used up, in all or for this username."""
    if address is None:
        return []
    keys = {"login-address": address, "login-account-address": f"{username} {address}"}
    return [limit for limit, key in keys.items() if throttle.is_spent(limit, key)]


_OPEN = {"failed_logins": 0, "locked_at": None, "lock_notice_due": False}


def _of(place: Place) -> QuerySet[User]:
    return User.objects.filter(Q(locked_at=None) | Q(locked_at=place.at), pk=place.user.pk)


def _counted(user: User) -> Place | None:
    now = timezone.now()
    _release_when_due(user, now)
    is_last = Q(failed_logins__gte=settings.LOCKOUT_LIMIT - 1)
    counted = User.objects.filter(pk=user.pk, locked_at=None).update(
        failed_logins=F("failed_logins") + 1,
        locked_at=Case(When(is_last, then=Value(now)), default=None),
        lock_notice_due=Case(When(is_last, then=True), default=False, output_field=BooleanField()),
    )
    return Place(user, now) if counted else None


def _release_when_due(user: User, now: datetime) -> None:
    minutes = settings.LOCKOUT_RELEASE_MINUTES
    if minutes is not None and user.locked_at and user.locked_at <= now - timedelta(minutes=minutes):
        User.objects.filter(pk=user.pk, locked_at=user.locked_at).update(**_OPEN)


def _is_right(user: User, password: str) -> bool:
    with _hashing:
        return user.check_password(password)


def _hash_for_nothing(password: str) -> None:
    with _hashing:
        User().set_password(password)

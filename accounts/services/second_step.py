"""Two-step log-in: turning it on and off, and the code that is asked after the password.

A code is one of the five tries of the log-in page: `lockout` counts it before it is looked at. The app's codes are
django-otp's, which takes each time step once; recovery codes work once each.
"""

import time
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.debug import sensitive_variables
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import lockout, notices
from accounts.models import LoginRecord, RecoveryCode, User
from accounts.selectors.security import recovery_codes_left
from accounts.services.passwords import WrongPassword
from accounts.services.sessions import drop_sessions
from portal.shared import audit, throttle
from portal.shared.references import new_reference

CODES = 10
_LIMIT = "second-step-account"
_KEY_KEPT = timedelta(minutes=30)  # the secret of a page that was left is not taken up again later
_MARK = "second_step"  # in the session of someone who is all the way in
_WAITING = "waits_for_code"  # in the session of someone who gave the right password and no code yet
Step = LoginRecord.Step


class CodeRefused(Exception):
    """The code is wrong, used before or too old, or none may be tried now; `limits` names those that are used up."""

    def __init__(self, limits: list[str] | None = None) -> None:
        super().__init__("code refused")
        self.limits = limits or []


def waiting_app(*, user: User, is_new_page: bool) -> TOTPDevice:
    """Return the secret that an app is to be given; it counts for nothing before a code of it was typed."""
    waiting = TOTPDevice.objects.filter(user=user, confirmed=False)
    if is_new_page:
        waiting.filter(created_at__lt=timezone.now() - _KEY_KEPT).delete()
    return waiting.order_by("pk").first() or TOTPDevice.objects.create(user=user, confirmed=False, name="app")


@sensitive_variables("password", "code")
def turn_on(*, user: User, password: str, code: str, keep: int | None, address: str | None) -> tuple[User, list[str]]:
    """Ask for a code at every log-in from now on; return the log-in as it is now, and the recovery codes, shown once.

    All sessions but the one whose record is `keep` end. Raises WrongPassword, and CodeRefused for a code that is not
    of the waiting app.
    """
    _check_password(user, password, address)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        app = waiting_app(user=locked, is_new_page=False)
        if locked.second_step_at or not app.verify_token(code):
            raise CodeRefused
        TOTPDevice.objects.filter(user=locked).exclude(pk=app.pk).delete()
        TOTPDevice.objects.filter(pk=app.pk).update(confirmed=True)
        locked.second_step_at = timezone.now()
        locked.save(update_fields=["second_step_at"])
        codes = _new_codes(locked)
        _tell(notices.two_step_on, "two_step_on", locked, address)
    drop_sessions(locked, keep=keep)
    return locked, codes


@sensitive_variables("password", "code")
def turn_off(*, user: User, password: str, code: str, address: str | None) -> None:
    """Ask for the password alone from now on. Raises WrongPassword and CodeRefused; both are counted."""
    _check_password(user, password, address)
    prove(user=user, code=code, address=address)
    with transaction.atomic():
        _forget(User.objects.select_for_update().get(pk=user.pk))
        _tell(notices.two_step_off, "two_step_off", user, address)


@sensitive_variables("password", "code")
def renew_codes(*, user: User, password: str, code: str, address: str | None) -> list[str]:
    """Return ten new recovery codes in place of all old ones. Raises WrongPassword and CodeRefused."""
    _check_password(user, password, address)
    prove(user=user, code=code, address=address)
    with transaction.atomic():
        codes = _new_codes(user)
        _tell(notices.recovery_codes_new, "new_recovery_codes", user, address)
    return codes


def remove_second_step(*, user: User, reason: str, actor: User, address: str | None = None) -> bool:
    """Take the second step off for an owner whom support knows to be the owner; return False when it was not on."""
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if locked.second_step_at is None:
            return False
        _forget(locked)
        entry = audit.record("remove_two_step", locked, actor=actor, reason=reason, address=address)
        notices.two_step_removed(locked, key=f"two-step:{entry.pk}")
    drop_sessions(locked)
    return True


def begin_second_step(*, session: SessionBase, user: User, leads_to: str) -> None:
    """Keep for some minutes that a password was right, and where its owner wants to go. It opens nothing."""
    session.cycle_key()
    facts = {"user": user.pk, "proof": user.get_session_auth_hash(), "at": int(time.time()), "leads_to": leads_to}
    session[_WAITING] = facts


def waiting_second_step(*, session: SessionBase) -> tuple[User, str] | None:
    """Return whose code a session waits for and where they want to go; None when it took too long or all changed."""
    facts = session.get(_WAITING)
    if not facts or time.time() - facts["at"] >= settings.SECOND_STEP_SECONDS:
        return None
    user = User.objects.select_related("member").filter(pk=facts["user"], is_active=True).first()
    if user is None or user.second_step_at is None:
        return None
    return (user, facts["leads_to"]) if constant_time_compare(facts["proof"], user.get_session_auth_hash()) else None


def forget_second_step(*, session: SessionBase) -> None:
    """Wait for no code any more."""
    session.pop(_WAITING, None)


def mark_second_step(*, session: SessionBase, user: User) -> None:
    """Note in a session that its owner gave the code that the log-in asks for since it was last turned on."""
    session[_MARK] = _mark(user)


def has_second_step(*, session: SessionBase, user: User) -> bool:
    """Return whether a session is all the way in: no code is asked for, or it was given."""
    return user.second_step_at is None or session.get(_MARK) == _mark(user)


@sensitive_variables("code")
def log_in_by_code(*, user: User, code: str, address: str | None) -> None:
    """Let in someone whose password was right. Raises CodeRefused."""
    step = prove(user=user, code=code, address=address)
    LoginRecord.objects.create(user=user, succeeded=True, step=step, address=address)


@sensitive_variables("code")
def prove(*, user: User, code: str, address: str | None) -> str:
    """Use up a code, of the app or for recovery, and return which it was. Raises CodeRefused; that try is counted."""
    limits = lockout.spent_limits(user.username, address)
    limits += [_LIMIT] if throttle.is_spent(_LIMIT, str(user.pk)) else []
    if limits:
        raise CodeRefused(limits)
    place = lockout.take_place(user.username)
    step = _used(user, code, address) if place else None
    if place and step and lockout.forget_tries(place):
        return step
    lockout.refuse(user, user.username, address, step=Step.CODE)
    throttle.allow(_LIMIT, str(user.pk))
    raise CodeRefused


def _check_password(user: User, password: str, address: str | None) -> None:
    if lockout.guess(user.username, password, address) is None:
        raise WrongPassword


@transaction.atomic
def _used(user: User, code: str, address: str | None) -> str | None:
    """Use a code up under a lock, so that two who type it at once are one; None when it is not right."""
    app = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
    if app is None:
        return None
    if code.isdigit():
        return Step.CODE if app.verify_token(code) else None
    fresh = RecoveryCode.objects.filter(user=user, code_hash=_hashed(user, code), used_at=None)
    if not fresh.update(used_at=timezone.now()):
        return None
    entry = audit.record("use_recovery_code", user, actor=user, address=address)
    notices.recovery_code_used(user, key=f"two-step:{entry.pk}", left=recovery_codes_left(user))
    return Step.RECOVERY_CODE


def _new_codes(user: User) -> list[str]:
    codes = [new_reference() for _ in range(CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code_hash=_hashed(user, code)) for code in codes)
    return codes


def _forget(user: User) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(second_step_at=None)


def _tell(notice: "notices.Notice", action: str, user: User, address: str | None) -> None:
    entry = audit.record(action, user, actor=user, address=address)
    notice(user, key=f"two-step:{entry.pk}")


def _mark(user: User) -> str:
    return user.second_step_at.isoformat() if user.second_step_at else ""


def _hashed(user: User, code: str) -> str:
    """Return a hash that only who has the site's secret key can make, so that a stolen table opens nothing."""
    return salted_hmac("accounts.recovery-code", f"{user.pk} {code}", algorithm="sha256").hexdigest()

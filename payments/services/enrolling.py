"""Autopay turned on and off, and what a member does with a draw that was announced."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Household, User
from accounts.selectors import household_for
from billing import services as billing
from payments import notices
from payments.models import AutopayAgreement, AutopayDraw, AutopayEnrollment, SavedMethod
from portal.shared import audit
from portal.shared.business_days import add_business_days, is_business_day

_Status, _Drop, End = AutopayDraw.Status, AutopayDraw.Drop, AutopayEnrollment.End
MOVE_AT_MOST = timedelta(days=30)


class CannotEnroll(ValueError):
    """Autopay is not turned on; `why` is one of already, saved."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotThatDay(ValueError):
    """A draw cannot be moved to that day; both ends of what can be chosen are days included."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__("day out of range")
        self.first, self.last = first, last


@dataclass(frozen=True)
class Wish:
    """What a member chose for autopay. `limit_cents` None: no limit."""

    saved: SavedMethod
    days_before: int
    limit_cents: int | None


@dataclass(frozen=True)
class Consented:
    """The authorization that was shown and agreed to, and from where."""

    text: str
    version: str
    language: str
    address: str
    user_agent: str


@transaction.atomic
def enroll(*, user: User, household: Household, wish: Wish, consented: Consented) -> AutopayEnrollment:
    """Turn autopay on for a household, once, and send a copy of what was agreed to. Raises CannotEnroll."""
    billing.lock_household(household.pk)
    if AutopayEnrollment.objects.filter(household=household, ended_at=None).exists():
        raise CannotEnroll("already")
    saved = SavedMethod.objects.get(pk=wish.saved.pk)
    if saved.user_id != user.pk or not saved.is_usable:
        raise CannotEnroll("saved")
    enrollment = AutopayEnrollment.objects.create(
        user=user,
        household=household,
        saved_method=saved,
        days_before=wish.days_before,
        limit_cents=wish.limit_cents,
        language=user.language,
    )
    AutopayAgreement.objects.create(
        enrollment=enrollment,
        text=consented.text,
        version=consented.version,
        language=consented.language,
        accepted_at=timezone.now(),
        address=consented.address,
        user_agent=consented.user_agent[:500],
    )
    audit.record("autopay on", enrollment, actor=user, address=consented.address)
    notices.tell_of_autopay(enrollment, "on")
    return enrollment


@transaction.atomic
def stop(enrollment: AutopayEnrollment, why: str) -> bool:
    """Turn autopay off with every draw that is still to come, and tell its owner; return False when it was off."""
    billing.lock_household(enrollment.household_id)
    on = AutopayEnrollment.objects.filter(pk=enrollment.pk, ended_at=None)
    if not on.update(ended_at=timezone.now(), end_reason=why):
        return False
    coming = AutopayDraw.objects.filter(enrollment=enrollment, status=_Status.PLANNED)
    coming.update(status=_Status.DROPPED, drop_reason=_Drop.ENDED)
    enrollment.refresh_from_db()
    audit.record("autopay off", enrollment, actor=enrollment.user if why == End.MEMBER else None, reason=why)
    notices.tell_of_autopay(enrollment, "off")
    return True


def stop_with(saved: SavedMethod, why: str) -> None:
    """Turn off what draws from a saved method that can no longer be used."""
    for enrollment in AutopayEnrollment.objects.filter(saved_method=saved, ended_at=None):
        stop(enrollment, why)


def stop_if_not_theirs(enrollment: AutopayEnrollment) -> bool:
    """Turn autopay off when its owner no longer answers for the household's bill; return whether it was."""
    household = household_for(enrollment.user)
    is_theirs = household is not None and household.pk == enrollment.household_id and enrollment.user.is_active
    return not is_theirs and stop(enrollment, End.ROSTER)


@transaction.atomic
def skip(draw: AutopayDraw) -> bool:
    """Leave out one announced draw; return False when it is too late for that."""
    billing.lock_household(draw.enrollment.household_id)
    return bool(AutopayDraw.objects.filter(pk=draw.pk, status=_Status.PLANNED).update(status=_Status.SKIPPED))


@transaction.atomic
def reschedule(draw: AutopayDraw, day: date) -> bool:
    """Move an announced draw to another bank day; False when it is too late. Raises NotThatDay."""
    first, last = days_for(draw)
    if not first <= day <= last or not is_business_day(day):
        raise NotThatDay(first, last)
    billing.lock_household(draw.enrollment.household_id)
    return bool(AutopayDraw.objects.filter(pk=draw.pk, status=_Status.PLANNED).update(draw_on=day))


def days_for(draw: AutopayDraw) -> tuple[date, date]:
    """Return the first and the last day to which a draw may be moved."""
    today = timezone.localdate()
    return add_business_days(today + timedelta(days=1), 0), max(draw.draw_on, today) + MOVE_AT_MOST

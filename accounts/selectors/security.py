"""What a log-in may know of its own safety: where it is open, what happened with it, and who looked."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import LoginRecord, Member, RecoveryCode, SessionRecord, User
from portal.shared.models import AuditEntry

SESSION_LATE_SECONDS = 240  # what is noted of a session's last use may lag behind by this much
# What else of a log-in staff open, from the rooms above: each returns which audit entries are about it.
opened: list[Callable[[User], Q]] = []


def open_sessions_for(user: User) -> QuerySet[SessionRecord]:
    """Return where someone is logged in now, the session used last first."""
    now = timezone.now()
    used = now - timedelta(seconds=settings.SESSION_IDLE_SECONDS + SESSION_LATE_SECONDS)
    begun = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    records = SessionRecord.objects.filter(user=user, ended_at=None, last_used_at__gt=used, started_at__gt=begun)
    return records.order_by("-last_used_at", "-pk")


def sessions_page_for(user: User, *, before: str = "", count: int) -> tuple[list[SessionRecord], bool]:
    """Return the sessions used last, or those behind the one numbered `before`, and whether there are more."""
    records = open_sessions_for(user)
    last = (
        records.filter(pk=int(before)).first() if before.isascii() and before.isdigit() and len(before) < 19 else None
    )
    if last:
        same = Q(last_used_at=last.last_used_at, pk__lt=last.pk)
        records = records.filter(Q(last_used_at__lt=last.last_used_at) | same)
    found = list(records[: count + 1])
    return found[:count], len(found) > count


def session_for(user: User, pk: int) -> SessionRecord:
    """Return one session of this log-in, over or not. Raises SessionRecord.DoesNotExist, also for anyone else's."""
    return SessionRecord.objects.filter(user=user).select_related("user").get(pk=pk)


@dataclass(frozen=True)
class Event:
    """One thing that happened with a log-in: what, when, and from which network address."""

    what: str
    at: datetime
    address: str | None
    place: tuple[datetime, str, int]  # in the list: newest first, then by kind and number


def events_for(user: User, *, actions: Collection[str], before: str = "", count: int) -> list[Event]:
    """Return the newest tries to log in and acts of these names about one log-in, older than the place `before`."""
    tries = LoginRecord.objects.filter(user=user)
    acts = AuditEntry.objects.filter(subject_type=User._meta.label_lower, subject_id=str(user.pk), action__in=actions)
    place = _place_in(before)
    found = [
        Event(f"{'in' if row.succeeded else 'refused'}_{row.step}", row.at, row.address, (row.at, "try", row.pk))
        for row in _older(tries, "try", place)[:count]
    ]
    found += [
        Event(row.action, row.at, row.address, (row.at, "act", row.pk)) for row in _older(acts, "act", place)[:count]
    ]
    return sorted(found, key=lambda event: event.place, reverse=True)[:count]


def place_text(event: Event) -> str:
    """Return an event's place in the list, as `events_for` takes it."""
    at, kind, pk = event.place
    return f"{at.isoformat()}~{kind}~{pk}"


def looks_of_staff_at(user: User, *, since: datetime) -> int:
    """Return how often support opened what belongs to a log-in: its own page, its member's, and what `opened` adds."""
    about = Q(subject_type=User._meta.label_lower, subject_id=str(user.pk))
    if user.member_id:
        about |= Q(subject_type=Member._meta.label_lower, subject_id=str(user.member_id))
    for looked_at in opened:
        about |= looked_at(user)
    return AuditEntry.objects.filter(about, action__startswith="view_", at__gte=since).count()


def rows_of(rows: QuerySet[Any]) -> Q:
    """Return which audit entries are about these rows."""
    keys = rows.order_by().annotate(key=Cast("pk", CharField())).values("key")
    return Q(subject_type=rows.model._meta.label_lower, subject_id__in=keys)


def _older(rows: QuerySet[Any], kind: str, place: tuple[datetime, str, int] | None) -> QuerySet[Any]:
    rows = rows.order_by("-at", "-pk")
    if place is None:
        return rows
    at, last_kind, pk = place
    if kind == last_kind:
        return rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    return rows.filter(at__lte=at) if kind < last_kind else rows.filter(at__lt=at)


def _place_in(text: str) -> tuple[datetime, str, int] | None:
    """Return the place that an address names; None, the beginning, when it names none."""
    try:
        at, kind, pk = text.split("~")
        moment, number = datetime.fromisoformat(at), int(pk)
    except ValueError:
        return None
    is_place = moment.tzinfo is not None and kind in ("try", "act") and 0 < number < 2**63
    return (moment, kind, number) if is_place else None


def recovery_codes_left(user: User) -> int:
    """Return how many of its recovery codes a log-in has not used."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def second_step_of(user: User) -> datetime | None:
    """Return since when a log-in asks for a code, whatever was read of it before; None when it asks for none."""
    return User.objects.values_list("second_step_at", flat=True).get(pk=user.pk)

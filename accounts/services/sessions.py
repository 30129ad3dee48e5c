"""Where someone is logged in: noting it, and ending a session on the server, whichever engine keeps it."""

import hashlib
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection
from django.utils import timezone

from accounts.models import SessionRecord, User
from accounts.rules import device_of
from accounts.selectors.security import open_sessions_for
from portal.shared import audit

RECORD = "session_record"  # in the session: the primary key of its record
KEEP_RECORDS = timedelta(days=30)
_KEYS = """
SELECT session_key FROM django_session WHERE encode(sha256(session_key::bytea), 'hex') = ANY(%s)
"""


def begin_session(*, session: SessionBase, user: User, address: str | None, agent: str) -> None:
    """Note that someone logged in on a device."""
    if session.session_key is None:  # someone else was logged in there, and that session is gone
        session.save()
    browser, system = device_of(agent)
    facts = {"browser": browser, "system": system, "address": address, "started_at": timezone.now()}
    if not _note(session, user, **facts):
        record = SessionRecord.objects.create(user=user, key_hash=_hashed(session), **facts)
        session[RECORD] = record.pk


def note_session(*, session: SessionBase, user: User, address: str | None, agent: str) -> bool:
    """Note that a session is used, also under a new key; return False when it was ended."""
    if RECORD not in session:
        begin_session(session=session, user=user, address=address, agent=agent)
        return True
    return _note(session, user)


def close_session(*, session: SessionBase) -> None:
    """Note that a session is at its end: its owner logged out, or was away too long."""
    SessionRecord.objects.filter(pk=session.get(RECORD) or 0, ended_at=None).update(ended_at=timezone.now())


def end_session(*, record: SessionRecord, address: str | None = None) -> None:
    """Log out one device of its owner, now and on the server; one that is logged out already stays so."""
    if record.ended_at:
        return
    _end([record])
    audit.record("end_session", record.user, actor=record.user, address=address)


def end_other_sessions(*, user: User, keep: int | None, address: str | None = None) -> int:
    """Log out every device of its owner but the one whose record is `keep`; return how many."""
    count = drop_sessions(user, keep=keep)
    if count:
        audit.record("end_other_sessions", user, actor=user, address=address, sessions=count)
    return count


def drop_sessions(user: User, *, keep: int | None = None) -> int:
    """End all sessions of a log-in but one, without an audit entry of its own; return how many."""
    records = list(open_sessions_for(user).exclude(pk=keep or 0))
    _end(records)
    return len(records)


def purge_sessions() -> None:
    """Forget records of sessions that nobody can be in any more."""
    SessionRecord.objects.filter(last_used_at__lt=timezone.now() - KEEP_RECORDS).delete()


def _end(records: list[SessionRecord]) -> None:
    """Mark them first: whoever is just being served in one of them is out at the next look at its record."""
    SessionRecord.objects.filter(pk__in=[record.pk for record in records]).update(ended_at=timezone.now())
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [[record.key_hash for record in records]])
        keys = [key for (key,) in cursor.fetchall()]
    for key in keys:
        store.delete(key)


def _note(session: SessionBase, user: User, **facts: Any) -> bool:
    mine = SessionRecord.objects.filter(pk=session.get(RECORD) or 0, user=user, ended_at=None)
    return bool(mine.update(key_hash=_hashed(session), last_used_at=timezone.now(), **facts))


def _hashed(session: SessionBase) -> str:
    return hashlib.sha256((session.session_key or "").encode()).hexdigest()

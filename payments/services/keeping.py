"""Letting go of what was kept long enough."""

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

_OVER = (
    """
    DELETE FROM payments_authorization a
    WHERE payments_authorization_ended_at(a) < now() - make_interval(years => %s)
    """,
    """
    DELETE FROM payments_autopayagreement a USING payments_autopayenrollment e
    WHERE e.id = a.enrollment_id AND e.ended_at < now() - make_interval(years => %s)
    """,
)


def purge_authorizations() -> int:
    """Delete what members agreed to and that ended more than AUTHORIZATION_KEPT_YEARS ago; return how many.

    A debit's authorization ends with its payment; one that also lets us keep the account, when the account can no
    longer be used; an agreement to autopay with autopay. The database refuses any younger than the law's two years.
    """
    with connection.cursor() as cursor:
        return sum(_deleted(cursor, sql) for sql in _OVER)


def _deleted(cursor: CursorWrapper, sql: str) -> int:
    cursor.execute(sql, [settings.AUTHORIZATION_KEPT_YEARS])
    return int(cursor.rowcount)

"""Letting go of what was kept long enough."""

from django.conf import settings
from django.db import connection

from payments.states import FINAL, Status

_OVER = """
DELETE FROM payments_authorization a USING payments_payment p
WHERE p.id = a.payment_id AND p.status = ANY(%s)
    AND greatest(a.accepted_at, p.paid_at, p.ended_at) < now() - make_interval(years => %s)
"""


def purge_authorizations() -> int:
    """Delete authorizations whose payment ended more than AUTHORIZATION_KEPT_YEARS ago; return how many.

    The database itself refuses any that is younger than the law's two years.
    """
    ended = [Status.PAID, *FINAL]
    with connection.cursor() as cursor:
        cursor.execute(_OVER, [[status.value for status in ended], settings.AUTHORIZATION_KEPT_YEARS])
        return int(cursor.rowcount)

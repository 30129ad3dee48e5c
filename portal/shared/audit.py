"""Writing down who did what, and putting it in one line that cannot be changed unseen."""

from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from portal.shared.models import AuditEntry

AT_ONCE = 500  # entries sealed in one transaction
# An entry's number is taken before its transaction ends: the last ones may come into sight in another order.
WINDOW = 10_000
_UNSEALED = """
INSERT INTO shared_auditseal (position, entry_id, hash)
SELECT 0, e.id, '' FROM shared_auditentry e
WHERE e.id > coalesce((SELECT max(entry_id) FROM shared_auditseal), 0) - %s
    AND NOT EXISTS (SELECT FROM shared_auditseal s WHERE s.entry_id = e.id)
ORDER BY e.id LIMIT %s
"""


def record(
    action: str,
    subject: Model,
    *,
    actor: Any = None,
    reason: str = "",
    address: str | None = None,
    **data: Any,
) -> AuditEntry:
    """Add an audit entry about `subject`. `data` must hold no name, number or secret."""
    return AuditEntry.objects.create(
        action=action,
        actor=actor if actor is not None and actor.is_authenticated else None,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        reason=reason,
        address=address,
        data=data,
    )


def seal() -> int:
    """Put all committed entries that are not yet in it at the end of the one line; return how many.

    One process at a time: another one that is at it leaves nothing to do. The database gives place and hash.
    """
    sealed, count = 0, AT_ONCE
    while count == AT_ONCE:
        count = _seal_some()
        sealed += count
    return sealed


@transaction.atomic
def _seal_some() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('seal audit'))")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_UNSEALED, [WINDOW, AT_ONCE])
        return cursor.rowcount

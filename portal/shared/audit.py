"""Writing down who did what."""

from typing import Any

from django.db.models import Model

from portal.shared.models import AuditEntry


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

"""Lifting a lock by support, and telling owners of new locks."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import lockout, notices
from accounts.models import User
from portal.shared import audit

_GUESS_TAKES = timedelta(seconds=5)  # a lock this young may still be taken back by the right password that set it


def unlock(*, user: User, reason: str, actor: User | None = None, address: str | None = None) -> bool:
    """Lift the lock, leave an audit entry and tell the owner; return False when the account was not locked."""
    with transaction.atomic():
        if not lockout.release(user):
            return False
        entry = audit.record("unlock_account", user, actor=actor, reason=reason, address=address)
        notices.account_unlocked(user, key=f"unlocked:{user.pk}:audit-{entry.pk}")
    return True


def tell_of_locks(limit: int = 200) -> None:
    """Tell the owners of accounts that wrong passwords locked since the last time.

    This runs beside the requests: so the try that locks an account takes as long as any other.
    """
    with transaction.atomic():
        locked = User.objects.select_for_update(skip_locked=True).filter(
            lock_notice_due=True, locked_at__lte=timezone.now() - _GUESS_TAKES
        )
        for user in locked.order_by("locked_at")[:limit]:
            notices.account_locked(user)
            audit.record("lock_account", user)
            User.objects.filter(pk=user.pk).update(lock_notice_due=False)

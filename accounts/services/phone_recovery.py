"""Getting back in by a code sent to a proved mobile phone, beside the link by email.

Two accounts with one number, as of relatives: a code for the number shows the usernames of both, because whoever
reads the phone's texts gets them anyway. A new password is for the one username that was typed.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts import notices
from accounts.models import PhoneRecovery, User
from accounts.selectors import user_named, users_with_phone
from accounts.services.contact import Proof
from accounts.tokens import new_code, secret_digest
from portal.shared import audit
from portal.shared.throttle import allow

_Kind = PhoneRecovery.Kind


def ask_by_phone(*, kind: str, typed: str, is_dropped: bool = False) -> PhoneRecovery:
    """Write down what was asked without looking whether anyone fits it; `answer_by_phone` does that.

    `is_dropped` for one request too many: the same row, and nothing will come of it.
    """
    now = timezone.now()
    lasts = timedelta(seconds=settings.CODE_SECONDS)
    answered_at = now if is_dropped else None
    return PhoneRecovery.objects.create(
        kind=kind, typed=typed[:254], created_at=now, answered_at=answered_at, expires_at=now + lasts
    )


def answer_by_phone(*, recovery_id: int) -> None:
    """Send a code to the proved mobile phone of whom the request is about, if there is one. Once a request."""
    with transaction.atomic():
        waiting = PhoneRecovery.objects.select_for_update(skip_locked=True).filter(answered_at=None)
        recovery = waiting.filter(pk=recovery_id).first()
        if recovery is None:
            return
        now = timezone.now()
        recovery.answered_at, recovery.expires_at = now, now + timedelta(seconds=settings.CODE_SECONDS)
        owners = _owners(recovery)
        if owners and allow("recovery-number", str(owners[0].phone)):
            recovery.phone = str(owners[0].phone)
            recovery.user = owners[0] if recovery.kind == _Kind.PASSWORD else None
            code = new_code()
            recovery.digest = _digest(recovery, code)
            notices.recovery_code(owners[0], code, recovery)
        recovery.save()


def use_recovery_code(*, recovery_id: int, code: str, address: str | None = None) -> tuple[Proof, list[User]]:
    """Judge a code; when it is right, return whom it is for, tell each of them, and use the request up.

    Each try is taken before the code is looked at. A request that nobody fits has no right code, and costs the same.
    """
    now = timezone.now()
    asked = PhoneRecovery.objects.filter(pk=recovery_id)
    if not asked.filter(tries__lt=settings.CODE_TRIES, expires_at__gt=now).update(tries=F("tries") + 1):
        return Proof.OVER, []
    with transaction.atomic():
        recovery = asked.select_related("user").select_for_update(of=("self",)).first()
        if recovery is None:
            return Proof.OVER, []
        if not constant_time_compare(recovery.digest or "none", _digest(recovery, code)):
            return (Proof.OVER if recovery.tries >= settings.CODE_TRIES else Proof.WRONG), []
        owners = [owner for owner in _owners(recovery) if str(owner.phone) == recovery.phone]
        recovery.delete()
        for owner in owners:
            audit.record("recover_by_phone", owner, address=address, what=recovery.kind)
            notices.recovered_by_phone(owner, recovery_id, is_password=recovery.kind == _Kind.PASSWORD)
    return (Proof.RIGHT if owners else Proof.OVER), owners


def _owners(recovery: PhoneRecovery) -> list[User]:
    """Return the accounts that a code to their phone may open now: confirmed, and the number proved long enough ago.

    A number that was proved just now may be that of someone who took over the mail or the phone (SIM swap).
    """
    if recovery.kind == _Kind.PASSWORD:
        named = user_named(recovery.typed)
        found = [named] if named else []
    else:
        found = list(users_with_phone(recovery.typed))
    proved_by = timezone.now() - timedelta(hours=settings.PHONE_RECOVERY_MIN_HOURS)
    return [
        user
        for user in found
        if user.email_confirmed_at
        and user.can_get_texts
        and user.phone_confirmed_at
        and user.phone_confirmed_at <= proved_by
    ]


def _digest(recovery: PhoneRecovery, code: str) -> str:
    """Bind the code to its request, its phone, and for a new password to the account as it is now."""
    user = recovery.user
    account = (user.pk, user.password) if user else ()
    return secret_digest("recovery", code, recovery.pk, recovery.phone, *account)

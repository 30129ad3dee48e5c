"""Contact details that a member changes: what counts at once, and what counts once it is proved."""

import secrets
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts import notices
from accounts.models import ContactChange, ContactKind, PendingContact, User
from accounts.selectors import contact_of, pending_contact
from accounts.tokens import new_code, secret_digest
from portal.shared import audit, texting

_PURPOSE = "contact"
QUIET_CONTACTS = (ContactKind.LANGUAGE, ContactKind.LARGE_PRINT)


class Proof(Enum):
    """What came of a code or a link."""

    RIGHT = "the new value counts"
    WRONG = "another try is left"
    OVER = "used, too old, replaced, canceled or tried too often"


def change_contact(*, user: User, kind: str, new: dict[str, Any], address: str | None = None) -> bool:
    """Let new values of this kind count at once; return False when they are the old ones."""
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if contact_of(locked, kind) == new:
            return False
        _count(locked, kind, new, asked_at=timezone.now(), asked_from=address)
    return True


def ask_for_contact(
    *, user: User, kind: str, value: str, is_mobile: bool = False, address: str | None = None
) -> PendingContact:
    """Keep a new email address or phone number until it is proved, in place of one that waited before.

    The caller has asked for the password. The secret goes to the new address or number; the old address is told.
    """
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        PendingContact.objects.filter(user=locked, kind=kind).delete()
        pending = PendingContact(user=locked, kind=kind, value=value, is_mobile=is_mobile, asked_from=address)
        pending.is_by_text = is_mobile and texting.is_offered()
        _send_secret(pending)
        audit.record("ask_contact_change", locked, actor=locked, address=address, kind=kind)
        if kind == ContactKind.EMAIL:
            notices.email_change_asked(locked, key=f"contact-asked:{pending.pk}")
    return pending


def send_contact_secret_again(*, user: User, kind: str) -> bool:
    """Send a new link or code; the one before no longer works. Return False when nothing waits."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        pending = pending_contact(user, kind)
        if pending is None:
            return False
        _send_secret(pending)
    return True


def cancel_contact(*, user: User, kind: str, address: str | None = None) -> bool:
    """Forget a change that waits; its link or code no longer works. Return False when nothing waits."""
    with transaction.atomic():
        forgotten, _ = PendingContact.objects.filter(user=user, kind=kind).delete()
        if forgotten:
            audit.record("cancel_contact_change", user, actor=user, address=address, kind=kind)
    return bool(forgotten)


def is_email_link_good(*, token: str) -> bool:
    """Return whether a link would prove its address now; nothing is used up."""
    pending = _linked(token)
    return pending is not None and _is_secret_of(pending, pending.user, token)


def prove_email(*, token: str, address: str | None = None) -> bool:
    """Let the address count that a link was sent to; return False when the link no longer works."""
    found = _linked(token)
    with transaction.atomic():
        locked = User.objects.select_for_update().filter(pk=found.user_id, is_active=True).first() if found else None
        pending = _linked(token)  # again, now that nobody else can use it up
        if locked is None or pending is None or not _is_secret_of(pending, locked, token):
            return False
        _count_proved(pending, locked, address)
    return True


def prove_phone(*, user: User, code: str, address: str | None = None) -> Proof:
    """Let the number count that the code was sent for. Each try is taken before the code is looked at."""
    now = timezone.now()
    waiting = PendingContact.objects.filter(user=user, kind=ContactKind.PHONE)
    if not waiting.filter(tries__lt=settings.CODE_TRIES, expires_at__gt=now).update(tries=F("tries") + 1):
        return Proof.OVER
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        pending = waiting.first()
        if pending is None:
            return Proof.OVER
        if not _is_secret_of(pending, locked, code):
            return Proof.OVER if pending.tries >= settings.CODE_TRIES else Proof.WRONG
        _count_proved(pending, locked, address)
    return Proof.RIGHT


def _send_secret(pending: PendingContact) -> None:
    """Make a new secret, keep its digest alone, and send it."""
    is_link = pending.kind == ContactKind.EMAIL
    secret = f"{pending.user_id}.{secrets.token_urlsafe(32)}" if is_link else new_code()
    now = timezone.now()
    pending.digest = secret_digest(_PURPOSE, secret, pending.user_id, pending.user.password)
    pending.tries = 0
    pending.expires_at = now + timedelta(seconds=settings.CONTACT_LINK_SECONDS if is_link else settings.CODE_SECONDS)
    pending.save()
    send = notices.prove_new_email if is_link else notices.prove_phone
    send(pending, secret, key=f"contact-secret:{pending.pk}:{now:%Y%m%d%H%M%S%f}")


def _linked(token: str) -> PendingContact | None:
    """Return what a link may be for: the email address that its account waits for, while there is time."""
    owner, _, _ = token.partition(".")
    if not (owner.isascii() and owner.isdigit() and len(owner) < 19):
        return None
    waiting = PendingContact.objects.select_related("user").filter(user=int(owner), kind=ContactKind.EMAIL)
    return waiting.filter(expires_at__gt=timezone.now()).first()


def _is_secret_of(pending: PendingContact, user: User, secret: str) -> bool:
    return constant_time_compare(pending.digest, secret_digest(_PURPOSE, secret, user.pk, user.password))


def _count_proved(pending: PendingContact, user: User, address: str | None) -> None:
    """Let what was proved count. A mobile phone that was proved before hears that another number is in force."""
    now, was_proved = timezone.now(), user.phone_confirmed_at and user.phone_is_mobile
    if pending.kind == ContactKind.EMAIL:
        new: dict[str, Any] = {"email": pending.value}
        user.email_confirmed_at = now
    else:
        new = {"phone": pending.value, "phone_is_mobile": pending.is_mobile}
        user.phone_confirmed_at, user.phone_failed_at = (now if pending.is_by_text else None), None
    user.save(update_fields=["email_confirmed_at", "phone_confirmed_at", "phone_failed_at"])
    proof = {"proved_at": now, "proved_from": address}
    change = _count(user, pending.kind, new, asked_at=pending.asked_at, asked_from=pending.asked_from, **proof)
    if pending.kind == ContactKind.PHONE and was_proved and change.old["phone"] != change.new["phone"]:
        notices.old_phone_changed(change)
    pending.delete()


def _count(user: User, kind: str, new: dict[str, Any], *, asked_at: datetime, **facts: Any) -> ContactChange:
    """Write the new values into the locked account, and into its history.

    The old address and the new one are told, but not of the quiet kinds: those change no way to reach anyone, and are
    changed back in one press.
    """
    old = contact_of(user, kind)
    for name, value in new.items():
        setattr(user, name, value)
    user.save(update_fields=list(new))
    change = ContactChange.objects.create(user=user, kind=kind, old=old, new=new, asked_at=asked_at, **facts)
    address = facts.get("proved_from") or facts.get("asked_from")
    audit.record("change_contact", user, actor=user, address=address, kind=str(kind), change=change.pk)
    if kind not in QUIET_CONTACTS:
        notices.contact_changed(change)
    return change

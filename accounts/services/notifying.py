"""What a member chooses to hear, and how that ends: by the page, by one click in an email, by STOP."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Kind, Preferences, TextConsent, User
from accounts.selectors import consent_for
from portal.shared import audit

By = TextConsent.By


@dataclass(frozen=True)
class Wishes:
    """What someone chose on the page of notifications."""

    emails: Sequence[str]
    texts: Sequence[str]
    days_before: Sequence[int]


@dataclass(frozen=True)
class Agreed:
    """The words under which someone agreed to texts, and from where."""

    words: str
    version: str
    language: str
    address: str | None


def choose(*, user: User, wishes: Wishes, agreed: Agreed | None = None, address: str | None = None) -> None:
    """Save what a member wants to hear. Texts need a consent in force or the words just agreed to.

    Without any text chosen the consent ends.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        facts: dict[str, list[Any]] = {
            "emails": list(wishes.emails),
            "texts": list(wishes.texts),
            "days_before": list(wishes.days_before),
        }
        Preferences.objects.update_or_create(user=user, defaults=facts)
        if not wishes.texts:
            _end(user, By.PAGE)
        elif agreed and consent_for(user) is None:
            _give(user, agreed, By.PAGE)
        audit.record("change_notifications", user, actor=user, address=address, chosen=facts)


def stop_email_reminders(*, user_id: int, address: str | None = None) -> bool:
    """Turn reminders by email off, without a log-in; return whether there is such a log-in. Pressing twice is once."""
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
        if user is None:
            return False
        chosen = Preferences.objects.filter(user=user).first()
        if chosen and Kind.REMINDER in chosen.emails:
            chosen.emails = [kind for kind in chosen.emails if kind != Kind.REMINDER]
            chosen.save()
            audit.record("unsubscribe_reminders", user, address=address)
    return True


def stop_texts(number: str) -> None:
    """End every consent to text this number: its owner sent STOP."""
    for user in User.objects.filter(text_consents__number=number, text_consents__ended_at=None).distinct():
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            _end(user, By.TEXT)
            audit.record("stop_texts", user)


def start_texts(number: str) -> None:
    """Take up again what STOP ended, for those whose proved number it still is: its owner sent START."""
    for user in User.objects.filter(phone=number, is_active=True):
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            last = TextConsent.objects.filter(user=user, number=number).first()
            if user.can_get_texts and last and last.ended_by == By.TEXT:
                _give(user, Agreed(last.words, last.version, last.language, None), By.TEXT)
                audit.record("start_texts", user)


def _give(user: User, agreed: Agreed, by: str) -> None:
    _end(user, by)
    TextConsent.objects.create(
        user=user,
        number=str(user.phone),
        words=agreed.words,
        version=agreed.version,
        language=agreed.language,
        address=agreed.address,
        given_by=by,
    )


def _end(user: User, by: str) -> None:
    TextConsent.objects.filter(user=user, ended_at=None).update(ended_at=timezone.now(), ended_by=by)

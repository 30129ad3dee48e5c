"""Sending a notice about rules: counted before, confirmed, then queued in batches, once for each member."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Kind, Member, PolicyNotice, User
from accounts.selectors import Reader, readers
from portal.shared import audit, messages, texting
from portal.shared.models import OutgoingMessage

CHUNK = 500  # log-ins queued in one transaction
_Status = PolicyNotice.Status


class NotReady(Exception):
    """The notice cannot be sent: the text says why."""


@dataclass(frozen=True)
class Audience:
    """Whom a notice would reach now."""

    members: int = 0  # log-ins, by email or text
    emails: int = 0
    texts: int = 0
    in_english_only: int = 0  # of the members, those whose language has no text


def audience_of(notice: PolicyNotice) -> Audience:
    """Count whom a notice would reach now, of those who want such notices."""
    languages = set(notice.texts.values_list("language", flat=True))
    counts = dict.fromkeys(("members", "emails", "texts", "in_english_only"), 0)
    last = 0
    while chunk := _next(notice, last):
        last = chunk[-1]
        for reader in _readers(chunk):
            email, text = _ways(reader)
            counts["emails"] += email
            counts["texts"] += text
            counts["members"] += email or text
            counts["in_english_only"] += (email or text) and reader.user.language not in languages
    return Audience(**counts)


def render(notice: PolicyNotice, language: str) -> OutgoingMessage:
    """Return the email of a notice for readers of a language, not queued: for the preview, and to be copied.

    Raises NotReady when there is no English text to fall back on.
    """
    texts = {text.language: text for text in notice.texts.all()}
    text = texts.get(language) or texts.get("en")
    if text is None:
        raise NotReady("There is no English text yet.")
    facts = {"notice": text, "is_english_only": text.language != language}
    return messages.email(key="", kind="policy", to="", language=language, context=facts)


def approve(*, notice: PolicyNotice, actor: Any, expected: int, address: str | None = None) -> None:
    """Start sending to as many members as were confirmed (`expected`). Raises NotReady, when it is another by now."""
    with transaction.atomic():
        locked = PolicyNotice.objects.select_for_update().get(pk=notice.pk)
        if locked.status != _Status.DRAFT:
            raise NotReady("This notice was sent before.")
        render(locked, "en")
        audience = audience_of(locked)
        if audience.members != expected or not expected:
            raise NotReady(f"It would reach {audience.members} members now. Look at it again.")
        locked.status, locked.sent_by, locked.started_at = _Status.SENDING, actor, timezone.now()
        locked.save()
        audit.record("send_policy_notice", locked, actor=actor, address=address, members=expected)


def send_some(limit: int = 40) -> int:
    """Queue the notices that are being sent, at most `limit` batches; return for how many members."""
    count = 0
    for _ in range(limit):
        queued = _send_batch()
        if queued is None:
            break
        count += queued
    return count


@transaction.atomic
def _send_batch() -> int | None:
    """Queue one batch, whole or not at all; None when there is nothing to send or others are at it."""
    notice = (
        PolicyNotice.objects.select_for_update(skip_locked=True, of=("self",)).filter(status=_Status.SENDING).first()
    )
    if notice is None:
        return None
    chunk = _next(notice, notice.reached)
    if chunk:
        queue, count = _queued(notice, chunk)
        messages.queue_many(queue)
        notice.reached, notice.members_count = chunk[-1], notice.members_count + count
    else:
        count, notice.status, notice.ended_at = 0, _Status.SENT, timezone.now()
    notice.save()
    return count


def _queued(notice: PolicyNotice, chunk: list[int]) -> tuple[list[OutgoingMessage], int]:
    words: dict[str, OutgoingMessage] = {}
    queue, members = [], 0
    for reader in _readers(chunk):
        email, text = _ways(reader)
        key, language = f"policy:{notice.pk}:{reader.user.pk}", reader.user.language
        if email:
            words[language] = words.get(language) or render(notice, language)
            queue.append(messages.copy(words[language], key=f"{key}:email", to=reader.user.email))
        if text and reader.consent:
            facts: dict[str, Any] = {"keeps_hours": True, "about": {"consent": reader.consent.pk}}
            to = reader.consent.number
            queue.append(messages.text(key=f"{key}:text", kind="policy", to=to, language=language, **facts))
        members += email or text
    return queue, members


def _next(notice: PolicyNotice, last: int) -> list[int]:
    """Return the next log-ins after `last` that a notice is for."""
    users: QuerySet[User] = User.objects.filter(pk__gt=last, member__responsible=True, is_active=True)
    if notice.coverage_type:
        covered = Member.objects.filter(coverage_type=notice.coverage_type)
        users = users.filter(member__household__in=covered.values("household"))
    return list(users.order_by("pk").values_list("pk", flat=True)[:CHUNK])


def _readers(chunk: list[int]) -> list[Reader]:
    return readers(User.objects.filter(pk__in=chunk))


def _ways(reader: Reader) -> tuple[bool, bool]:
    by_text = bool(texting.is_offered() and reader.hears_by_text(Kind.POLICY))
    return reader.hears_by_email(Kind.POLICY), by_text

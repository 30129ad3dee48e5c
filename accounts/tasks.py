"""What is done for members beside their requests."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts import services
from accounts.models import Inquiry, LoginRecord, PendingContact, PhoneRecovery
from portal.shared.tasks import after_commit

_LOST = timedelta(seconds=30)  # an inquiry this old was not worked off when it was written
KEEP_UNKNOWN = timedelta(days=90)
KEEP_UNPROVED = timedelta(days=1)  # links and codes that are of no use any more


@shared_task
def answer(inquiry_id: int) -> None:
    """Answer one inquiry by email."""
    services.answer(inquiry_id=inquiry_id)


@shared_task
def answer_by_phone(recovery_id: int) -> None:
    """Answer one request for a code by text."""
    services.answer_by_phone(recovery_id=recovery_id)


@shared_task
def sweep() -> None:
    """Tell owners of new locks, and answer inquiries whose task was lost."""
    services.tell_of_locks()
    lost = Inquiry.objects.filter(created_at__lte=timezone.now() - _LOST).order_by("pk")
    for inquiry_id in lost.values_list("pk", flat=True)[:200]:
        services.answer(inquiry_id=inquiry_id)
    unanswered = PhoneRecovery.objects.filter(answered_at=None, created_at__lte=timezone.now() - _LOST).order_by("pk")
    for recovery_id in unanswered.values_list("pk", flat=True)[:200]:
        services.answer_by_phone(recovery_id=recovery_id)


@shared_task
def send_policy_notices() -> None:
    """Queue what staff approved."""
    services.send_some()


@shared_task
def purge() -> None:
    """Forget old sessions, links and codes, and tries at names that no account has; tries at accounts stay."""
    services.purge_sessions()
    for unproved in (PendingContact, PhoneRecovery):
        unproved.objects.filter(expires_at__lt=timezone.now() - KEEP_UNPROVED).delete()
    LoginRecord.objects.filter(user=None, at__lt=timezone.now() - KEEP_UNKNOWN).delete()


def answer_soon(inquiry: Inquiry) -> None:
    """Hand an inquiry to the worker; should the broker be away, the sweep finds it."""
    after_commit(answer, inquiry.pk)


def answer_by_phone_soon(recovery: PhoneRecovery) -> None:
    """Hand a request for a code to the worker; should the broker be away, the sweep finds it."""
    after_commit(answer_by_phone, recovery.pk)

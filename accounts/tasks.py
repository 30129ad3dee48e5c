"""What is done for members beside their requests."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts import services
from accounts.models import Inquiry, LoginRecord
from portal.shared.tasks import after_commit

_LOST = timedelta(seconds=30)  # an inquiry this old was not worked off when it was written
KEEP_UNKNOWN = timedelta(days=90)


@shared_task
def answer(inquiry_id: int) -> None:
    """Answer one inquiry by email."""
    services.answer(inquiry_id=inquiry_id)


@shared_task
def sweep() -> None:
    """Tell owners of new locks, and answer inquiries whose task was lost."""
    services.tell_of_locks()
    lost = Inquiry.objects.filter(created_at__lte=timezone.now() - _LOST).order_by("pk")
    for inquiry_id in lost.values_list("pk", flat=True)[:200]:
        services.answer(inquiry_id=inquiry_id)


@shared_task
def purge() -> None:
    """Forget old sessions, and old tries at names that no account has; tries at accounts stay for the audit."""
    services.purge_sessions()
    LoginRecord.objects.filter(user=None, at__lt=timezone.now() - KEEP_UNKNOWN).delete()


def answer_soon(inquiry: Inquiry) -> None:
    """Hand an inquiry to the worker; should the broker be away, the sweep finds it."""
    after_commit(answer, inquiry.pk)

"""What is done for bills beside requests: reminders, and word of new bills."""

from celery import shared_task
from django.utils import timezone

from billing import services


@shared_task
def send_reminders() -> None:
    """Queue today's reminders (Eastern) that were not queued yet."""
    services.send_reminders(timezone.localdate())


@shared_task
def tell_of_new_bills() -> None:
    """Tell households of the bills that an import brought."""
    services.tell_of_new_bills()

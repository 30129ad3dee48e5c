"""What is done for bills and cases beside requests: reminders, word of new bills, forgetting."""

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


@shared_task
def purge_cases() -> None:
    """Forget cases kept long enough, and stored files that belong to none."""
    while services.purge_cases():
        pass
    services.forget_lost_files()

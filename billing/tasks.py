"""What is done for bills and cases beside requests."""

from celery import shared_task

from billing import services


@shared_task
def purge_cases() -> None:
    """Forget cases kept long enough, and stored files that belong to none."""
    while services.purge_cases():
        pass
    services.forget_lost_files()

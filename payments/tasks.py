"""Work in the background: events from the gateway, and the sweeps that need no event."""

from datetime import timedelta
from itertools import chain

from celery import shared_task
from django.utils import timezone

from payments import selectors, services


@shared_task
def work_off_event(event_id: int) -> None:
    """Work off one filed event."""
    services.work_off(event_id)


@shared_task
def run_autopay() -> None:
    """Announce the draws that are coming and make those that are due today."""
    services.run_autopay(timezone.localdate())


@shared_task
def sweep_events() -> None:
    """Work off what is due and was not: the broker was away, the worker died, the gateway did not answer."""
    for event_id in selectors.due_event_ids():
        services.work_off(event_id)


@shared_task
def take_pulse() -> None:
    """Ask the gateway whether it takes our key and has our time."""
    services.take_pulse()


@shared_task
def sweep_stalled() -> None:
    """Finish what nobody came back for; let the gateway forget what a member removed while it did not answer."""
    for _swept in services.sweep_stalled():
        continue
    for saved in selectors.unfinished_removals(older_than=timedelta(minutes=2)):
        services.finish_removal(saved)


@shared_task
def sweep_refunds() -> None:
    """Ask how refunds stand whose answer was lost or whose event never came, and how disputes that are open do."""
    for _swept in chain(services.sweep_refunds(), services.sweep_disputes()):
        continue


@shared_task
def sweep_processing() -> None:
    """Ask how bank debits and accounts that wait for small deposits stand, in case their event never came."""
    for _swept in services.sweep_processing():
        continue


@shared_task(soft_time_limit=3300, time_limit=3600)
def reconcile(part: str) -> None:
    """Compare one part of our books with the gateway's. What cannot be asked today is in the run, and tried again."""
    services.reconcile([part])


@shared_task
def remind_of_deposits() -> None:
    """Remind the members who have not told of the small deposits yet."""
    for payment in selectors.payments_waiting_for_deposits():
        services.remind_of_deposits(payment)


@shared_task
def purge_authorizations() -> None:
    """Forget what members agreed to, once it was kept long enough."""
    services.purge_authorizations()


@shared_task(acks_late=False, time_limit=3600, soft_time_limit=3540)  # not handed out again while it is still at it
def check_books() -> None:
    """Prove the books; staff hear of what disagrees."""
    services.check_books()

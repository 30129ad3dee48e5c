"""Work in the background: events from the gateway, and the sweeps that need no event."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from payments import selectors, services


@shared_task
def work_off_event(event_id: int) -> None:
    """Work off one filed event."""
    services.work_off(event_id)


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
    """Resolve payments whose outcome is unknown or whose member left the bank's check; close what was never sent."""
    for payment in selectors.stalled_payments(older_than=timedelta(minutes=2)):
        services.resolve(payment)
    for payment in selectors.unfinished_payments(before=timezone.now() - services.UNFINISHED_AFTER):
        services.drop_unfinished(payment)


@shared_task
def sweep_refunds() -> None:
    """Ask how refunds stand whose answer was lost or whose event never came, and how disputes that are open do."""
    for refund in selectors.unsettled_refunds(sending=timedelta(minutes=2), pending=timedelta(minutes=50)):
        services.follow_refund(refund)
    for dispute in selectors.open_disputes(older_than=timedelta(minutes=50)):
        services.follow_dispute(dispute)


@shared_task
def sweep_processing() -> None:
    """Ask how bank debits and accounts that wait for small deposits stand, in case their event never came."""
    for payment in selectors.processing_payments(older_than=timedelta(minutes=50)):
        services.resolve(payment)


@shared_task
def remind_of_deposits() -> None:
    """Remind the members who have not told of the small deposits yet."""
    for payment in selectors.payments_waiting_for_deposits():
        services.remind_of_deposits(payment)


@shared_task
def purge_authorizations() -> None:
    """Forget what members agreed to, once it was kept long enough."""
    services.purge_authorizations()

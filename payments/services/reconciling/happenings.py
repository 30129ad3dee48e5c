"""Part `events`: what the gateway would have told our webhook, and did not, or we were not there to hear."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from payments.gateway import gateway
from payments.gateway.port import ListedEvent
from payments.models import GatewayEvent, Payment
from payments.services.events import TYPES, file_notice, work_off
from payments.services.reconciling.sheets import Difference, Kind, Sheet, batches

ON_ITS_WAY = timedelta(minutes=10)  # younger ones may still be told to the webhook


def catch_up(sheet: Sheet, since: datetime, until: datetime | None) -> None:
    """File the events of this time that were never filed, and work them off, each once."""
    for batch in batches(gateway().events(TYPES, since, until)):
        sheet.looked(len(batch))
        ids = [event.notice.event_id for event in batch]
        filed = set(GatewayEvent.objects.filter(event_id__in=ids).values_list("event_id", flat=True))
        for event in reversed(batch):
            if event.notice.event_id not in filed:
                _take(sheet, event)


def _take(sheet: Sheet, event: ListedEvent) -> None:
    is_late = event.created_at < timezone.now() - ON_ITS_WAY
    if sheet.dry_run:
        if is_late:
            _tell(sheet, event)
        return
    row = file_notice(event.notice)
    if row is None:
        return
    work_off(row.pk)
    row.refresh_from_db()
    if is_late and row.status != GatewayEvent.Status.IGNORED:
        _tell(sheet, event)


def _tell(sheet: Sheet, event: ListedEvent) -> None:
    about, told = event.notice.object_id, "told by the webhook"
    charge = Q(intent_id=about) | Q(charge_id=about)
    payment = Payment.objects.filter(charge | Q(refunds__gateway_id=about) | Q(disputes__gateway_id=about)).first()
    what, event_id = event.notice.type, event.notice.event_id
    sheet.mended(Difference(Kind.EVENT_MISSED, told, what, event.created_at, payment, event_id))

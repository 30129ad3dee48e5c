"""Filing what the gateway tells us, once, and working it off: a hint is never a fact, so the gateway is asked again."""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from payments.gateway import gateway, port
from payments.gateway.port import Notice, RefundFacts
from payments.models import GatewayEvent, Payment, Refund
from payments.services.applying import apply_intent, named_in
from payments.services.attention import raise_attention
from payments.services.disputes import apply_dispute
from payments.services.refunding import apply_refund
from payments.services.saving import look_again, look_at_mandate
from portal.shared import audit

log = logging.getLogger(__name__)
WAITS = (5, 15, 60, 300, 600, 1200, 1800, 3600, 3600)  # seconds; together more than an hour
LEASE = timedelta(minutes=5)  # a worker that holds an event longer than this has died
TYPES = (  # those that are worked off here; the gateway is asked for no others
    "payment_intent.processing",
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.requires_action",
    "payment_intent.canceled",
    "charge.updated",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "payment_method.automatically_updated",
    "payment_method.detached",
    "mandate.updated",
)
_Status = GatewayEvent.Status


class NotYetKnown(Exception):
    """The event is about a charge of this deployment that has no payment here, perhaps not yet."""


def file_notice(notice: Notice) -> GatewayEvent | None:
    """Keep the event once and return it; None when it was filed before, be it at the same instant."""
    row = GatewayEvent(
        event_id=notice.event_id,
        type=notice.type,
        object_id=notice.object_id,
        livemode=notice.live,
        api_version=notice.api_version[:40],
    )
    if notice.is_foreign_version:
        _warn_of_version(notice)
    GatewayEvent.objects.bulk_create([row], ignore_conflicts=True)
    filed = GatewayEvent.objects.get(event_id=notice.event_id)
    return filed if filed.received_at == row.received_at else None


def work_off(event_id: int) -> None:
    """Do what an event asks for, unless it is done or another worker has it. Errors are kept for the next try."""
    event = _leased(event_id)
    if event is None:
        return
    try:
        event.status = _Status.DONE if _handle(event) else _Status.IGNORED
        event.error = ""
    except Exception as error:  # a fault of ours must never lose the event
        log.exception("event %s not worked off", event.pk)
        _put_off(event, type(error).__name__)
    event.save(update_fields=["status", "error", "next_try_at"])


@transaction.atomic
def _leased(event_id: int) -> GatewayEvent | None:
    now = timezone.now()
    due = GatewayEvent.objects.select_for_update(skip_locked=True)
    event = due.filter(pk=event_id, status=_Status.RECEIVED, next_try_at__lte=now).first()
    if event:
        event.tries += 1
        event.next_try_at = now + LEASE
        event.save(update_fields=["tries", "next_try_at"])
    return event


def _handle(event: GatewayEvent) -> bool:
    """Return whether the event concerned us."""
    if event.livemode != settings.STRIPE_LIVE:
        raise_attention(
            key=f"mode:{event.event_id}",
            kind="event of the other mode",
            detail=f"{event.type} {event.event_id}",
        )
        return False
    handlers = (handle for start, handle in HANDLERS.items() if event.type.startswith(start))
    return next(handlers, lambda _: False)(event.object_id)


def _about_intent(intent_id: str) -> bool:
    try:
        intent = gateway().intent(intent_id)
    except port.Refused:
        raise_attention(key=f"unknown:{intent_id}", kind="event of another account", detail=f"about {intent_id}")
        return False
    if intent.metadata.get("deployment") != settings.DEPLOYMENT_ID:
        return False
    uuid = named_in(intent.metadata, "payment")
    if uuid is None:
        return _names_nothing("payment", intent_id)
    apply_intent(_payment_of(uuid), intent, via="webhook")
    return True


def _about_dispute(dispute_id: str) -> bool:
    dispute = gateway().dispute(dispute_id)
    intent_id = dispute.intent_id or gateway().intent_of_charge(dispute.charge_id)
    if not intent_id or not _about_intent(intent_id):
        return False
    payment = Payment.objects.get(intent_id=intent_id)
    apply_dispute(payment, dispute, via="webhook")
    return True


def _about_charge(charge_id: str) -> bool:
    intent_id = gateway().intent_of_charge(charge_id)
    return bool(intent_id) and _about_intent(intent_id)


def _about_refund(refund_id: str) -> bool:
    """A refund of ours, or one of our charges that somebody else sent back: that one waits for staff."""
    try:
        facts = gateway().refund_state(refund_id)
    except port.Refused:
        return False
    if facts.metadata.get("deployment") != settings.DEPLOYMENT_ID:
        return _made_elsewhere(facts)
    uuid = named_in(facts.metadata, "refund")
    if uuid is None:
        return _names_nothing("refund", facts.id)
    refund = Refund.objects.filter(uuid=uuid).select_related("payment__payer").first()
    if refund is None:
        raise NotYetKnown(facts.id)
    apply_refund(refund, facts)
    return True


def _made_elsewhere(facts: RefundFacts) -> bool:
    payment = Payment.objects.filter(intent_id=facts.intent_id).first()
    if payment is None:
        return False
    raise_attention(
        key=f"{payment.reference}:refund elsewhere:{facts.id}",
        kind="refund made elsewhere",
        detail=f"{facts.id} of {facts.amount_cents} cents was not asked for here; our books do not have it.",
        payment=payment,
    )
    return True


HANDLERS = {
    "payment_intent.": _about_intent,
    "charge.dispute.": _about_dispute,
    "refund.": _about_refund,
    "charge.refund.": _about_refund,
    "charge.updated": _about_charge,
    "payment_method.": look_again,
    "mandate.updated": look_at_mandate,
}


def _names_nothing(noun: str, gateway_id: str) -> bool:
    """What this deployment makes at the gateway names what it is for: this does not, and waiting would not help."""
    raise_attention(
        key=f"nameless:{gateway_id}",
        kind=f"names no {noun} here",
        detail=f"{gateway_id} has this deployment's mark and names no {noun} that could be ours.",
    )
    return False


def _payment_of(uuid: UUID) -> Payment:
    payment = Payment.objects.filter(uuid=uuid).first()
    if payment is None:
        raise NotYetKnown(str(uuid))
    return payment


def _put_off(event: GatewayEvent, error: str) -> None:
    event.error = error
    if event.tries > len(WAITS):
        event.status = _Status.DEAD
        raise_attention(
            key=f"dead:{event.event_id}",
            kind="event not worked off",
            detail=f"{event.type} {event.event_id}: {error}",
        )
    else:
        event.next_try_at = timezone.now() + timedelta(seconds=WAITS[event.tries - 1])


def _warn_of_version(notice: Notice) -> None:
    """Only ids are read, so the event is taken; but whoever set up the endpoint must know. Once a version."""
    log.warning("event %s has version %s", notice.event_id, notice.api_version)
    raise_attention(
        key=f"version:{notice.api_version}"[:150],
        kind="events of another version",
        detail=f"The endpoint sends version {notice.api_version[:40]}; set it to the one that we use.",
    )


def replay(*, event: GatewayEvent, actor: Any, address: str | None) -> bool:
    """Let an event that was given up be tried anew, from the first wait on. False when it was not given up. Audited."""
    again = {"status": _Status.RECEIVED, "tries": 0, "error": "", "next_try_at": timezone.now()}
    with transaction.atomic():
        if not GatewayEvent.objects.filter(pk=event.pk, status=_Status.DEAD).update(**again):
            return False
        audit.record("event replayed", event, actor=actor, address=address)
    return True

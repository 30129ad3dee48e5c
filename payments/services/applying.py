"""Taking what the gateway says of a charge into our books, whoever brought it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from payments.gateway import gateway
from payments.gateway.port import Intent, IntentStatus
from payments.models import Payment
from payments.services.attention import raise_attention
from payments.services.moving import move
from payments.services.saving import keep
from payments.states import LIVE, Status

REPORTED = {
    IntentStatus.AWAITING_MEMBER: Status.AWAITING_MEMBER,
    IntentStatus.PROCESSING: Status.PROCESSING,
    IntentStatus.SUCCEEDED: Status.PAID,
    IntentStatus.FAILED: Status.FAILED,
    IntentStatus.CANCELED: Status.CANCELED,
}
HARMLESS = frozenset({IntentStatus.UNCONFIRMED, IntentStatus.FAILED, IntentStatus.CANCELED})  # they took no money


def apply_intent(payment: Payment, intent: Intent, *, via: str) -> Payment:
    """Move the payment to where the gateway has its charge; one that is not as we asked goes to staff untouched."""
    wrong = differences(payment, intent)
    if wrong == ["intent"] and intent.status in HARMLESS:
        return payment  # a first charge whose answer was lost: another one took its place
    if wrong:
        raise_attention(
            key=f"{payment.reference}:differs:{intent.id}:{intent.status}",
            kind="charge differs",
            detail=f"{intent.id} is {intent.status}, but {', '.join(wrong)} is not what we asked for",
            payment=payment,
        )
        return payment
    if intent.status is IntentStatus.UNEXPECTED:
        raise_attention(
            key=f"{payment.reference}:unexpected:{intent.id}",
            kind="charge in a strange state",
            detail=f"{intent.id} is in a state that our way of asking cannot produce",
            payment=payment,
        )
    if intent.status not in REPORTED:
        return payment
    changes: dict[str, Any] = {"intent_id": intent.id, "charge_id": intent.charge_id or payment.charge_id}
    if intent.expected_on:
        changes["expected_on"] = intent.expected_on
    if intent.status is IntentStatus.AWAITING_MEMBER and intent.action:
        changes |= {
            "action_kind": intent.action.kind.value,
            "action_url": intent.action.url,
            "deposit_type": intent.action.deposits or "",
            "deposits_arrive_on": intent.action.arrives_on,
        }
    with transaction.atomic():
        payment = move(payment.pk, REPORTED[intent.status], via=via, code=intent.failure_code, **changes)
        if payment.status == Status.PAID:
            keep(payment, intent.paid_with)
    return payment


def refresh(payment: Payment, *, via: str) -> Payment:
    """Ask the gateway how a live payment stands and apply the answer. Raises GatewayError when it cannot be asked."""
    if payment.status not in LIVE or not payment.intent_id:
        return payment
    Payment.objects.filter(pk=payment.pk).update(checked_at=timezone.now())
    return apply_intent(payment, gateway().intent(payment.intent_id), via=via)


def differences(payment: Payment, intent: Intent) -> list[str]:
    """Name what the charge has otherwise than this payment: nothing is posted from such a charge."""
    expected = {
        "amount": (intent.amount_cents, payment.amount_cents),
        "currency": (intent.currency, "usd"),
        "mode": (intent.live, settings.STRIPE_LIVE),
        "payment": (intent.metadata.get("payment"), str(payment.uuid)),
        "deployment": (intent.metadata.get("deployment"), settings.DEPLOYMENT_ID),
        "intent": (intent.id, payment.intent_id or intent.id),
    }
    return [name for name, (found, asked) in expected.items() if found != asked]


def named_in(metadata: Mapping[str, str], noun: str) -> UUID | None:
    """Return which payment or refund a thing at the gateway names; None when it names none that could be ours."""
    try:
        return UUID(metadata.get(noun, ""))
    except ValueError:
        return None

"""The staff's queue of what only a person may decide."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from payments.models import AttentionItem, Dispute, Payment, Refund
from payments.states import POSTED_REFUNDS
from portal.shared import audit


def raise_attention(*, key: str, kind: str, detail: str, payment: Payment | None = None) -> None:
    """Queue a matter for staff; the same key is queued once. `detail` holds no name, number or secret."""
    AttentionItem.objects.get_or_create(key=key, defaults={"kind": kind, "detail": detail[:300], "payment": payment})


def flag_double_credit(payment: Payment) -> None:
    """Queue each pair of a refund and a dispute of one payment: the payer may get the money twice."""
    taken = (
        Dispute.objects.filter(payment=payment).exclude(kind=Dispute.Kind.INQUIRY).exclude(status=Dispute.Status.WON)
    )
    for refund in Refund.objects.filter(payment=payment, status__in=POSTED_REFUNDS):
        for dispute in taken:
            raise_attention(
                key=f"{payment.reference}:double credit:{refund.pk}:{dispute.pk}",
                kind="double credit",
                detail=f"refund {refund.pk} of {refund.amount_cents} cents and dispute {dispute.gateway_id}",
                payment=payment,
            )


@transaction.atomic
def resolve_attention(*, item: AttentionItem, actor: Any, resolution: str, address: str | None) -> None:
    """Close a matter with what was done about it. Audited."""
    item.resolved_at, item.resolved_by, item.resolution = timezone.now(), actor, resolution
    item.save(update_fields=["resolved_at", "resolved_by", "resolution"])
    audit.record("attention resolved", item, actor=actor, reason=resolution, address=address)

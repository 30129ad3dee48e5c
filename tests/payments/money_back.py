"""The steps of sending money back, as tests take them through the services."""

from uuid import uuid4

import pytest

from billing.models import Credit
from payments import services
from payments.gateway import port
from payments.services import RefundRefused


def ask(payment, clerk, cents=1000, **facts):
    """Let a clerk ask for a refund."""
    return services.request_refund(payment=payment, amount_cents=cents, reason="Paid twice", actor=clerk, **facts)


def hint(object_id, type_=""):
    """Work off a fresh event about this refund or dispute and return it."""
    type_ = type_ or ("charge.dispute.updated" if object_id.startswith("du_") else "refund.updated")
    event = services.file_notice(port.Notice(f"evt_{uuid4()}", type_, object_id, False, "fake"))
    services.work_off(event.pk)
    event.refresh_from_db()
    return event


def cents(payment) -> dict[str, int]:
    """Return the cents of the payment's money by status, without what was split and what is nothing."""
    credits = Credit.objects.filter(source=payment.reference).exclude(status="superseded")
    return {credit.status: credits.filter(status=credit.status).cents() for credit in credits}


def refused(why):
    """Expect a refusal for exactly this reason."""
    return pytest.raises(RefundRefused, match=f"^{why}$")

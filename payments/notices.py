"""The messages that a payment's life sends to its payer. Quiet: no amount in a subject, no coverage anywhere."""

from django.conf import settings
from django.urls import reverse

from payments import receipts, selectors
from payments.models import Payment
from portal.shared import messages


def tell(payment: Payment, kind: str, *, again: str = "") -> None:
    """Queue one message of `kind` (paid, processing, deposits, failed, returned), in the caller's transaction, once.

    `again` makes it a further copy: for support's *send again*, and for the reminder of another day.
    """
    address = reverse("payments:status", args=[payment.reference])
    messages.post(
        key=f"payment:{payment.reference}:{kind}{again and ':' + again}",
        kind=f"payment_{kind}",
        to=payment.payer.email,
        language=payment.language,
        context={"payment_url": settings.SITE_URL + address, "lookup": _Facts(payment)},
    )


class _Facts:
    """The payment's facts, worked out when the template asks, in the language that is then active."""

    def __init__(self, payment: Payment) -> None:
        self._payment = payment

    def rows(self) -> list[tuple[str, str]]:
        return receipts.facts(self._payment)

    def split(self) -> list[receipts.SplitRow]:
        return receipts.split_rows(receipts.split_of(self._payment))

    def reason(self) -> str:
        return receipts.reason_text(self._payment)

    def dates(self) -> object:
        return receipts.dates_of(self._payment)

    def deposits(self) -> receipts.Deposits:
        return receipts.deposits_of(self._payment)

    def authorization(self) -> str:
        record = selectors.authorization_in_force(self._payment)
        return record.text if record else ""

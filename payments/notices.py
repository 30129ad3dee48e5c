"""The messages that a payment's life sends to its payer. Quiet: no amount in a subject, no coverage anywhere."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts import notices as accounts
from accounts.models import Kind
from accounts.selectors import wants_email
from payments import receipts, selectors
from payments.models import AutopayDraw, AutopayEnrollment, Dispute, Payment, Refund
from payments.rules import REFUND_SHOWS_WITHIN
from portal.shared import messages

_KINDS = {"paid": Kind.PAYMENT_CONFIRMED, "failed": Kind.PAYMENT_FAILED, "returned": Kind.PAYMENT_RETURNED}


def tell(payment: Payment, kind: str, *, again: str = "") -> None:
    """Queue a message in the caller's transaction, once: paid, processing, deposits, failed, canceled, returned.

    `again` makes it a further copy: for support's *send again*, and for the reminder of another day.
    """
    about = _KINDS.get(kind)
    if about and not again:
        accounts.by_text(payment.payer, about, key=f"payment:{payment.reference}:{kind}")
    is_draws = payment.off_session and kind == "failed"  # the member was not there to see why
    if about and not is_draws and not wants_email(payment.payer, about):
        return  # a draw's failure is always told: nobody was there to see it
    context = {"pay_url": settings.SITE_URL + reverse("payments:new")}
    _post(payment, f"{kind}{again and ':' + again}", "autopay_failed" if is_draws else f"payment_{kind}", context)


def tell_of_refund(refund: Refund) -> None:
    """Queue the message that fits the refund's status (pending, succeeded, failed), once."""
    context = {"amount_cents": refund.amount_cents}
    _post(refund.payment, f"refund:{refund.uuid}:{refund.status}", f"refund_{refund.status}", context)


def tell_of_dispute(dispute: Dispute, what: str) -> None:
    """Queue the message that a card's bank looks into a payment (opened), or decided that it counts (won), once."""
    _post(dispute.payment, f"dispute:{dispute.gateway_id}:{what}", f"dispute_{what}", {})


def _post(payment: Payment, key: str, kind: str, context: dict[str, Any]) -> None:
    address = reverse("payments:status", args=[payment.reference])
    messages.post(
        key=f"payment:{payment.reference}:{key}",
        kind=kind,
        to=payment.payer.email,
        language=payment.payer.language,
        context={"payment_url": settings.SITE_URL + address, "lookup": _Facts(payment)} | context,
    )


def tell_staff_of_books(count: int, rules: list[tuple[str, int]]) -> None:
    """Queue one email a night to each address of staff: how many disagreements there are, and of which rules."""
    address = reverse("admin:payments_attentionitem_changelist")
    for to in settings.STAFF_EMAIL:
        messages.post(
            key=f"books:{timezone.localdate()}:{to}",
            kind="books_disagree",
            to=to,
            context={"count": count, "rules": rules, "queue_url": settings.SITE_URL + address},
        )


def tell_of_autopay(enrollment: AutopayEnrollment, kind: str) -> None:
    """Queue the message that autopay is `on`, with what was agreed to, or `off`, with the reason; once each."""
    messages.post(
        key=f"autopay:{enrollment.reference}:{kind}",
        kind=f"autopay_{kind}",
        to=enrollment.user.email,
        language=enrollment.user.language,
        context={
            "autopay_url": settings.SITE_URL + reverse("payments:autopay"),
            "lookup": _EnrollmentFacts(enrollment),
        },
    )


def tell_of_draw(draw: AutopayDraw, kind: str) -> None:
    """Queue the `notice` of a draw that is coming, or that its bill is `above_limit`; once for each announcement."""
    enrollment = draw.enrollment
    messages.post(
        key=f"draw:{draw.reference}:{kind}:{draw.notices}",
        kind=f"autopay_{kind}",
        to=enrollment.user.email,
        language=enrollment.user.language,
        context={
            "draw_url": settings.SITE_URL + reverse("payments:draw", args=[draw.reference]),
            "pay_url": f"{settings.SITE_URL}{reverse('payments:new')}?bill={draw.bill.reference}",
            "lookup": _DrawFacts(draw),
        },
    )


class _EnrollmentFacts:
    """Autopay's facts, worked out when the template asks, in the language that is then active."""

    def __init__(self, enrollment: AutopayEnrollment) -> None:
        self._enrollment = enrollment

    def rows(self) -> list[tuple[str, str]]:
        return receipts.autopay_facts(self._enrollment)

    def agreement(self) -> str:
        return self._enrollment.agreement.text

    def end(self) -> str:
        return receipts.end_text(self._enrollment)


class _DrawFacts:
    """A draw's facts, in the language that is active when the template asks."""

    def __init__(self, draw: AutopayDraw) -> None:
        self._draw = draw

    def rows(self) -> list[tuple[str, str]]:
        return receipts.draw_facts(self._draw)


class _Facts:
    """The payment's facts, worked out when the template asks, in the language that is then active."""

    def __init__(self, payment: Payment) -> None:
        self._payment = payment

    def rows(self) -> list[tuple[str, str]]:
        return receipts.facts(self._payment)

    def split(self) -> list[receipts.SplitRow]:
        return receipts.split_rows(receipts.split_of(self._payment))

    def pays_a_bill(self) -> bool:
        return receipts.pays_a_bill(self._payment)

    def method(self) -> str:
        return receipts.method_text(self._payment)

    def refund_days(self) -> int:
        return REFUND_SHOWS_WITHIN[self._payment.method]

    def reason(self) -> str:
        return receipts.reason_text(self._payment)

    def dates(self) -> object:
        return receipts.dates_of(self._payment)

    def deposits(self) -> receipts.Deposits:
        return receipts.deposits_of(self._payment)

    def authorization(self) -> str:
        record = selectors.authorization_in_force(self._payment)
        return record.text if record else ""

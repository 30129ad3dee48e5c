"""The words of what became of a payment after it was paid: refunds and disputes, never more than is true."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from payments.models import Dispute, Payment, Refund
from payments.rules import EASTERN, REFUND_SHOWS_WITHIN
from payments.states import POSTED_REFUNDS, RefundStatus
from portal.shared.money import usd

_R, _D = RefundStatus, Dispute.Status


def day_text(moment: datetime) -> str:
    """Return the Eastern day of a moment, as the reader's language writes it."""
    return date_format(moment.astimezone(EASTERN).date(), "DATE_FORMAT")


def paid_text(payment: Payment) -> str:
    """Return how a paid payment stands in a few words: whether a bank looks into it, and what was refunded."""
    if is_disputed(payment):
        return _("Your bank is looking into it")
    done, on_its_way = refunded_cents(payment)
    if on_its_way:
        return _("Paid, refund on its way")
    if done == payment.amount_cents:
        return _("Refunded")
    return _("Paid, %(amount)s refunded") % {"amount": usd(done)} if done else _("Paid")


def is_disputed(payment: Payment) -> bool:
    """Return whether a card's bank looks into the payment and has not decided."""
    return any(dispute.status == _D.OPEN and dispute.kind == Dispute.Kind.CARD for dispute in payment.disputes.all())


def refunded_cents(payment: Payment) -> tuple[int, int]:
    """Return the cents that were refunded, and those of refunds on their way."""
    refunds = list(payment.refunds.all())
    done = _cents(refunds, [_R.SUCCEEDED])
    return done, _cents(refunds, POSTED_REFUNDS) - done


def is_refunded(payment: Payment) -> bool:
    """Return whether the whole amount was refunded."""
    return _cents(payment.refunds.all(), [_R.SUCCEEDED]) == payment.amount_cents


def rows(payment: Payment) -> list[dict[str, str]]:
    """Return refunds and card disputes as steps of a timeline, oldest first; requests say nothing yet."""
    steps = [_refund_row(refund, payment) for refund in payment.refunds.all() if refund.sent_at]
    steps += [_dispute_row(dispute) for dispute in payment.disputes.all() if dispute.kind == Dispute.Kind.CARD]
    steps.sort(key=lambda step: step[0])
    return [
        {"label": label, "date_text": day_text(moment), "state": state, "note": note}
        for moment, label, state, note in steps
    ]


Step = tuple[datetime, str, str, str]  # when, what, done or current, what it means


def _refund_row(refund: Refund, payment: Payment) -> Step:
    facts = {"amount": usd(refund.amount_cents), "days": REFUND_SHOWS_WITHIN[payment.method]}
    began, ended = refund.sent_at or refund.created_at, refund.ended_at or refund.created_at
    if refund.status == _R.SENDING:
        return began, _("A refund of %(amount)s is being sent") % facts, "current", _("We wait for the answer.")
    if refund.status == _R.PENDING:
        note = _("It can take up to %(days)s business days to show in your account.") % facts
        return began, _("A refund of %(amount)s is on its way") % facts, "current", note
    if refund.status == _R.SUCCEEDED:
        note = _("Your bank can take up to %(days)s business days to show it.") % facts
        return ended, _("%(amount)s was refunded") % facts, "done", note
    note = _("It was not paid to you. We know about it and are looking for another way.")
    return ended, _("A refund of %(amount)s did not go through") % facts, "current", note


def _dispute_row(dispute: Dispute) -> Step:
    ended = dispute.closed_at or dispute.opened_at
    if dispute.status == _D.OPEN:
        note = _("You do not need to pay it again until the bank decides.")
        return dispute.opened_at, _("Your card's bank is looking into this payment"), "current", note
    if dispute.status == _D.WON:
        return ended, _("The bank looked into it: this payment stands"), "done", ""
    return ended, _("Your card's bank took this payment back"), "current", ""


def _cents(refunds: Iterable[Refund], statuses: Iterable[str]) -> int:
    return sum(refund.amount_cents for refund in refunds if refund.status in statuses)

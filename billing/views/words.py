"""The words of what is owed, made from data alone: nothing speaks of coverage ending, nothing is promised."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from billing.models import Adjustment, BillLine, Credit
from billing.rules import Standing
from billing.selectors import Account, OwedBill
from portal.shared.money import usd

AGENCY_WORDS = {"monthly premium": pgettext_lazy("on a bill", "Monthly premium")}
"""What the agency writes on the lines of bills and we can say in every language, in small letters."""


@dataclass(frozen=True)
class SafeLine:
    """The answer to *is my coverage safe?*: the kind of its box, one line, and what helps."""

    kind: str
    title: str
    body: str


def safe_line(account: Account) -> SafeLine:
    """Return the first line of the account: nothing due, pay by a day, or a payment is late (domain.md)."""
    way = _on_its_way(account)
    if account.is_overdue:
        return SafeLine("warning", _("A payment is late. Pay or talk to us."), way or _("We can help you find a way."))
    if account.waiting_cents:
        return SafeLine("warning", _("A payment waits for you."), way)
    if account.next_due_on:
        return SafeLine("info", _("Pay by %(day)s.") % {"day": day(account.next_due_on)}, way)
    if account.held_cents:
        title = _("A payment of %(amount)s is not finished yet.") % {"amount": usd(account.held_cents)}
        return SafeLine("info", title, _("It counts once it is paid. You can follow it below."))
    if account.disputed_cents:
        title = _("Your card's bank is looking into a payment of %(amount)s.") % {"amount": usd(account.disputed_cents)}
        return SafeLine(
            "info", title, _("You do not need to pay it again now. We will write to you when we know more.")
        )
    return SafeLine("success", _("Nothing is due today."), _("You owe nothing now."))


def _on_its_way(account: Account) -> str:
    """Return what is known of money that has not arrived: nothing that waits for the member is called sent."""
    if account.waiting_cents:
        amount = usd(account.waiting_cents)
        return _("Your payment of %(amount)s is not sent yet. Open it below and do the next step.") % {"amount": amount}
    if account.held_cents:
        return _("Your payment of %(amount)s is on its way.") % {"amount": usd(account.held_cents)}
    return ""


def due_lines(account: Account) -> list[str]:
    """Return what is late since when, and what is due next, each with its own amount; empty when nothing is owed."""
    lines = []
    if account.late_bills:
        facts = {"amount": _sum(account.late_bills), "day": day(account.late_bills[0].due_on)}
        lines.append(_("%(amount)s is late. It was due %(day)s.") % facts)
    if account.next_bills:
        facts = {"amount": _sum(account.next_bills), "day": day(account.next_bills[0].due_on)}
        lines.append(_("%(amount)s is due %(day)s.") % facts)
    return lines


def _sum(bills: list[OwedBill]) -> str:
    return usd(sum(bill.payable_cents for bill in bills))


def standing_text(standing: Standing, *, is_disputed: bool = False, waits_for_member: bool = False) -> str:
    """Return a bill's standing in a few words."""
    if waits_for_member and standing == Standing.IN_PROGRESS:
        return _("Waiting for you")
    if is_disputed and standing == Standing.IN_PROGRESS:
        return _("The bank is looking into it")
    return {
        Standing.PAID: pgettext("bill", "Paid"),
        Standing.IN_PROGRESS: _("Payment on its way"),
        Standing.DUE: pgettext("bill", "Due"),
        Standing.OVERDUE: pgettext("bill", "Late"),
    }[standing]


def credit_text(status: str, *, waits_for_member: bool = False) -> str:
    """Return in plain words what became of money."""
    if waits_for_member and status == Credit.Status.HELD:
        return _("Waiting for you")
    return {
        Credit.Status.HELD: _("On its way"),
        Credit.Status.SETTLED: _("Paid"),
        Credit.Status.DISPUTED: _("The bank is looking into it"),
        Credit.Status.REVERSED: _("Not counted any more"),  # refunded or taken back: the payment's page says which
    }[Credit.Status(status)]


def line_text(line: BillLine) -> str:
    """Return what a line is for, in the reader's language where we know the agency's word for it.

    Of an adjustment its kind and the agency's reason.
    """
    if line.adjustment is None:
        return str(AGENCY_WORDS.get(line.description.strip().casefold(), line.description))
    kind = {
        Adjustment.Kind.WAIVER: _("Waiver"),
        Adjustment.Kind.CREDIT: pgettext("taken off a bill", "Credit"),
        Adjustment.Kind.CORRECTION: _("Correction"),
        Adjustment.Kind.WRITE_OFF: _("No longer owed"),
    }[Adjustment.Kind(line.adjustment.kind)]
    return _("%(kind)s: %(reason)s") % {"kind": kind, "reason": line.adjustment.reason}


def line_note(line: BillLine) -> str:
    """Return what an adjustment does to the bill, and from when it counts; '' for a line of the bill itself."""
    if line.adjustment is None:
        return ""
    if line.amount_cents < 0:
        text = _("MassHealth took this off your bill. It counts from %(day)s.")
    else:
        text = _("MassHealth added this to your bill. It counts from %(day)s.")
    return text % {"day": day(line.adjustment.effective_on)}


def day(on: date) -> str:
    """Return a day as the reader's language writes it: 'December 1, 2026'."""
    return date_format(on, "DATE_FORMAT")


def day_of(at: datetime) -> str:
    """Return the day of a moment in Massachusetts."""
    return day(timezone.localtime(at).date())


def month(period: date) -> str:
    """Return the month that a bill is for: 'November 2026'."""
    return date_format(period, "YEAR_MONTH_FORMAT")

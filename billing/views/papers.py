"""Statements and the summary of a year as documents: plain text, in the reader's language, for the templates."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.models import BillLine, BillRevision
from billing.selectors import OwedBill
from billing.statements import Year
from billing.views import rows, words
from portal.shared.money import usd
from portal.shared.pdf import Document, framed
from portal.shared.references import spaced

HELP_PAGE = "billing:cannot_pay"


def statement(
    bill: OwedBill,
    revision: BillRevision,
    lines: Iterable[BillLine],
    *,
    reader: str,
    today: date,
    arrears_cents: int,
    replaced_at: datetime | None,
) -> Document:
    """Return a version of a bill; the newest one says how it stands today as well."""
    head = [*rows.bill_head(bill.number, revision), (_("Made for"), reader)]
    if bill.revision > 1:
        head.append((_("Version"), f"{revision.number} / {bill.revision}"))
    month = words.month(revision.period)
    data = framed(
        title=_("Bill for %(month)s") % {"month": month},
        foot=_("Bill %(number)s") % {"number": bill.number},
        lead=_replaced(replaced_at),
        facts=head,
        lines_title=_("Why this amount?"),
        lines_head=[_("Person"), _("What it is for"), _("Amount")],
        lines=[_line(row) for row in rows.line_rows(lines, bill)],
        lines_total=[_("Bill total"), usd(revision.total_cents)],
        standing_title=_("On %(day)s") % {"day": words.day(today)},
        standing=[] if replaced_at else [*rows.standing_facts(bill, today), *_arrears(arrears_cents)],
        help_title=_("Questions?"),
        help=_help(),
    )
    return Document(statement_name(bill, revision), "statement", data)


def statement_name(bill: OwedBill, revision: BillRevision) -> str:
    """Return the name of a statement's file: the month and the bill's random reference, nothing of a person."""
    version = f"-version-{revision.number}" if bill.revision > 1 else ""
    return f"statement-{revision.period:%Y-%m}-{bill.reference}{version}"


def summary(year: Year, *, reader: str, today: date) -> Document:
    """Return a year's summary: what was billed, to whom, and what was paid and when."""
    data = framed(
        title=_("Summary for %(year)s") % {"year": year.year},
        foot=_("Made on %(day)s") % {"day": words.day(today)},
        facts=[*year_facts(year), (_("Made for"), reader)],
        bills_title=_("Bills"),
        bills_head=bills_head(),
        bills=[[row.month, row.due, row.total, row.paid, row.left] for row in rows.year_rows(year.bills)],
        people_title=_("For whom"),
        people_head=[_("Person"), _("Billed")],
        people=people_rows(year),
        payments_title=_("Payments in %(year)s") % {"year": year.year},
        payments_head=[_("Date"), _("Confirmation number"), _("Amount")],
        payments=[[words.day_of(paid.at), spaced(paid.source), usd(paid.cents)] for paid in year.payments],
        nothing=pgettext("payments of a year", "None"),
        notes=year_notes(),
    )
    return Document(f"summary-{year.year}", "summary", data)


def bills_head() -> list[str]:
    """Return the names of the columns of a year's bills."""
    return [_("Month"), _("Due date"), _("Billed"), pgettext("amount", "Paid"), _("Left to pay")]


def year_facts(year: Year) -> list[tuple[str, str]]:
    """Return the sums of a year."""
    facts = [
        (_("Billed for %(year)s") % {"year": year.year}, usd(year.billed_cents)),
        (_("Paid of these bills"), usd(year.settled_cents)),
    ]
    if year.open_cents:
        facts.append((_("Not finished yet"), usd(year.open_cents)))
    return [
        *facts,
        (_("Left to pay"), usd(year.payable_cents)),
        (_("Paid in %(year)s, for any bill") % {"year": year.year}, usd(year.sent_cents)),
    ]


def people_rows(year: Year) -> list[list[str]]:
    """Return who is on the year's bills, and with how much."""
    return [[name or _("Your household"), usd(cents)] for name, cents in year.people]


def year_notes() -> list[str]:
    """Return what the sums of a year mean."""
    return [
        _("The date of a payment is the day on which it was sent. A bank payment arrives some days later."),
        _("Money that was sent back, or that a bank looks into, is not counted as paid."),
    ]


def _replaced(at: datetime | None) -> list[str]:
    if at is None:
        return []
    return [_("This is an earlier version of the bill. It was replaced on %(day)s.") % {"day": words.day_of(at)}]


def _line(row: rows.LineRow) -> Sequence[str]:
    return [row.person, f"{row.description}\n{row.note}" if row.note else row.description, row.amount]


def _arrears(cents: int) -> list[tuple[str, str]]:
    return [(_("Still owed from earlier bills, not part of this bill"), usd(cents))] if cents else []


def _help() -> list[str]:
    facts = {
        "site": settings.SITE_URL,
        "help": f"{settings.SITE_URL}{reverse(HELP_PAGE)}",
        "phone": settings.SUPPORT_PHONE,
        "tty": settings.SUPPORT_TTY,
    }
    return [
        _("The amount on a MassHealth notice may not match the bill. The bill is what you owe."),
        _("Pay at %(site)s, or call %(phone)s (TTY %(tty)s).") % facts,
        _("You cannot pay this? See what can be done: %(help)s") % facts,
    ]

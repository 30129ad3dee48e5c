"""The words of cases: what they are called, how they stand, what was said."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from billing.forms.requests import GROUNDS
from billing.models import Case, CaseAttachment, CaseMessage
from billing.services import About
from billing.views import words
from portal.shared.money import usd
from portal.shared.references import spaced

BILLS_NAMED = 12  # on the page of a case; of all others it says how many
REPORTED = {
    Case.Kind.CHARGE.value: gettext_lazy("A charge is wrong"),
    Case.Kind.PERSON.value: gettext_lazy("A person on my bill is wrong"),
    Case.Kind.OTHER.value: gettext_lazy("Something else is wrong"),
    Case.Kind.SUSPICIOUS.value: gettext_lazy("A suspicious message"),
}
KINDS = REPORTED | {
    Case.Kind.PAYMENT.value: gettext_lazy("A payment is missing"),
    Case.Kind.WAIVER.value: gettext_lazy("Request for a hardship waiver"),
    Case.Kind.PLAN.value: gettext_lazy("Request for a payment plan"),
}
STATES = {
    Case.Status.OPEN.value: gettext_lazy("Open. We will answer."),
    Case.Status.ANSWERED.value: gettext_lazy("Answered"),
    Case.Status.WAITING.value: gettext_lazy("Waiting for you"),
    Case.Status.CLOSED.value: gettext_lazy("Closed"),
}


def opened(case: Case) -> str:
    """Return what is said when a case was opened: that it was sent, nothing of how it will be decided."""
    text = {
        Case.Kind.WAIVER: _("We sent your request. Your case number is %(number)s."),
        Case.Kind.PLAN: _("We sent your request. Your case number is %(number)s."),
    }.get(Case.Kind(case.kind), _("We got your message. Your case number is %(number)s."))
    return text % {"number": spaced(case.number)}


def row(case: Case) -> dict[str, Any]:
    """Return a case as a list shows it."""
    return {
        "number": spaced(case.number),
        "url": reverse("cases:case", args=[case.number]),
        "kind": KINDS[case.kind],
        "state": STATES[case.status],
        "is_waiting": case.status == Case.Status.WAITING,
        "day": words.day_of(case.created_at),
    }


def facts(case: Case, *, sees_bills: bool) -> list[tuple[str, Any]]:
    """Return what the page of a case says of it, above what was said; of bills only for who may see them."""
    rows = [
        (_("Case number"), spaced(case.number)),
        (_("Status"), STATES[case.status]),
        (_("Opened"), words.day_of(case.created_at)),
    ]
    about = About(
        bills=list(case.bills.all()), line=case.line, payment_reference=case.payment_reference, place=case.place
    )
    rows += about_rows(about) if sees_bills else []
    if case.grounds:
        rows.append((_("What makes it hard to pay"), "; ".join(str(GROUNDS.get(key, key)) for key in case.grounds)))
    return rows


def about_rows(about: About) -> list[tuple[str, Any]]:
    """Return what a case is about, as rows of a list."""
    rows: list[tuple[str, Any]] = [
        (_("Bill"), f"{words.month(bill.period)} ({bill.number})") for bill in about.bills[:BILLS_NAMED]
    ]
    more = len(about.bills) - BILLS_NAMED
    if more > 0:
        rows.append((_("Bills"), ngettext("%(count)s more", "%(count)s more", more) % {"count": more}))
    if about.line:
        person = about.line.member or _("Your household")
        rows.append((_("Line"), f"{person}: {words.line_text(about.line)}, {usd(about.line.amount_cents)}"))
    if about.payment_reference:
        rows.append((_("Confirmation number"), spaced(about.payment_reference)))
    if about.place == Case.Place.COVERAGE:
        rows.append((_("About"), _("Coverage")))
    if about.place == Case.Place.SECURITY:
        rows.append((_("About"), _("Security")))
    return rows


def plan_rows(case: Case) -> list[dict[str, str]]:
    """Return the days and amounts of the payment plan that a case asks for."""
    return schedule_rows([(date.fromisoformat(day), cents) for day, cents in case.plan])


def schedule_rows(schedule: list[tuple[date, int]]) -> list[dict[str, str]]:
    """Return a payment plan's days and amounts as text."""
    return [{"day": words.day(day), "amount": usd(cents)} for day, cents in schedule]


def has_bills(case: Case) -> bool:
    """Return whether a case is about any bill; its bills are there already."""
    return len(case.bills.all()) > 0


def said(message: CaseMessage, reader: User) -> dict[str, Any]:
    """Return one message as its reader sees it."""
    own = message.author_id == reader.pk
    return {
        "who": _("We wrote") if message.is_staff else _("You wrote") if own else _("Your household wrote"),
        "at": date_format(timezone.localtime(message.created_at), "DATETIME_FORMAT"),
        "text": message.text,
        "files": [
            {"reference": file.reference, "label": _file_text(number, file)}
            for number, file in enumerate(message.attachments.all(), start=1)
        ],
    }


def _file_text(number: int, file: CaseAttachment) -> str:
    facts = {"number": number, "kind": file.get_content_type_display(), "size": max(1, round(file.size / 1024))}
    return _("File %(number)s: %(kind)s, %(size)s KB") % facts

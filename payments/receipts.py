"""The facts of a payment as page, email and CSV tell them: one source, so that they cannot differ."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from billing import selectors as bills
from billing import services as billing
from payments.gateway.port import DepositType
from payments.models import AutopayDraw, AutopayEnrollment, Payment, ProofCode, Receipt, SavedMethod
from payments.money_back import day_text, paid_text
from payments.rules import DEPOSITS_WITHIN, EASTERN, BankDates, bank_dates, reason_for
from payments.states import Status
from portal.shared.money import usd
from portal.shared.references import spaced

BRANDS = {"visa": "Visa", "mastercard": "Mastercard", "amex": "American Express", "discover": "Discover"}


@dataclass(frozen=True)
class SplitRow:
    """One part of a payment: the agency's bill number ('' when kept for the next bill) and cents."""

    bill_number: str
    cents: int
    text: str


def issue(payment: Payment) -> Receipt:
    """Settle the payment's money on the bills and write its one receipt. Call inside the move's transaction.

    It gets a proof code, unless the member made or ended one while the payment was at the bank.
    """
    split = billing.settle(source=payment.source)
    if not ProofCode.objects.filter(payment=payment).exists():
        ProofCode.objects.create(payment=payment)
    return Receipt.objects.create(
        payment=payment, amount_cents=payment.amount_cents, split=[[number, cents] for number, cents in split]
    )


def split_rows(split: list[tuple[str | None, int]]) -> list[SplitRow]:
    """Return the parts of a payment, oldest bill first, as text."""
    periods = bills.periods_of([number for number, _cents in split if number])
    return [SplitRow(number or "", cents, _part_text(number, cents, periods)) for number, cents in split]


def _part_text(number: str | None, cents: int, periods: dict[str, date]) -> str:
    if number is None:
        return _("%(amount)s kept for your next bill") % {"amount": usd(cents)}
    month = date_format(periods[number], "YEAR_MONTH_FORMAT")
    return _("%(amount)s for %(month)s (bill %(number)s)") % {"amount": usd(cents), "month": month, "number": number}


def split_of(payment: Payment) -> list[tuple[str | None, int]]:
    """Return where the payment's money is placed: as its receipt says, or as the member reviewed it."""
    receipt = getattr(payment, "receipt", None)
    return [(number, cents) for number, cents in (receipt.split if receipt else payment.reviewed_split)]


def pays_a_bill(payment: Payment) -> bool:
    """Return whether any of the payment's money was for a bill, and not all kept for the next one."""
    return any(number for number, _cents in split_of(payment))


def method_text(payment: Payment | SavedMethod) -> str:
    """Return the method with its last four digits: 'Visa ending in 4242', 'checking account ending in 6789'."""
    if payment.method == Payment.Method.CARD:
        brand = BRANDS.get(payment.brand, _("Card"))
        return _("%(brand)s ending in %(last4)s") % {"brand": brand, "last4": payment.last4} if payment.last4 else brand
    kind = {"checking": _("checking account"), "savings": _("savings account")}.get(
        payment.account_type, _("bank account")
    )
    return _("%(kind)s ending in %(last4)s") % {"kind": kind, "last4": payment.last4} if payment.last4 else kind


def problem_text(saved: SavedMethod) -> str:
    """Return why a saved card or account cannot be used, in plain words; '' when it can."""
    if saved.status == SavedMethod.Status.FLAGGED:
        return {
            SavedMethod.Problem.DISPUTED: _("A payment from it is in dispute at your bank."),
            SavedMethod.Problem.RETURNED: _("Your bank sent a payment back."),
            SavedMethod.Problem.DETACHED: _("Our payment company no longer keeps it."),
            SavedMethod.Problem.BLOCKED: _("Your bank does not let us take payments from this account."),
            SavedMethod.Problem.MANDATE: _("Your permission to take money from this account has ended."),
        }[SavedMethod.Problem(saved.problem)]
    return _("This card is expired.") if saved.is_expired else ""


def draw_text(draw: AutopayDraw) -> str:
    """Return how an announced draw stands, in a few words."""
    if draw.payment:
        return state_text(draw.payment)
    return {
        AutopayDraw.Status.PLANNED: _("Planned"),
        AutopayDraw.Status.SKIPPED: _("Skipped by you"),
    }.get(AutopayDraw.Status(draw.status), _("Not drawn"))


def dates_of(payment: Payment) -> BankDates | None:
    """Return the bank's days of a debit that was authorized; None for a card, and while small deposits are not told."""
    sent_at = _debited_at(payment)
    if payment.method != Payment.Method.BANK or sent_at is None:
        return None
    posted_on = payment.paid_at.astimezone(EASTERN).date() if payment.paid_at else payment.expected_on
    return bank_dates(sent_at, posted_on)


def _debited_at(payment: Payment) -> datetime | None:
    """Return when the gateway was free to send the debit: at once, or when the small deposits were told."""
    if not payment.deposit_type:
        return payment.submitted_at
    told = payment.events.filter(to_status__in=[Status.PROCESSING, Status.PAID]).first()
    return told.at if told else None


def dates_if_sent(payment: Payment, now: datetime) -> BankDates | None:
    """Return the days of a bank debit that would be authorized at this moment; None for a card."""
    return bank_dates(now) if payment.method == Payment.Method.BANK else None


@dataclass(frozen=True)
class Deposits:
    """What a member must know of small deposits on their way: the days, as text, and what the statement shows."""

    arrive_text: str  # '' when the gateway does not say
    until_text: str
    what_text: str
    is_code: bool
    can_tell_here: bool


def deposits_of(payment: Payment) -> Deposits:
    """Return the facts of the small deposits that a payment waits for."""
    is_code, arrives_on = payment.deposit_type == DepositType.CODE, payment.deposits_arrive_on
    sent_at = payment.submitted_at or payment.created_at
    return Deposits(
        arrive_text=date_format(arrives_on, "DATE_FORMAT") if arrives_on else "",
        until_text=date_format((sent_at + DEPOSITS_WITHIN).astimezone(EASTERN), "DATETIME_FORMAT"),
        what_text=_("one deposit of $0.01, with a code beside it that begins with SM")
        if is_code
        else _("two deposits, each of less than $1.00"),
        is_code=is_code,
        can_tell_here=bool(payment.deposit_type),
    )


def timeline(payment: Payment) -> list[dict[str, str]]:
    """Return a bank debit's way as steps with real dates; empty for a card or one that was never sent."""
    dates, status = dates_of(payment), Status(payment.status)
    if dates is None or status not in (Status.PROCESSING, Status.PAID, Status.RETURNED):
        return []
    came = status in (Status.PAID, Status.RETURNED)
    arrived = day_text(payment.paid_at) if payment.paid_at else date_format(dates.expected_on)
    rows = [
        (_("Sent to your bank"), date_format(dates.sent_on), "done")
        if dates.sent_on <= timezone.localdate()
        else (_("Goes to your bank"), date_format(dates.sent_on), "next"),
        (_("Paid") if came else _("Expected to be paid by"), arrived, "done" if came else "current"),
    ]
    if status is Status.RETURNED and payment.ended_at:
        rows.append((_("Returned by your bank"), day_text(payment.ended_at), "current"))
    else:
        rows.append((_("Your bank may still take it back until"), date_format(dates.returnable_until), "next"))
    return [{"label": label, "date_text": text, "state": state, "note": ""} for label, text, state in rows]


def state_text(payment: Payment) -> str:
    """Return the status in a few words, never more than is true."""
    if payment.status == Status.PAID:
        return paid_text(payment)
    return {
        Status.STARTED: _("Not finished"),
        Status.SUBMITTING: _("We are checking"),
        Status.AWAITING_MEMBER: _("Waiting for you"),
        Status.PROCESSING: _("Processing at the bank"),
        Status.FAILED: _("Not paid"),
        Status.CANCELED: _("Canceled"),
        Status.RETURNED: _("Returned by the bank"),
    }[Status(payment.status)]


def reason_text(payment: Payment) -> str:
    """Return why a payment did not go through, and what helps, in plain words without blame."""
    if payment.status == Status.CANCELED:
        return _("You asked us to cancel it.") if payment.cancel_asked_at else _("It was not finished in time.")
    if payment.status == Status.RETURNED and payment.method == Payment.Method.CARD:
        return _("The bank looked into it and decided to give the money back to the card.")
    return {
        "no_funds": _("The bank said there was not enough money in the account."),
        "expired": _("The bank said this card is expired. Please use another card."),
        "details": _("The bank said a card detail did not match. Please check it and try again."),
        "account": _("The bank could not find or use this account. Please check the numbers or use another account."),
        "closed": _("The bank said this account is closed. Please use another account."),
        "stopped": _("The bank said that a stop was placed on this payment. Your bank can tell you more."),
        "frozen": _("The bank said this account cannot be used now. Please call your bank or use another account."),
        "no_debits": _("The bank said this kind of account does not allow such payments. Please use another account."),
        "not_authorized": _("The bank said this account does not allow this payment. Please call your bank."),
        "verification": _("The small deposits were not confirmed, so the bank account could not be used."),
        "deposits_tried": _("What was typed did not match the small deposits, and no more tries are left."),
        "deposits_late": _("The small deposits were not confirmed within 10 days."),
        "deposits_not_taken": _("The bank did not take our small deposits. Please check the account numbers."),
        "asked": _("Your bank wants to check that it is you. That works only when you pay on this website yourself."),
        "authentication": _("Your bank could not confirm that it was you. Please try again or use another card."),
        "unusable": _("This saved card or account can no longer be used. Please choose another way to pay."),
        "try_again": _("The bank could not handle the payment this time. Please try again."),
        "limit": _("The bank said a limit was reached. Please try later or use another way to pay."),
        "declined": _(
            "The bank said no and did not tell us why. Your bank can tell you. You can try another way to pay."
        ),
    }[reason_for(payment.failure_code)]


def facts(payment: Payment) -> list[tuple[str, str]]:
    """Return the facts that page and email show alike: number, amount, method, day, state."""
    return [
        (_("Confirmation number"), spaced(payment.reference)),
        (_("Amount"), usd(payment.amount_cents)),
        (_("Paid with"), capfirst(method_text(payment))),
        (_("Date"), day_text(payment.submitted_at or payment.created_at)),
        (_("Status"), state_text(payment)),
    ]


def page_facts(payment: Payment) -> list[tuple[str, str]]:
    """Return the facts with what a proof needs besides: who paid, whom, and when the money was there."""
    proof = [(_("Paid by"), payment.payer.get_full_name()), (_("Paid to"), settings.PAYEE_NAME)]
    if payment.paid_at:
        proof.append((_("Paid on"), day_text(payment.paid_at)))
    return [*facts(payment), *proof]


def autopay_facts(enrollment: AutopayEnrollment) -> list[tuple[str, str]]:
    """Return what page and email say of an autopay that is on."""
    return wish_facts(enrollment.saved_method, enrollment.days_before, enrollment.limit_cents)


def end_facts(enrollment: AutopayEnrollment) -> list[tuple[str, str]]:
    """Return when and why an autopay ended; nothing while it is on."""
    if enrollment.ended_at is None:
        return []
    return [(_("Ended on"), day_text(enrollment.ended_at)), (_("Why it ended"), end_text(enrollment))]


def wish_facts(saved: SavedMethod, days_before: int, limit_cents: int | None) -> list[tuple[str, str]]:
    """Return how autopay pays: with what, when, and how much at most."""
    earlier = ngettext("%(count)s bank day before the due date", "%(count)s bank days before the due date", days_before)
    when = earlier % {"count": days_before} if days_before else _("On the due date")
    most = usd(limit_cents) if limit_cents is not None else _("No highest amount")
    return [(_("Paid with"), capfirst(method_text(saved))), (_("When"), when), (_("Highest amount"), most)]


def draw_facts(draw: AutopayDraw) -> list[tuple[str, str]]:
    """Return what the notice of a draw says: amount, day, bill, and from what."""
    return [
        (_("Amount"), usd(draw.amount_cents)),
        (_("Day"), date_format(draw.draw_on, "DATE_FORMAT")),
        (_("Bill"), draw.bill.number),
        (pgettext("card or account that pays", "From"), capfirst(method_text(draw.enrollment.saved_method))),
    ]


def end_text(enrollment: AutopayEnrollment) -> str:
    """Return why autopay ended, in plain words without blame."""
    return {
        "member": _("You turned autopay off."),
        "removed": _("You removed the card or account that autopay used."),
        "returned": _("Your bank sent a payment back, so autopay was turned off."),
        "detached": _("Our payment company no longer keeps your card or account, so autopay was turned off."),
        "blocked": _("Your bank does not let us take payments from your account, so autopay was turned off."),
        "mandate": _("Your permission to take money from your account has ended, so autopay was turned off."),
        "disputed": _("A payment is in dispute at your bank, so autopay was turned off."),
        "expired": _("Your card is expired, so autopay was turned off."),
        "roster": _("You are no longer listed as the person who pays these bills, so autopay was turned off."),
    }[enrollment.end_reason]

"""What the pages of paying say when something must be said."""

from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.selectors import Account, Aside
from payments import money_back, receipts, services
from payments.models import Payment
from payments.money_back import day_text
from payments.statements import Entry
from payments.states import Status
from portal.shared.money import usd
from portal.shared.references import spaced


def steps() -> list[str]:
    """Return the names of the steps, in order."""
    return [_("Amount"), _("Details"), _("Review"), _("Receipt")]


def submit_button(payment: Payment) -> str:
    """Return the words of the button that moves money."""
    facts = {"amount": usd(payment.amount_cents), "last4": payment.last4}
    if payment.method != Payment.Method.BANK:
        return _("Pay %(amount)s") % facts
    return {
        "checking": _("Authorize %(amount)s from checking ending %(last4)s"),
        "savings": _("Authorize %(amount)s from savings ending %(last4)s"),
    }.get(payment.account_type, _("Authorize %(amount)s from account ending %(last4)s")) % facts


def amount_refused(least_cents: int, most_cents: int) -> str:
    """Return what amount can be paid."""
    return _("You can pay from %(least)s to %(most)s now.") % {
        "least": usd(least_cents),
        "most": usd(most_cents),
    }


def cannot_use(why: str) -> str:
    """Return why what was entered cannot be used, and what helps."""
    return {
        "expired": _("Too much time has passed. Please enter the details again. You were not charged."),
        "used": _("These details were used before. Please enter them again. You were not charged."),
        "other_method": _("Please enter the details for the way of paying that you chose, or choose another one."),
        "brand": _("We take Visa, Mastercard, American Express and Discover. Please use one of these cards."),
        "saved": _(
            "This saved card or account can no longer be used. Please choose another way. You were not charged."
        ),
        "missing": _("The details did not reach us. Please enter them again. You were not charged."),
    }.get(why, _("We could not use these details. Please enter them again. You were not charged."))


def try_later() -> str:
    """Return what to say when the gateway cannot be asked."""
    return _("We cannot take payments at this moment. You were not charged. Please try again in a few minutes.")


def busy() -> str:
    """Return what to say when the gateway has too many questions."""
    return _("Our payment system is busy. You were not charged. Please wait one minute and try again.")


def already_sent() -> str:
    """Return what to say to the one of two tabs that came too late."""
    return _("A payment for this was already sent. You were not charged again. This is that payment.")


def other_deposits(tries_left: int) -> str:
    """Return how to mend what was typed of the small deposits, and how many tries are left."""
    return ngettext(
        "This is not what we sent. Please compare it with your bank statement and type it again. "
        "You have %(count)s more try.",
        "This is not what we sent. Please compare it with your bank statement and type it again. "
        "You have %(count)s more tries.",
        tries_left,
    ) % {"count": tries_left}


def told_too_often() -> str:
    """Return what to say when a household told of small deposits too often."""
    return _("Those were many tries in one day. Please wait until tomorrow, or call us. Nothing is lost.")


def cannot_check() -> str:
    """Return what to say when nobody can say whether the deposits were the right ones."""
    return _("We could not check this just now. Please wait a few minutes and try again. You were not charged yet.")


def review_changed() -> str:
    """Return what to say when the review on the screen is not today's."""
    return _("This page was out of date, so nothing was sent. Please check it again. You were not charged.")


def not_sent(refused: services.NotSent) -> str:
    """Return why nothing was sent, and what to do."""
    if isinstance(refused, services.TooMuchNow):
        return _("The most you can pay now is %(most)s. Please change the amount. You were not charged.") % {
            "most": usd(refused.limit_cents)
        }
    texts = {
        services.ReviewedDiffers: _(
            "Your bills changed since you opened this page. Please check the new amounts below. You were not charged."
        ),
        services.TooManyTries: _(
            "There were too many tries in a short time. Please wait one hour, or call us. You were not charged."
        ),
        services.AlreadyPaid: _("These bills are already paid. You were not charged again. See “Payments”."),
        services.OnItsWay: _("A payment is already on its way for this. You were not charged again. See “Payments”."),
        services.GatewayBusy: busy(),
    }
    return texts.get(type(refused), try_later())


def cannot_enroll(why: str) -> str:
    """Return why autopay was not turned on."""
    return {
        "already": _("Autopay is on already for your household."),
        "saved": _("This saved card or account can no longer be used. Please choose another one."),
    }.get(why, _("This page was out of date, so nothing was changed. Please check it again."))


def not_that_day(first: date, last: date) -> str:
    """Return to which days a draw can be moved."""
    return _("Choose a bank day from %(first)s to %(last)s. Banks are closed on weekends and holidays.") % {
        "first": date_format(first, "DATE_FORMAT"),
        "last": date_format(last, "DATE_FORMAT"),
    }


def no_such_payment() -> str:
    """Return what to say to a confirmation number that is none of the household's."""
    return _("We found no payment of your household with this number. Compare it with your receipt and type it again.")


def entry_text(entry: Entry) -> str:
    """Return what one entry of the account is."""
    if entry.payment_reference:
        return _money_entry(entry) % {"number": spaced(entry.payment_reference)}
    month = date_format(entry.period, "YEAR_MONTH_FORMAT") if entry.period else ""
    texts = {
        "bill": _("Bill for %(month)s"),
        "change": _("Change of the bill for %(month)s"),
        "waiver": _("Waiver on the bill for %(month)s: %(reason)s"),
        "credit": _("Credit on the bill for %(month)s: %(reason)s"),
        "correction": _("Correction of the bill for %(month)s: %(reason)s"),
        "write_off": _("No longer owed on the bill for %(month)s: %(reason)s"),
    }
    return texts[entry.kind] % {"month": month, "reason": entry.reason}


def _money_entry(entry: Entry) -> str:
    is_taken = entry.cents > 0
    if entry.kind == "payment":
        return _("Payment %(number)s")
    if entry.kind == "return":
        return _("Payment %(number)s was returned") if is_taken else _("Payment %(number)s counts again")
    if entry.kind == "refund":
        return _("Refund of payment %(number)s") if is_taken else _("Refund of payment %(number)s did not arrive")
    if is_taken:
        return _("Payment %(number)s is looked into by the card's bank")
    return _("The card's bank decided: payment %(number)s counts again")


def balance_parts(account: Account, aside: Aside) -> list[tuple[str, str]]:
    """Return what a balance is made of; nothing of it that is zero, but always what is left to pay."""
    parts = [
        (_("On its way to your bills"), aside.held_cents),
        (_("Looked into by the card's bank"), aside.disputed_cents),
        (_("Credit for your next bill"), -account.unplaced_cents),
    ]
    left = (_("Left to pay"), usd(account.owed_cents))
    return [left, *((label, usd(cents)) for label, cents in parts if cents)]


def no_such_proof() -> str:
    """Return what to say to every code that shows no payment, whatever is wrong with it."""
    return _(
        "This code shows no payment. Compare each letter and number with the receipt. "
        "The person who paid may also have ended the code."
    )


def proof_facts(payment: Payment) -> list[tuple[str, str]]:
    """Return what a stranger may know of a payment: how much, to whom, and when. Nothing of the person."""
    facts = [
        (_("Amount"), usd(payment.amount_cents)),
        (_("Paid to"), str(settings.PAYEE_NAME)),
        (_("Sent on"), day_text(payment.submitted_at or payment.created_at)),
    ]
    return [*facts, (_("Paid on"), day_text(payment.paid_at))] if payment.paid_at else facts


def proof_state(payment: Payment) -> tuple[str, str]:
    """Return how a payment stands, for a stranger: the kind of its box, and words that are true today."""
    if payment.status == Status.PROCESSING:
        return "warning", _("Not paid yet. The payer's bank is working on it and can still refuse it.")
    if payment.status == Status.RETURNED:
        return "warning", _("Not paid. It was paid at first, but the payer's bank took the money back.")
    if payment.status != Status.PAID:
        return "warning", _("Not paid. The payment did not go through.")
    if money_back.is_disputed(payment):
        return "warning", _("Not certain. The payer's bank is looking into this payment.")
    return _paid_state(payment)


def _paid_state(payment: Payment) -> tuple[str, str]:
    back, on_its_way = money_back.refunded_cents(payment)
    facts = {"amount": usd(back), "pending": usd(on_its_way)}
    if back == payment.amount_cents:
        return "warning", _("Paid, and then all of it was sent back to the payer.")
    if on_its_way:
        return "warning", _("Paid. A refund of %(pending)s to the payer is on its way.") % facts
    if back:
        return "warning", _("Paid. Of it, %(amount)s was sent back to the payer.") % facts
    dates = receipts.dates_of(payment)
    if dates and timezone.localdate() <= dates.returnable_until:
        day = date_format(dates.returnable_until, "DATE_FORMAT")
        return "warning", _("Paid. The payer's bank may still take it back until %(day)s.") % {"day": day}
    return "success", _("Paid.")

"""The words with which a member authorizes a bank debit (Nacha Operating Rules, WEB debit)."""

from datetime import datetime

from django.conf import settings
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from payments import receipts
from payments.models import Payment, SavedMethod
from payments.rules import BANK_CUTOFF, bank_dates
from portal.shared.legal import beside_english
from portal.shared.money import usd

VERSION = "2026-12"  # another one whenever the words change


def text_for(payment: Payment, *, now: datetime) -> str:
    """Return the authorization as it is shown and kept: in an unreviewed language beside its English.

    It names what Nacha asks for: holder, payee, exact amount, once, account, day, and how and until when to cancel.
    An account to be saved adds what that means (Stripe, ACH mandates): no debit without another agreement.
    """
    return beside_english(lambda: _once_text(payment, now))


def _once_text(payment: Payment, now: datetime) -> str:
    once = _(
        "I am %(holder)s. I allow %(payee)s to take %(amount)s one time from my %(account)s. "
        "The bank may take it on or after %(day)s. I own this account or may use it. "
        "To cancel, I call %(phone)s before %(time)s Eastern time on %(day)s. "
        "After that, it may be too late to stop the payment. If I made a mistake, I call right away."
    ) % {
        "holder": payment.holder_name or payment.payer.get_full_name(),
        "payee": settings.PAYEE_NAME,
        "amount": usd(payment.amount_cents),
        "account": _account(payment),
        "day": date_format(bank_dates(now).sent_on, "DATE_FORMAT"),
        "time": time_format(BANK_CUTOFF, "TIME_FORMAT"),
        "phone": settings.SUPPORT_PHONE,
    }
    return f"{once}\n\n{_keeping_text()}" if payment.saves_method else once


def recurring_text(saved: SavedMethod, *, days_before: int, limit_cents: int | None) -> str:
    """Return what a member agrees to with autopay (Nacha, WEB debit, recurring; 12 CFR 1005.10(b) and (d)).

    Holder, payee, which amount and that it varies, when, the notice, the most, and how and until when to cancel;
    in an unreviewed language beside its English.
    """
    return beside_english(lambda: _recurring_text(saved, days_before, limit_cents))


def _recurring_text(saved: SavedMethod, days_before: int, limit_cents: int | None) -> str:
    facts = {
        "holder": saved.holder_name or saved.user.get_full_name(),
        "payee": settings.PAYEE_NAME,
        "method": receipts.method_text(saved),
        "bank_days": days_before,
        "notice": settings.AUTOPAY_NOTICE_BANK_DAYS,
        "days": settings.AUTOPAY_VARYING_NOTICE_DAYS,
        "limit": usd(limit_cents or 0),
        "phone": settings.SUPPORT_PHONE,
    }
    return "\n\n".join(part % facts for part in _recurring_parts(days_before, limit_cents))


def _recurring_parts(days_before: int, limit_cents: int | None) -> list[str]:
    on_due_day = _("The payment is taken on the due date of the bill, or on the last bank day before it.")
    earlier = ngettext(
        "The payment is taken %(bank_days)s bank day before the due date of the bill.",
        "The payment is taken %(bank_days)s bank days before the due date of the bill.",
        days_before,
    )
    most = _("A bill above %(limit)s is not taken.")
    return [
        _(
            "I am %(holder)s. I allow %(payee)s to take the amount of each bill of my household from my %(method)s. "
            "I own it or may use it. The amount is what is left to pay on the bill, so it may vary from bill to bill. "
            "The oldest open bill is paid first."
        ),
        earlier if days_before else on_due_day,
        *([most] if limit_cents is not None else []),
        ngettext(
            "Before each payment, an email tells me the amount and the day: at least %(notice)s bank day ahead, and "
            "%(days)s days ahead when the amount is not the same as the last time and the bill came early enough. If "
            "a bill comes late, the payment is taken later. I can skip or move a payment until the day before.",
            "Before each payment, an email tells me the amount and the day: at least %(notice)s bank days ahead, and "
            "%(days)s days ahead when the amount is not the same as the last time and the bill came early enough. If "
            "a bill comes late, the payment is taken later. I can skip or move a payment until the day before.",
            settings.AUTOPAY_NOTICE_BANK_DAYS,
        ),
        _(
            "This goes on until I end it. I can end it at any time on this website, or call %(phone)s, at the latest "
            "on the day before a payment. A payment that is already at the bank goes on. It ends by itself when a "
            "payment comes back, or when my card or account can no longer be used."
        ),
    ]


def _keeping_text() -> str:
    return _(
        "I also allow %(payee)s to keep this account for later payments. No money is taken from it later unless I "
        "agree to that payment, or turn on autopay. I can remove the account at any time on this website, or call "
        "%(phone)s."
    ) % {"payee": settings.PAYEE_NAME, "phone": settings.SUPPORT_PHONE}


def _account(payment: Payment) -> str:
    account = receipts.method_text(payment)
    if not payment.bank_name:
        return account
    return _("%(account)s at %(bank)s") % {"account": account, "bank": payment.bank_name}

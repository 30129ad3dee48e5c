"""The words with which a member authorizes a bank debit (Nacha Operating Rules, WEB debit)."""

from datetime import datetime

from django.conf import settings
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from payments import receipts
from payments.models import Payment
from payments.rules import BANK_CUTOFF, bank_dates
from portal.shared.money import usd

VERSION = "2026-11.2"  # another one whenever the words change


def text_for(payment: Payment, *, now: datetime) -> str:
    """Return the authorization as it is shown and kept.

    It names what Nacha asks for: holder, payee, exact amount, once, account, day, and how and until when to cancel.
    """
    return _(
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


def _account(payment: Payment) -> str:
    account = receipts.method_text(payment)
    if not payment.bank_name:
        return account
    return _("%(account)s at %(bank)s") % {"account": account, "bank": payment.bank_name}

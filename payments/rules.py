"""When bank money moves, which cards are taken, and what a refusal means, without asking anyone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.shared.business_days import add_business_days, subtract_business_days

EASTERN = ZoneInfo("America/New_York")
CARD_BRANDS = frozenset({"visa", "mastercard", "amex", "discover"})
BANK_CUTOFF = time(21, 0)  # Eastern; the gateway sends later debits the next business day (Stripe, ACH Direct Debit)
BANK_SETTLES_AFTER = 4  # business days until the gateway reports a debit paid, at most (Stripe, ACH Direct Debit)
BANK_RETURNS_WITHIN = 2  # banking days for most returns (Nacha Operating Rules, R01 to R04)
REFUND_SHOWS_WITHIN = {"card": 10, "bank": 5}  # business days until the payer's bank shows a refund (Stripe, Refunds)
DEPOSITS_WITHIN = timedelta(days=10)  # to tell the gateway of small deposits (Stripe, ACH Direct Debit)
DEPOSIT_TRIES = 10  # until the gateway takes no more
DEPOSIT_REMINDERS = (3, 8)  # days after which the member is reminded


@dataclass(frozen=True)
class BankDates:
    """The days of one bank debit, in Eastern time."""

    sent_on: date
    expected_on: date
    returnable_until: date


def bank_dates(submitted_at: datetime, expected_on: date | None = None) -> BankDates:
    """Return the days of a debit authorized at this moment (aware); the gateway's own estimate wins over ours."""
    local = submitted_at.astimezone(EASTERN)
    day = local.date() if local.time() < BANK_CUTOFF else local.date() + timedelta(days=1)
    sent_on = add_business_days(day, 0)
    expected = expected_on or add_business_days(sent_on, BANK_SETTLES_AFTER)
    return BankDates(sent_on, expected, add_business_days(expected, BANK_RETURNS_WITHIN))


def deposit_reminder_due(submitted_at: datetime, now: datetime) -> int:
    """Return the newest reminder of small deposits that is due, by its day; 0 before the first and after the end."""
    waited = now - submitted_at
    if waited >= DEPOSITS_WITHIN:
        return 0
    return max((day for day in DEPOSIT_REMINDERS if waited >= timedelta(days=day)), default=0)


@dataclass(frozen=True)
class DrawDays:
    """When autopay draws a bill, and when its notice is due, in Eastern days."""

    draw_on: date
    notify_on: date


def draw_days(*, due_on: date, days_before: int, today: date, notice_bank_days: int, notice_days: int) -> DrawDays:
    """Return the days of a draw so many bank days before the due date, or later where the notice would be too short.

    Every draw has a notice of `notice_bank_days` bank days (domain.md, low-balance care). `notice_days` calendar days
    are for an amount that differs from the last one (12 CFR 1005.10(d)), where the bill came early enough for that.
    """
    wanted = subtract_business_days(due_on, days_before)
    draw_on = max(wanted, add_business_days(today, notice_bank_days))
    in_time = min(subtract_business_days(draw_on, notice_bank_days), draw_on - timedelta(days=notice_days))
    return DrawDays(draw_on, in_time)


def brand_is_taken(brand: str) -> bool:
    """Return whether we take cards of this brand."""
    return brand in CARD_BRANDS


REASONS = {
    "insufficient_funds": "no_funds",
    "expired_card": "expired",
    "incorrect_cvc": "details",
    "incorrect_number": "details",
    "incorrect_zip": "details",
    "invalid_cvc": "details",
    "account_closed": "closed",
    "bank_account_closed": "closed",
    "account_frozen": "frozen",
    "bank_account_restricted": "frozen",
    "payment_stopped": "stopped",
    "no_account": "account",
    "incorrect_account_details": "account",
    "invalid_account": "account",
    "bank_account_unusable": "account",
    "debit_not_authorized": "not_authorized",
    "customer_initiated": "not_authorized",
    "payment_method_microdeposit_failed": "deposits_not_taken",
    "payment_method_microdeposit_verification_amounts_mismatch": "verification",
    "payment_method_microdeposit_verification_attempts_exceeded": "deposits_tried",
    "payment_method_microdeposit_verification_descriptor_code_mismatch": "verification",
    "payment_method_microdeposit_verification_timeout": "deposits_late",
    "payment_intent_authentication_failure": "authentication",
    "authentication_required": "asked",
    "method_unusable": "unusable",
    "processing_error": "try_again",
    "bank_cannot_process": "try_again",
    "weekly_limit_exceeded": "limit",
    "card_velocity_exceeded": "limit",
}


RETURNS = {  # Nacha's return codes, where a gateway hands them on
    "R01": "no_funds",
    "R02": "closed",
    "R03": "account",
    "R04": "account",
    "R05": "not_authorized",
    "R07": "not_authorized",
    "R08": "stopped",
    "R09": "no_funds",
    "R10": "not_authorized",
    "R11": "not_authorized",
    "R16": "frozen",
    "R20": "no_debits",
    "R29": "not_authorized",
}


def reason_for(code: str) -> str:
    """Return the kind of reason behind a gateway's code; a lost, stolen or suspected card is only 'declined'."""
    return REASONS.get(code) or RETURNS.get(code.upper(), "declined")

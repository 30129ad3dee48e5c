"""The test cards and test accounts, taken from Stripe's testing page, and what each of them does.

Nothing outside these lists is accepted, so nobody can leave a real number here by mistake.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What happens when money is asked of a card or an account. Codes are Stripe's."""

    code: str = ""  # refused at once (card) or by the bank when the debit settles (account)
    decline_code: str = ""
    at_once: bool = True  # an account whose refusal does not wait for settlement
    authentication: str = ""  # "", "always", "unless_saved": a card that asks its holder first
    dispute: str = ""  # reason of the dispute that follows a success
    inquiry: bool = False  # that dispute is only a question
    refund: str = ""  # "", "pending", "fails"
    risk: str = "normal"
    cvc_check: str = "pass"
    zip_check: str = "pass"
    only_when_saved: bool = False  # attaches, then fails
    never_settles: bool = False
    no_microdeposits: bool = False


def declined(decline_code: str, code: str = "card_declined", **more: object) -> Outcome:
    """Return the outcome of a card whose bank says no."""
    return Outcome(code=code, decline_code=decline_code, **more)  # type: ignore[arg-type]


def returned(code: str) -> Outcome:
    """Return the outcome of an account whose bank sends the debit back before it counted."""
    return Outcome(code=code, at_once=False)


OUTCOMES: dict[str, Outcome] = {
    "success": Outcome(),
    "generic_decline": declined("generic_decline"),
    "insufficient_funds": declined("insufficient_funds"),
    "lost_card": declined("lost_card"),
    "stolen_card": declined("stolen_card"),
    "card_velocity_exceeded": declined("card_velocity_exceeded"),
    "expired_card": declined("expired_card", code="expired_card"),
    "incorrect_cvc": declined("incorrect_cvc", code="incorrect_cvc"),
    "processing_error": declined("processing_error", code="processing_error"),
    "decline_after_attach": declined("generic_decline", only_when_saved=True),
    "authenticate_unless_saved": Outcome(authentication="unless_saved"),
    "authenticate_always": Outcome(authentication="always"),
    "authenticate_then_insufficient_funds": declined("insufficient_funds", authentication="always"),
    "authenticate_then_declined": declined("generic_decline", authentication="always"),
    "dispute_fraudulent": Outcome(dispute="fraudulent"),
    "dispute_not_received": Outcome(dispute="product_not_received"),
    "dispute_inquiry": Outcome(dispute="fraudulent", inquiry=True),
    "refund_pending": Outcome(refund="pending"),
    "refund_fails": Outcome(refund="fails"),
    "blocked": declined("fraudulent", risk="highest"),
    "highest_risk": declined("fraudulent", risk="highest"),
    "cvc_fails": Outcome(cvc_check="fail"),
    "zip_fails": Outcome(zip_check="fail"),
    "bank_account_closed": returned("account_closed"),
    "bank_no_account": returned("no_account"),
    "bank_insufficient_funds": returned("insufficient_funds"),
    "bank_debit_not_authorized": returned("debit_not_authorized"),
    "bank_invalid_currency": returned("payment_method_currency_mismatch"),
    "bank_no_microdeposits": Outcome(no_microdeposits=True),
    "bank_dispute": Outcome(dispute="insufficient_funds"),
    "bank_processing": Outcome(never_settles=True),
    "bank_weekly_limit": Outcome(code="charge_exceeds_source_limit"),
    "bank_deactivated_number": returned("bank_account_unusable"),
    "bank_blocked": Outcome(code="bank_account_declined", risk="highest"),
}


@dataclass(frozen=True)
class TestCard:
    """One test card: how it looks and the name of its outcome."""

    brand: str
    outcome: str = "success"
    funding: str = "credit"


CARDS: dict[str, TestCard] = {
    "4242424242424242": TestCard("visa"),
    "4000056655665556": TestCard("visa", funding="debit"),
    "5555555555554444": TestCard("mastercard"),
    "2223003122003222": TestCard("mastercard"),
    "5200828282828210": TestCard("mastercard", funding="debit"),
    "5105105105105100": TestCard("mastercard", funding="prepaid"),
    "378282246310005": TestCard("amex"),
    "371449635398431": TestCard("amex"),
    "6011111111111117": TestCard("discover"),
    "6011000990139424": TestCard("discover"),
    "6011981111111113": TestCard("discover", funding="debit"),
    "4000000000000002": TestCard("visa", "generic_decline"),
    "4000000000009995": TestCard("visa", "insufficient_funds"),
    "4000000000009987": TestCard("visa", "lost_card"),
    "4000000000009979": TestCard("visa", "stolen_card"),
    "4000000000006975": TestCard("visa", "card_velocity_exceeded"),
    "4000000000000069": TestCard("visa", "expired_card"),
    "4000000000000127": TestCard("visa", "incorrect_cvc"),
    "4000000000000119": TestCard("visa", "processing_error"),
    "4000000000000341": TestCard("visa", "decline_after_attach"),
    "4000002500003155": TestCard("visa", "authenticate_unless_saved"),
    "4000002760003184": TestCard("visa", "authenticate_always"),
    "4000003800000446": TestCard("visa", "authenticate_unless_saved"),
    "4000008260003178": TestCard("visa", "authenticate_then_insufficient_funds"),
    "4000008400001629": TestCard("visa", "authenticate_then_declined"),
    "4000000000000259": TestCard("visa", "dispute_fraudulent"),
    "4000000000002685": TestCard("visa", "dispute_not_received"),
    "4000000000001976": TestCard("visa", "dispute_inquiry"),
    "4000000000007726": TestCard("visa", "refund_pending"),
    "4000000000005126": TestCard("visa", "refund_fails"),
    "4100000000000019": TestCard("visa", "blocked"),
    "4000000000004954": TestCard("visa", "highest_risk"),
    "4000000000000101": TestCard("visa", "cvc_fails"),
    "4000000000000036": TestCard("visa", "zip_fails"),
}
ROUTING = "110000000"
ACCOUNTS: dict[str, str] = {
    "000123456789": "success",
    "000111111113": "bank_account_closed",
    "000111111116": "bank_no_account",
    "000222222227": "bank_insufficient_funds",
    "000333333335": "bank_debit_not_authorized",
    "000444444440": "bank_invalid_currency",
    "000666666661": "bank_no_microdeposits",
    "000555555559": "bank_dispute",
    "000000000009": "bank_processing",
    "000777777771": "bank_weekly_limit",
    "000888888885": "bank_deactivated_number",
    "000000004954": "bank_blocked",
}
NAMED_CARDS: dict[str, str] = {  # Stripe's ready-made payment methods, for API tests
    "pm_card_visa": "4242424242424242",
    "pm_card_visa_debit": "4000056655665556",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_mastercard_debit": "5200828282828210",
    "pm_card_mastercard_prepaid": "5105105105105100",
    "pm_card_amex": "378282246310005",
    "pm_card_discover": "6011111111111117",
    "pm_card_chargeDeclined": "4000000000000002",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_visa_chargeDeclinedLostCard": "4000000000009987",
    "pm_card_visa_chargeDeclinedStolenCard": "4000000000009979",
    "pm_card_visa_chargeDeclinedVelocityLimitExceeded": "4000000000006975",
    "pm_card_chargeDeclinedExpiredCard": "4000000000000069",
    "pm_card_chargeDeclinedIncorrectCvc": "4000000000000127",
    "pm_card_chargeDeclinedProcessingError": "4000000000000119",
    "pm_card_chargeCustomerFail": "4000000000000341",
    "pm_card_threeDSecure2Required": "4000002760003184",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_authenticationRequiredOnSetup": "4000002500003155",
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds": "4000008260003178",
    "pm_card_threeDSecureRequiredChargeDeclined": "4000008400001629",
    "pm_card_createDispute": "4000000000000259",
    "pm_card_createDisputeProductNotReceived": "4000000000002685",
    "pm_card_createDisputeInquiry": "4000000000001976",
    "pm_card_pendingRefund": "4000000000007726",
    "pm_card_refundFail": "4000000000005126",
    "pm_card_radarBlock": "4100000000000019",
    "pm_card_riskLevelHighest": "4000000000004954",
    "pm_card_cvcCheckFail": "4000000000000101",
    "pm_card_avsZipFail": "4000000000000036",
}
NAMED_ACCOUNTS: dict[str, str] = {
    "pm_usBankAccount_success": "000123456789",
    "pm_usBankAccount": "000123456789",
    "pm_usBankAccount_accountClosed": "000111111113",
    "pm_usBankAccount_noAccount": "000111111116",
    "pm_usBankAccount_insufficientFunds": "000222222227",
    "pm_usBankAccount_debitNotAuthorized": "000333333335",
    "pm_usBankAccount_invalidCurrency": "000444444440",
    "pm_usBankAccount_failMicrodeposits": "000666666661",
    "pm_usBankAccount_dispute": "000555555559",
    "pm_usBankAccount_processing": "000000000009",
    "pm_usBankAccount_weeklyLimitExceeded": "000777777771",
    "pm_usBankAccount_riskLevelHighest": "000000004954",
}
EXPLAINED: list[tuple[str, str, str]] = [  # kind, number, what it does; shown beside the form
    ("card", "4242 4242 4242 4242", "Visa, succeeds"),
    ("card", "4000 0566 5566 5556", "Visa debit, succeeds"),
    ("card", "5555 5555 5555 4444", "Mastercard, succeeds"),
    ("card", "3782 822463 10005", "American Express, succeeds (4-digit code)"),
    ("card", "6011 1111 1111 1117", "Discover, succeeds"),
    ("card", "4000 0027 6000 3184", "asks the holder to confirm"),
    ("card", "4000 0000 0000 9995", "declined, insufficient funds"),
    ("card", "4000 0000 0000 0002", "declined"),
    ("card", "4000 0000 0000 0259", "succeeds, then disputed"),
    ("us_bank_account", "000123456789", "succeeds"),
    ("us_bank_account", "000222222227", "insufficient funds, after some days"),
    ("us_bank_account", "000111111113", "account closed, after some days"),
    ("us_bank_account", "000555555559", "succeeds, then taken back"),
    ("us_bank_account", "000000000009", "stays processing"),
]
MESSAGES: dict[str, str] = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
    "live_mode_test_card": "Test gateway: only the documented test numbers work here. Do not enter a real one.",
}


def message(code: str) -> str:
    """Return a sentence for a decline code, in Stripe's style."""
    return MESSAGES.get(code, "The payment was declined.")


def passes_checksum(number: str) -> bool:
    """Say whether a card number has a right last digit (Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0

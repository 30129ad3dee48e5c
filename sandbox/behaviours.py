"""Confirmation tokens by a short name that says what their card or account will do."""

from typing import Any

from sandbox import tokens
from sandbox.errors import invalid
from sandbox.store import Object, store

BEHAVIOURS = {  # Stripe's name of the payment method, and whether a bank account is verified
    "card": ("pm_card_visa", True),
    "card_declined": ("pm_card_chargeDeclined", True),
    "card_no_funds": ("pm_card_chargeDeclinedInsufficientFunds", True),
    "card_3ds": ("pm_card_threeDSecure2Required", True),
    "card_disputed": ("pm_card_createDispute", True),
    "bank": ("pm_usBankAccount_success", True),
    "bank_by_hand": ("pm_usBankAccount_success", False),
    "bank_by_hand_code": ("pm_usBankAccount_success", False),
    "bank_stuck": ("pm_usBankAccount_processing", True),
    "bank_no_funds": ("pm_usBankAccount_insufficientFunds", True),
    "bank_disputed": ("pm_usBankAccount_dispute", True),
}


def token(behaviour: str, payment_method: str, params: dict[str, Any]) -> Object:
    """Save a token that behaves as named, or that is of the payment method."""
    name, verified = BEHAVIOURS.get(behaviour, ("", True))
    name = payment_method or name
    if not name:
        raise invalid(f"behaviour is one of {', '.join(BEHAVIOURS)}.", "behaviour")
    made = tokens.from_helper({"payment_method": name, "return_url": params.get("return_url")})
    deposits = "descriptor_code" if behaviour.endswith("code") else "amounts"
    made["_method"].update(_verified=verified, _deposits=deposits)
    return store.save(made)

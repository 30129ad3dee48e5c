"""How much and how a member pays, and the seal of what the review showed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.selectors import Account
from payments import receipts
from payments.models import Payment, SavedMethod
from portal.shared.money import MAX_CENTS, NotAnAmount, parse_usd, usd

ALL, OTHER = "all", "other"


class NewPaymentForm(forms.Form):
    """How much and how. `cleaned_data` has `amount_cents`, `method` (card or bank), and `saved`: which one, or None."""

    choice = forms.ChoiceField(
        label=gettext_lazy("How much do you want to pay?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose how much you want to pay."),
            "invalid_choice": gettext_lazy("What you owe has changed. Please choose again how much you want to pay."),
        },
    )
    amount = forms.CharField(
        label=gettext_lazy("Another amount, in dollars"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    method = forms.ChoiceField(
        label=gettext_lazy("How do you want to pay?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a card or a bank account."),
            "invalid_choice": gettext_lazy("Choose a card or a bank account from the list."),
        },
    )

    def __init__(
        self,
        *args: Any,
        account: Account,
        least_cents: int,
        bill_cents: int = 0,
        saved: Sequence[SavedMethod] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.saved = {one.reference: one for one in saved}
        self.fields["method"].choices = self._methods()  # type: ignore[attr-defined]  # a ChoiceField
        self.account, self.least_cents = account, least_cents
        self.amounts = self._amounts(bill_cents)
        labels = {
            ALL: _("All that is due: %(amount)s"),
            "bill": _("This bill and all older ones: %(amount)s"),
        }
        choices = [(key, labels[key] % {"amount": usd(cents)}) for key, cents in self.amounts.items()]
        self.fields["choice"].choices = [*choices, (OTHER, _("Another amount"))]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["choice"].initial = choices[0][0] if choices else OTHER
        self.fields["amount"].help_text = self._amount_help()
        self.fields["amount"].belongs_to_a_choice = True  # type: ignore[attr-defined]  # so its label says no "optional"
        if not choices:
            self.fields["choice"].widget = forms.HiddenInput()

    def _methods(self) -> list[tuple[str, str]]:
        """What was saved first, then what can be entered."""
        kept = [
            (key, _("%(method)s (saved)") % {"method": capfirst(receipts.method_text(one))})
            for key, one in self.saved.items()
        ]
        names = {
            "card": _("Credit, debit or prepaid card (Visa, Mastercard, American Express, Discover)"),
            "bank": _("Bank account (checking or savings)"),
            "new_card": _("Another card (Visa, Mastercard, American Express, Discover)"),
            "new_bank": _("Another bank account (checking or savings)"),
        }
        new = "new_" if kept else ""
        return [*kept, (Payment.Method.CARD, names[f"{new}card"]), (Payment.Method.BANK, names[f"{new}bank"])]

    def _amounts(self, bill_cents: int) -> dict[str, int]:
        """The ready-made amounts, in cents, that can be paid now."""
        owed = self.account.payable_now_cents
        amounts = {"bill": bill_cents} if self.least_cents <= bill_cents < owed else {}
        return amounts | ({ALL: owed} if owed >= self.least_cents else {})

    def _amount_help(self) -> str:
        limits = {"least": usd(self.least_cents), "most": usd(min(self.account.limit_cents, MAX_CENTS))}
        if self.amounts:
            return _("From %(least)s to %(most)s. Only if you choose “Another amount”.") % limits
        return _("From %(least)s to %(most)s.") % limits

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        choice, typed = cleaned.get("choice"), cleaned.get("amount", "")
        if choice == OTHER:
            cleaned["amount_cents"] = self._typed(typed)
        elif choice:
            cleaned["amount_cents"] = self.amounts[choice]
            if typed:
                self.add_error("amount", _("Choose “Another amount” to pay what you typed here, or empty this box."))
        cleaned["saved"] = self.saved.get(cleaned.get("method", ""))
        if cleaned["saved"]:
            cleaned["method"] = cleaned["saved"].method
        return cleaned

    def _typed(self, text: str) -> int | None:
        limits = {"least": usd(self.least_cents), "most": usd(self.account.limit_cents)}
        try:
            cents = parse_usd(text)
        except NotAnAmount:
            self.add_error("amount", _("Type an amount in dollars and cents, for example 24.00."))
            return None
        if cents < self.least_cents:
            self.add_error("amount", _("The smallest amount is %(least)s. Type that or more.") % limits)
        elif cents > min(self.account.limit_cents, MAX_CENTS):
            self.add_error("amount", _("The most you can pay now is %(most)s. Type that or less.") % limits)
        return cents


@dataclass(frozen=True)
class Shown:
    """What a review page showed: by which method, where the money goes, and the authorization ('' for a card)."""

    token: str
    split: list[tuple[str | None, int]]
    authorization: str
    version: str  # of the authorization's words
    language: str


def seal(payment: Payment, shown: Shown) -> str:
    """Return a seal of what the review shows, for its form to bring back."""
    split = [list(part) for part in shown.split]
    facts = [payment.reference, shown.token, split, shown.authorization, shown.version, shown.language]
    return signing.dumps(facts, salt="review")


def unseal(payment: Payment, sealed: str) -> Shown | None:
    """Return what was shown, or None when this is not a review of this payment as it is."""
    try:
        reference, token, split, *words = signing.loads(sealed, salt="review", max_age=86400)
    except (signing.BadSignature, ValueError):
        return None
    if (reference, token) != (payment.reference, payment.instrument) or len(words) != 3:
        return None
    return Shown(token, [(number, cents) for number, cents in split], *words)

"""What a member may type on the way to a payment."""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.selectors import Account
from payments.models import Payment
from payments.states import Status
from portal.shared.money import MAX_CENTS, NotAnAmount, parse_usd, usd

ALL, OTHER = "all", "other"
_CENTS = re.compile(r"([0-9]{1,2})|\$?0?\.([0-9]{2})")  # 32, or 0.32 with or without the dollar sign
_CODE = re.compile(r"SM[0-9A-Z]{4}")


class NewPaymentForm(forms.Form):
    """How much and how. `cleaned_data['amount_cents']` is the amount in cents."""

    choice = forms.ChoiceField(
        label=gettext_lazy("How much do you want to pay?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how much you want to pay.")},
    )
    amount = forms.CharField(
        label=gettext_lazy("Other amount"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("For example 24.00. Only used if you chose “Another amount”."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    method = forms.ChoiceField(
        label=gettext_lazy("How do you want to pay?"),
        widget=forms.RadioSelect,
        choices=[
            (
                Payment.Method.CARD,
                gettext_lazy("Credit or debit card (Visa, Mastercard, American Express, Discover)"),
            ),
            (Payment.Method.BANK, gettext_lazy("Bank account (checking or savings)")),
        ],
        error_messages={"required": gettext_lazy("Choose a card or a bank account.")},
    )

    def __init__(self, *args: Any, account: Account, least_cents: int, bill_cents: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account, self.least_cents = account, least_cents
        self.amounts = self._amounts(bill_cents)
        labels = {
            ALL: _("All that is due: %(amount)s"),
            "bill": _("Up to and with this bill: %(amount)s"),
        }
        choices = [(key, labels[key] % {"amount": usd(cents)}) for key, cents in self.amounts.items()]
        self.fields["choice"].choices = [*choices, (OTHER, _("Another amount"))]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["choice"].initial = choices[0][0] if choices else OTHER

    def _amounts(self, bill_cents: int) -> dict[str, int]:
        """The ready-made amounts, in cents, that can be paid now."""
        owed = self.account.payable_now_cents
        amounts = {"bill": bill_cents} if self.least_cents <= bill_cents < owed else {}
        return amounts | ({ALL: owed} if owed >= self.least_cents else {})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        choice = cleaned.get("choice")
        if choice == OTHER:
            cleaned["amount_cents"] = self._typed(cleaned.get("amount", ""))
        elif choice:
            cleaned["amount_cents"] = self.amounts[choice]
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


def _cents_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=10,
        help_text=gettext_lazy("Only the cents, for example 32 for $0.32."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Type how many cents this deposit was, for example 32.")},
    )


class DepositAmountsForm(forms.Form):
    """The two small deposits of less than a dollar."""

    first_field = "first"
    first = _cents_field(gettext_lazy("First deposit"))
    second = _cents_field(gettext_lazy("Second deposit"))

    def clean_first(self) -> int:
        return self._cents("first")

    def clean_second(self) -> int:
        return self._cents("second")

    def told(self) -> dict[str, Any]:
        """Return the amounts in cents, as the service takes them."""
        return {"amounts": (self.cleaned_data["first"], self.cleaned_data["second"])}

    def _cents(self, name: str) -> int:
        """Return cents typed as 32, 0.32, .32 or $0.32."""
        match = _CENTS.fullmatch(self.cleaned_data[name].strip())
        cents = int(match[1] or match[2]) if match else 0
        if not cents:
            text = _("Each deposit is between 1 and 99 cents. Type only the cents, for example 32.")
            raise forms.ValidationError(text)
        return cents


class DepositCodeForm(forms.Form):
    """The code beside the one small deposit."""

    first_field = "code"
    code = forms.CharField(
        label=gettext_lazy("Code beside the deposit"),
        max_length=20,
        help_text=gettext_lazy("6 letters and numbers that begin with SM, for example SM12AB."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Type the code that stands beside the deposit.")},
    )

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split()).upper()
        if not _CODE.fullmatch(code):
            raise forms.ValidationError(_("The code has 6 letters and numbers and begins with SM. Please check it."))
        return code

    def told(self) -> dict[str, Any]:
        """Return the code, as the service takes it."""
        return {"code": self.cleaned_data["code"]}


class HistoryForm(forms.Form):
    """Narrows the list of payments."""

    state = forms.ChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            (Status.PAID, gettext_lazy("Paid")),
            (Status.PROCESSING, gettext_lazy("Processing at the bank")),
            (Status.SUBMITTING, gettext_lazy("We are checking")),
            (Status.AWAITING_MEMBER, gettext_lazy("Waiting for you")),
            (Status.FAILED, gettext_lazy("Not paid")),
            (Status.CANCELED, gettext_lazy("Canceled")),
            (Status.RETURNED, gettext_lazy("Returned by the bank")),
        ],
        error_messages={"invalid_choice": gettext_lazy("Choose a status from the list.")},
    )
    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Type the first day like 2026-11-30.")},
    )
    until = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Type the last day like 2026-11-30.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day must not be before the first day."))
        return cleaned


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
    if (reference, token) != (payment.reference, payment.token) or len(words) != 3:
        return None
    return Shown(token, [(number, cents) for number, cents in split], *words)

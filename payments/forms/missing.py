"""A payment that someone misses: its confirmation number, if there is one, and what happened."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.forms import AnswerForm, text_field
from billing.models import Bill
from portal.shared.references import clean_reference


class NumberForm(forms.Form):
    """The confirmation number alone, to look a payment up."""

    number = forms.CharField(
        label=gettext_lazy("Confirmation number"),
        help_text=gettext_lazy("It is in our email and on the receipt, like ABCD-EFGH-JKM."),
        required=False,
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_number(self) -> str:
        typed: str = self.cleaned_data["number"]
        number = clean_reference(typed) if typed else ""
        if number is None:
            raise ValidationError(
                _("This is not a confirmation number. Check it, or leave the box empty if you have none.")
            )
        return number


class MissingPaymentForm(AnswerForm, NumberForm):
    """What is missing, for which bill, in the member's own words, with the bank's proof as files."""

    bill = forms.ChoiceField(
        label=gettext_lazy("Which bill did you pay?"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose a bill from the list.")},
    )
    text = text_field(
        gettext_lazy("What happened?"),
        gettext_lazy(
            "When did you pay, how much, and how? Please do not type card numbers, bank account numbers or passwords."
        ),
    )
    field_order = ["number", "bill", "text", "attachments"]

    def __init__(self, *args: Any, bills: Sequence[Bill], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (bill.reference, f"{date_format(bill.period, 'YEAR_MONTH_FORMAT')} ({bill.number})") for bill in bills
        ]
        self.fields["bill"].choices = [("", _("I do not know")), *choices]  # type: ignore[attr-defined]  # a ChoiceField

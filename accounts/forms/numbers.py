"""ZIP codes, phone numbers and codes that were sent: what people mean is taken, what cannot be is said in words."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy
from phonenumber_field.formfields import PhoneNumberField

from accounts.forms.fields import text_input
from accounts.rules import DigitsProblem, NotDigits, clean_digits


class DigitsField(forms.CharField):
    """Digits, typed with or without spaces and hyphens; `counts` says how many there may be."""

    counts: tuple[int, ...] = ()
    default_error_messages = {
        DigitsProblem.OTHER_DIGITS: gettext_lazy("Type it with the digits 0 to 9."),
        DigitsProblem.LOOKALIKES: gettext_lazy(
            "It has digits only. Did you type the letter O for the digit 0, or the letter l for the digit 1?"
        ),
    }

    def to_python(self, value: Any) -> str:
        try:
            digits = clean_digits(super().to_python(value) or "")
        except NotDigits as error:
            code = "invalid" if error.problem is DigitsProblem.NOT_DIGITS else error.problem
            raise ValidationError(self.error_messages[code], code=code) from error
        if digits and len(digits) not in self.counts:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return digits


class ZipCodeField(DigitsField):
    """A ZIP code of five digits, or of nine, which are kept as 02118-1234."""

    counts = (5, 9)
    widget = text_input("postal-code", inputmode="numeric")
    default_error_messages = {
        "required": gettext_lazy("Enter your ZIP code."),
        "invalid": gettext_lazy("Enter a ZIP code with 5 digits, like 02118, or 9 digits, like 02118-1234."),
    }

    def to_python(self, value: Any) -> str:
        digits = super().to_python(value)
        return f"{digits[:5]}-{digits[5:]}" if digits[5:] else digits


class CodeField(DigitsField):
    """The six digits that we sent."""

    counts = (6,)
    widget = text_input("one-time-code", inputmode="numeric", maxlength="20")
    default_error_messages = {
        "required": gettext_lazy("Enter the code that we sent you."),
        "invalid": gettext_lazy("The code has 6 digits. Type the newest code that we sent you."),
    }


class PhoneField(PhoneNumberField):
    """A phone number of the United States, or with + and a country code; no letters, no extension."""

    default_error_messages = {
        "required": gettext_lazy("Enter your phone number."),
        "invalid": gettext_lazy("Enter a phone number with its area code, like 617-555-0123."),
        "letters": gettext_lazy(
            "Type the phone number with digits only, without an extension. Did you type the letter O for the digit 0?"
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(region="US", widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}), **kwargs)

    def clean(self, value: Any) -> str:
        """Return the number as E.164 text; a letter is refused, because it would be left out or made a digit."""
        if any(character.isalpha() or character in "#;" for character in str(value or "")):
            raise ValidationError(self.error_messages["letters"], code="letters")
        number = super().clean(value)
        return number.as_e164 if number else ""


def mobile_field(**kwargs: Any) -> forms.BooleanField:
    """Return the box that says whether a phone gets text messages; no tick is an answer too."""
    field = forms.BooleanField(
        label=gettext_lazy("This is a mobile phone that gets text messages"), required=False, **kwargs
    )
    field.belongs_to_a_choice = True  # type: ignore[attr-defined]  # so its label says no "optional"
    return field

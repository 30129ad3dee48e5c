"""The fields of a mailing address, for registration and for a change: one place for both."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy, pgettext_lazy
from localflavor.us.us_states import USPS_CHOICES

from accounts.forms.numbers import ZipCodeField

US, ABROAD = "us", "abroad"
MOST_LINES, LONGEST_LINE = 5, 60
_US_FIELDS = ("address_line1", "address_line2", "city", "state", "zip_code")
_NEEDED = {US: ("address_line1", "city", "state", "zip_code"), ABROAD: ("address_abroad", "country")}


def _line(label: Any, longest: int, autocomplete: str, missing: Any = "") -> forms.CharField:
    """Return the field of one line; whether it is needed hangs on what was chosen, `missing` says that it is."""
    field = forms.CharField(label=label, max_length=longest, required=False)
    field.widget.attrs["autocomplete"] = autocomplete
    if missing:
        field.error_messages["required"] = missing
    return field


class AddressForm(forms.Form):
    """A mailing address in the United States, or free lines and a country. Only the chosen kind counts.

    Whether a field is needed hangs on the choice: so none is marked as optional but the one that always is.
    """

    where = forms.ChoiceField(
        label=gettext_lazy("Where is your mailing address?"),
        choices=[(US, gettext_lazy("In the United States")), (ABROAD, gettext_lazy("In another country"))],
        initial=US,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose where your mailing address is.")},
    )
    address_line1 = _line(
        gettext_lazy("Mailing address"),
        100,
        "address-line1",
        gettext_lazy("Enter your street and number, or P.O. box."),
    )
    address_line2 = _line(gettext_lazy("Apartment, floor or care of"), 100, "address-line2")
    city = _line(gettext_lazy("City or town"), 60, "address-level2", gettext_lazy("Enter your city or town."))
    state = forms.ChoiceField(
        label=pgettext_lazy("of the USA", "State"),
        choices=USPS_CHOICES,
        initial="MA",
        required=False,
        widget=forms.Select({"autocomplete": "address-level1"}),
        error_messages={
            "required": gettext_lazy("Choose your state."),
            "invalid_choice": gettext_lazy("Choose your state from the list."),
        },
    )
    zip_code = ZipCodeField(label=gettext_lazy("ZIP code"), required=False)
    address_abroad = forms.CharField(
        label=gettext_lazy("Address as it stands on a letter"),
        max_length=400,
        required=False,
        strip=True,
        widget=forms.Textarea({"rows": 4, "autocomplete": "street-address"}),
        help_text=gettext_lazy("Up to 5 lines, without the country."),
        error_messages={"required": gettext_lazy("Enter the lines of your address.")},
    )
    country = _line(gettext_lazy("Country"), 60, "country-name", gettext_lazy("Enter the country."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("where", *_NEEDED[US], *_NEEDED[ABROAD]):
            self.fields[name].belongs_to_a_choice = True  # type: ignore[attr-defined]  # our templates read it
        if self.initial:
            self.initial = {**self.initial, "where": ABROAD if self.initial.get("country") else US}

    def clean_address_abroad(self) -> str:
        """Return the lines without outer and doubled spaces and without empty ones."""
        typed: str = self.cleaned_data["address_abroad"]
        lines = [line for raw in typed.splitlines() if (line := " ".join(raw.split()))]
        if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
            raise ValidationError(
                gettext_lazy("Use up to %(lines)d lines of up to %(length)d characters."),
                code="too_long",
                params={"lines": MOST_LINES, "length": LONGEST_LINE},
            )
        return "\n".join(lines)

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen kind of address needs, and forget what was typed for the other one."""
        cleaned = super().clean() or self.cleaned_data
        where = cleaned.pop("where", US) or US
        for name in _NEEDED[where]:
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, ValidationError(self.fields[name].error_messages["required"], code="required"))
        for name in _NEEDED[ABROAD] if where == US else _US_FIELDS:
            self.errors.pop(name, None)
            cleaned[name] = ""
        return cleaned

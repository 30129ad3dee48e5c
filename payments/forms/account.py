"""Which entries of the account a member wants to see, and which payment."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from portal.shared.references import clean_reference


class AccountForm(forms.Form):
    """Narrows the account by year and kind."""

    year = forms.TypedChoiceField(
        label=gettext_lazy("Year"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": gettext_lazy("Choose a year from the list.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("charges", gettext_lazy("Bills and changes")),
            ("credits", gettext_lazy("Credits and waivers")),
            ("payments", gettext_lazy("Payments")),
            ("back", gettext_lazy("Money that went back")),
        ],
        error_messages={"invalid_choice": gettext_lazy("Choose a kind from the list.")},
    )

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        all_years: list[Any] = [("", gettext_lazy("All")), *((year, str(year)) for year in years)]
        self.fields["year"].choices = all_years  # type: ignore[attr-defined]  # a ChoiceField


class FindForm(forms.Form):
    """A confirmation number, as it stands on a receipt or in an email."""

    number = forms.CharField(
        label=gettext_lazy("Confirmation number"),
        max_length=40,
        help_text=gettext_lazy("It is on your receipt and in our emails. For example ABCD-EFGH-JKM."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Enter a confirmation number."),
            "max_length": gettext_lazy("A confirmation number has 11 letters and digits. Check it and try again."),
        },
    )

    def clean_number(self) -> str:
        reference = clean_reference(self.cleaned_data["number"])
        if reference is None:
            raise forms.ValidationError(self.fields["number"].error_messages["max_length"], code="shape")
        return reference

"""What a member says of the small deposits."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_CENTS = re.compile(r"([0-9]{1,2})|\$?0?\.([0-9]{2})")  # 32, or 0.32 with or without the dollar sign
_CODE = re.compile(r"SM[0-9A-Z]{4}")


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

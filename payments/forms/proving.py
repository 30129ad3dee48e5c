"""What someone types who was shown a receipt."""

from django import forms
from django.utils.translation import gettext_lazy


class ProofForm(forms.Form):
    """The code that is printed on a receipt. Whether it is one is not said here: all wrong ones get one answer."""

    code = forms.CharField(
        label=gettext_lazy("Code on the receipt"),
        help_text=gettext_lazy("15 letters and numbers. Small letters, spaces and hyphens are fine."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Type the code that is printed on the receipt.")},
    )
    code.validators = []

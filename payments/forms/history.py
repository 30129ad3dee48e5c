"""Which payments a member wants to see."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from payments.states import Status


class HistoryForm(forms.Form):
    """Narrows the list of payments."""

    state = forms.ChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=[
            ("", pgettext_lazy("statuses of payments", "All")),
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
        label=pgettext_lazy("first day", "From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Type the first day like 2026-11-30.")},
    )
    until = forms.DateField(
        label=pgettext_lazy("last day", "To"),
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

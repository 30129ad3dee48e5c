"""What a member may choose for autopay, and the seal of the authorization that was shown."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core import signing
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from payments import receipts, selectors
from payments.models import SavedMethod
from payments.services import Wish
from portal.shared.money import MAX_CENTS, NotAnAmount, parse_usd, usd

DAYS_BEFORE = [
    ("0", gettext_lazy("On the due date")),
    ("3", gettext_lazy("3 bank days before the due date")),
    ("5", gettext_lazy("5 bank days before the due date")),
]
Shown = tuple[Wish, tuple[str, str, str]]  # and the authorization: text, version, language


class EnrollForm(forms.Form):
    """With what, when, and how much at most."""

    method = forms.ChoiceField(
        label=gettext_lazy("What should we use?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a card or an account."),
            "invalid_choice": gettext_lazy("Choose a card or an account from the list."),
        },
    )
    days_before = forms.ChoiceField(
        label=gettext_lazy("When should we take the payment?"),
        widget=forms.RadioSelect,
        choices=DAYS_BEFORE,
        initial="0",
        help_text=gettext_lazy("A bank payment takes up to 4 bank days. Choose an earlier day to be safe."),
        error_messages={
            "required": gettext_lazy("Choose when."),
            "invalid_choice": gettext_lazy("Choose a day from the list."),
        },
    )
    limit = forms.CharField(
        label=gettext_lazy("Highest amount"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("A bill above this is not paid by itself. We write to you. For example 60.00."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, saved: Sequence[SavedMethod], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.saved = {one.reference: one for one in saved}
        names = [(key, capfirst(receipts.method_text(one))) for key, one in self.saved.items()]
        self.fields["method"].choices = names  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["method"].initial = names[0][0] if names else None

    def clean_limit(self) -> int | None:
        typed = self.cleaned_data["limit"].strip()
        if not typed:
            return None
        try:
            cents = parse_usd(typed)
        except NotAnAmount as error:
            text = _("Type an amount in dollars and cents, for example 60.00, or leave it empty.")
            raise forms.ValidationError(text) from error
        if not 0 < cents <= MAX_CENTS:
            text = _("Type an amount between $0.01 and %(most)s, or leave it empty.") % {"most": usd(MAX_CENTS)}
            raise forms.ValidationError(text)
        return cents

    def wish(self) -> Wish:
        """Return what was chosen; call it when the form is valid."""
        facts = self.cleaned_data
        return Wish(self.saved[facts["method"]], int(facts["days_before"]), facts["limit"])


class MoveForm(forms.Form):
    """Another day for a draw."""

    day = forms.DateField(
        label=gettext_lazy("New day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Choose a day."),
            "invalid": gettext_lazy("Type the day like 2026-11-30."),
        },
    )

    def __init__(self, *args: Any, days: tuple[date, date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].widget.attrs |= {"min": days[0].isoformat(), "max": days[1].isoformat()}


def seal_wish(user: User, wish: Wish, text: str, version: str, language: str) -> str:
    """Return a seal of what was chosen and the authorization that was shown, for the form to bring back."""
    facts = [user.pk, wish.saved.reference, wish.days_before, wish.limit_cents, text, version, language]
    return signing.dumps(facts, salt="autopay")


def unseal_wish(user: User, sealed: str) -> Shown | None:
    """Return what was shown to this log-in; None when it was not, or long ago, or its card cannot be used now."""
    try:
        owner, reference, days_before, limit_cents, *words = signing.loads(sealed, salt="autopay", max_age=3600)
    except (signing.BadSignature, ValueError):
        return None
    chosen = selectors.usable_methods_for(user).filter(reference=reference).first()
    if owner != user.pk or chosen is None or len(words) != 3:
        return None
    return Wish(chosen, days_before, limit_cents), (words[0], words[1], words[2])

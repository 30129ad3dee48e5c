"""What a member asks for who cannot pay: a hardship waiver, or a payment plan."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing import rules
from billing.forms.cases import AnswerForm, text_field
from portal.shared.money import NotAnAmount, parse_usd, usd

GROUNDS = {
    "income": gettext_lazy("My income went down"),
    "home": gettext_lazy("I have no home, or I may lose it (late rent or mortgage, eviction, foreclosure)"),
    "utilities": gettext_lazy("My gas, electricity, oil, water or phone was shut off, or may be"),
    "medical": gettext_lazy("I have high medical or dental costs that nobody pays back"),
    "violence": gettext_lazy("I am not safe at home, or I had to leave (domestic violence)"),
    "care": gettext_lazy("I have to care full time for a child, a parent or someone else in my family"),
    "costs": gettext_lazy("Other costs that I cannot avoid went up a lot"),
    "event": gettext_lazy("Something happened: a fire, a flood, a death in the family"),
    "other": gettext_lazy("Something else"),
}
LAST_DAY = 28  # every month has it


class WaiverForm(AnswerForm):
    """A request for a hardship waiver. Which grounds count is MassHealth's to say.

    The boxes are in our own words. They cover those of MassHealth's own form, as a hospital told its staff of it
    (healthcare.mgb.org, June 2004: home, utilities, medical bills, costs), and the Health Connector's grounds in
    956 CMR 6.08 (violence, care, death, fire, flood). The list of 130 CMR 506.011 itself was not at hand.
    """

    grounds = forms.MultipleChoiceField(
        label=gettext_lazy("What makes it hard to pay?"),
        help_text=gettext_lazy("Tick all that fit."),
        choices=list(GROUNDS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Tick at least one box. “Something else” is fine."),
            "invalid_choice": gettext_lazy("Tick only boxes from the list."),
        },
    )
    text = text_field(
        gettext_lazy("Tell us more"),
        gettext_lazy("In your own words. For example, since when, and how much it costs you each month."),
        required=False,
    )
    field_order = ["grounds", "text", "attachments"]


class PlanForm(AnswerForm):
    """A request to pay what is owed in parts. `cleaned_data["schedule"]` lists the days and cents that it comes to."""

    amount = forms.CharField(
        label=gettext_lazy("How much can you pay each month, in dollars?"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Type how much you can pay each month.")},
    )
    day = forms.TypedChoiceField(
        label=gettext_lazy("On which day of the month?"),
        coerce=int,
        choices=[(day, day) for day in range(1, LAST_DAY + 1)],
        error_messages={
            "required": gettext_lazy("Choose a day."),
            "invalid_choice": gettext_lazy("Choose a day from the list."),
        },
    )
    text = text_field(gettext_lazy("Anything we should know?"), required=False)
    attachments = None  # type: ignore[assignment]  # the schedule is looked at before it is sent, and a browser keeps no file so long
    field_order = ["amount", "day", "text"]

    def __init__(self, *args: Any, owed_cents: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owed_cents = owed_cents

    def clean_amount(self) -> int:
        """Return the cents a month."""
        least = max(settings.MIN_PAYMENT_CENTS, -(-self.owed_cents // settings.PLAN_MOST_MONTHS))
        limits = {"least": usd(least), "most": usd(self.owed_cents), "months": settings.PLAN_MOST_MONTHS}
        try:
            cents = parse_usd(self.cleaned_data["amount"])
        except NotAnAmount as error:
            raise ValidationError(_("Type an amount in dollars and cents, for example 24.00.")) from error
        if cents < least:
            text = ngettext(
                "Type %(least)s or more, so that it takes no longer than %(months)s month.",
                "Type %(least)s or more, so that it takes no longer than %(months)s months.",
                settings.PLAN_MOST_MONTHS,
            )
            raise ValidationError(text % limits)
        if cents > self.owed_cents:
            raise ValidationError(_("You owe %(most)s. Type that or less.") % limits)
        return cents

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "amount" in cleaned and "day" in cleaned:
            facts = (self.owed_cents, cleaned["amount"], cleaned["day"], timezone.localdate())
            cleaned["schedule"] = rules.schedule(*facts)
        return cleaned

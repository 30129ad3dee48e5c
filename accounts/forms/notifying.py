"""What a member may choose to hear, by email and by text."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Kind, Preferences
from accounts.models.notifying import BY_CHOICE, DAYS_BEFORE
from accounts.services import Wishes
from portal.shared import legal

CONSENT_VERSION = "2026-11-25"


def consent_words() -> str:
    """Return what a member agrees to for texts, in the language that is active; a change asks for a new version.

    While nobody has reviewed that language, its English stands behind it.
    """
    return legal.beside_english(_consent)


def _consent() -> str:
    text = _(
        "I agree to get text messages from %(name)s at my mobile number about my bills, payments and account. How many "
        "depends on my bills, most often fewer than 10 a month. Message and data rates may apply. I can reply STOP to "
        "end them or HELP for help. I do not have to agree in order to pay or to keep my account."
    )
    return text % {"name": settings.TEXT_NAME}


def _consent_label() -> str:
    """Return the same for a page, which says where the English begins."""
    own, english = legal.apart(consent_words())
    return format_html('{} <span lang="en" dir="ltr">{}</span>', own, english) if english else own


def _days(days: int) -> str:
    return ngettext("%(days)d day before", "%(days)d days before", days) % {"days": days}


class NotificationsForm(forms.Form):
    """Tick boxes, nothing typed."""

    emails = forms.MultipleChoiceField(
        label=gettext_lazy("By email"),
        choices=[(kind.value, kind.label) for kind in BY_CHOICE],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("We always send an email about your payments and about the safety of your account."),
    )
    texts = forms.MultipleChoiceField(
        label=gettext_lazy("By text message"),
        choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Texts come between 8 in the morning and 8 in the evening. They name no amount."),
    )
    agree = forms.BooleanField(required=False, label=lazy(_consent_label, str)())
    days_before = forms.TypedMultipleChoiceField(
        label=gettext_lazy("When should we remind you?"),
        choices=[(days, lazy(_days, str)(days)) for days in DAYS_BEFORE],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy(
            "Before the due date. If the bill is still open three days after it, we write once more."
        ),
    )
    field_order = ["emails", "texts", "agree", "days_before"]

    def __init__(self, data: Any, *, chosen: Preferences, can_text: bool, has_agreed: bool) -> None:
        initial = {"emails": chosen.emails, "texts": chosen.texts, "days_before": chosen.days_before}
        super().__init__(data, initial=initial)
        if not can_text:
            del self.fields["texts"]
        if not can_text or has_agreed:
            del self.fields["agree"]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        texts: Sequence[str] = facts.get("texts", [])
        if texts and "agree" in self.fields and not facts.get("agree"):
            self.add_error("agree", _("Tick this box to get text messages, or choose none."))
        reminded = Kind.REMINDER in [*facts.get("emails", []), *texts]
        if reminded and "days_before" not in self.errors and not facts.get("days_before"):
            self.add_error("days_before", _("Choose at least one day, or turn reminders off."))
        return facts

    def wishes(self) -> Wishes:
        """Return what was chosen; call it when the form is valid."""
        facts = self.cleaned_data
        return Wishes(facts["emails"], facts.get("texts", []), facts["days_before"])

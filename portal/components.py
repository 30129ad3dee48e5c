"""The development-only page that shows every component of the pages, and every control of a form, in every state."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from portal.shared.context import site

State = dict[str, Any]


class SampleForm(forms.Form):
    """One control of each kind."""

    name = forms.CharField(label="Name", help_text="As on your card.", error_messages={"required": "Enter your name."})
    nick = forms.CharField(label="Nickname", required=False)
    amount = forms.CharField(
        label="Amount, in dollars",
        widget=forms.TextInput({"inputmode": "decimal"}),
        error_messages={"required": "Type an amount."},
    )
    way = forms.ChoiceField(
        label="How do you want to pay?",
        choices=[("card", "Card"), ("bank", "Bank account")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a card or a bank account."},
    )
    state = forms.ChoiceField(label="State", choices=[("MA", "Massachusetts")], required=False)
    told = forms.CharField(label="What happened?", widget=forms.Textarea({"rows": 3}), required=False)
    agrees = forms.BooleanField(label="I agree", error_messages={"required": "Tick the box to go on."})


STEPS = ["Amount", "Details", "Check", "Receipt"]
ROW = {"month": "November 2026", "url": "#", "due": "Dec. 1, 2026", "total": "$24.00"}
RECEIPT = [("Amount", "$24.00"), ("Confirmation number", "MH7K Q2WD X4PN")]
DAYS = [f"{date(2026, 12, day):%b. %-d, %Y}" for day in (1, 2, 7)]
TIMELINE = [
    {"label": "You sent it", "state": "done", "date_text": DAYS[0]},
    {"label": "Your bank works on it", "state": "current", "date_text": DAYS[1], "note": "You need not do anything."},
    {"label": "Paid", "state": "coming", "date_text": DAYS[2], "note": "Expected. We write to you."},
]
STORIES: dict[str, dict[str, State]] = {
    "alert": {
        "for your information": {"title": "No bill is due", "body": "This money is kept for your next bill."},
        "done, said aloud": {"kind": "success", "role": "status", "body": "Your new password is set."},
        "important": {"kind": "warning", "title": "A payment is late", "body": "You can pay a part."},
        "error, said at once": {"kind": "error", "title": "Nothing was sent", "body": "The amount has changed."},
        "title alone": {"title": "Autopay is on"},
    },
    "amount": {
        "plain": {"label": "Total due", "cents": 2400},
        "with a note": {"label": "Left to pay", "cents": 123_450, "note": "of $2,000.00"},
        "nothing": {"label": "Total due", "cents": 0},
    },
    "banner": {"demonstration": {"site_official": False, "uses_sandbox": True}},
    "bill_row": {
        "due": {"row": ROW | {"standing": "Due", "left": "$24.00"}},
        "overdue": {"row": ROW | {"standing": "Overdue", "is_late": True, "left": "$24.00"}},
        "paid": {"row": ROW | {"standing": "Paid", "left": "$0.00"}},
    },
    "contact": {"with hours": {"support_hours": "Monday to Friday, 8 to 5"}, "without hours": {"support_hours": ""}},
    "empty": {
        "with a hint": {"title": "No payments yet", "body": "When you pay, each payment is listed here."},
        "plain": {"title": "No payments match"},
    },
    "error_summary": {"of fields and of the whole form": {}},
    "legal": {
        "alone": {"text": "I allow MassHealth to take $24.00 one time.", "language": "en"},
        "beside its English": {"text": "Doy permiso.\n\n* * *\n\nI allow it.", "language": "es"},
    },
    "pagination": {
        "in the middle": {"newer_url": "#newer", "older_url": "#older", "pages_label": "Pages of bills"},
        "at the start": {"older_url": "#older", "pages_label": "Pages of payments"},
        "at the end": {"newer_url": "#newer"},
    },
    "phone": {"plain": {"number": "(800) 555-0100"}},
    "steps": {
        "first": {"steps": STEPS, "current": 1},
        "in the middle": {"steps": STEPS, "current": 3},
        "last": {"steps": STEPS, "current": 4},
    },
    "summary_list": {
        "facts": {"rows": RECEIPT},
        "with a way to change": {"rows": [("Amount", "$24.00", "#"), ("Paid with", "Visa 4242", "#", "Remove")]},
    },
    "timeline": {"under way": {"items": TIMELINE}, "over": {"items": [TIMELINE[0] | {"label": "Paid"}]}},
    "timeout": {"shown": {"is_shown": True}},
}
"""By component: what each state is called, and what the template is given."""

BUTTONS = {"": "Pay", " ma__button--secondary": "Change", " ma__button--quiet": "Do not pay now"}


@dataclass(frozen=True)
class Shown:
    """One state of one component."""

    title: str
    html: SafeString


@require_safe
@login_not_required
def components(request: HttpRequest) -> HttpResponse:
    """All of them on one page, where the settings allow it; else 404."""
    if not settings.SHOW_COMPONENTS:
        raise Http404
    stories = {name: list(_shown(request, name)) for name in STORIES}
    context = {
        "heading": "Components",
        "stories": stories,
        "controls": {"A form": SampleForm(prefix="empty"), "A form after a mistake": _mistaken()},
        "buttons": {"Buttons": BUTTONS},
    }
    return render(request, "pages/components.html", context)


def _shown(request: HttpRequest, name: str) -> Iterator[Shown]:
    frame = {"form": _mistaken()} if name == "error_summary" else {}
    for title, state in STORIES[name].items():
        yield Shown(title, loader.render_to_string(f"components/{name}.html", site(request) | frame | state))


def _mistaken() -> SampleForm:
    form = SampleForm({}, prefix="mistaken")
    form.add_error(None, "These two do not fit together.")
    return form

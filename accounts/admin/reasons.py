"""Acts on accounts that need a reason, which the audit trail keeps."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.admin.watching import page_of_one
from accounts.models import User
from accounts.services import remove_second_step, unlock
from portal.shared.middleware import address_of

NOTHING = "nothing changes, and no email goes out"


class ReasonForm(forms.Form):
    """Why support does what it does with an account."""

    reason = forms.CharField(
        max_length=500,
        widget=forms.Textarea({"rows": 3, "cols": 28}),
        help_text="How the owner proved who they are, and the ticket number. It goes into the audit trail.",
        error_messages={"required": "A reason is needed."},
    )


class AccountActs:
    """Unlocking, and taking the second step of the log-in off; each leaves an audit entry and mails the owner."""

    def has_unlock_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.unlock_user"))

    def has_remove_second_step_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.remove_second_step"))

    @admin.action(description="Unlock account", permissions=["unlock"])
    def unlock_accounts(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """Ask for the reason, then unlock."""
        form = _posted(request)
        if not form.is_valid():
            notes = {user: "" if user.is_locked else f"not locked: {NOTHING}" for user in queryset}
            words = ("Unlock account", "These accounts are unlocked, and each owner gets an email:", "Unlock")
            return self._ask(request, form, "unlock_accounts", words, notes)
        count = sum(unlock(user=user, **_facts(request, form)) for user in queryset)
        if count:
            self._say(request, f"{count} unlocked. Each owner gets an email.", messages.SUCCESS)
        else:
            self._say(request, "Nothing was locked. Nothing changed, and no email goes out.", messages.WARNING)
        return page_of_one(queryset)

    @admin.action(description="Remove two-step log-in", permissions=["remove_second_step"])
    def remove_two_step(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """Ask for the reason, then let the password alone log in. A colleague's is left to superusers."""
        form = _posted(request)
        if not form.is_valid():
            notes = {user: _why_not(request, user) for user in queryset}
            intro = "Check that the caller is the owner. Their password alone logs in from then on; they get an email:"
            return self._ask(request, form, "remove_two_step", ("Remove two-step log-in", intro, "Remove"), notes)
        allowed = [user for user in queryset if not _why_not(request, user)]
        count = sum(remove_second_step(user=user, **_facts(request, form)) for user in allowed)
        if count:
            self._say(request, f"{count} removed. Each owner gets an email.", messages.SUCCESS)
        else:
            self._say(request, "Nothing was removed, and no email goes out.", messages.WARNING)
        return page_of_one(queryset)

    def _ask(self, request: Any, form: Any, action: str, words: Any, notes: dict[User, str]) -> HttpResponse:
        model_admin: Any = self
        title, intro, button = words
        context = model_admin.admin_site.each_context(request) | {"title": title, "intro": intro, "button": button}
        context |= {"form": form, "notes": notes.items(), "action": action, "opts": model_admin.opts}
        return TemplateResponse(request, "admin/ask_reason.html", context)

    def _say(self, request: HttpRequest, text: str, level: int) -> None:
        messages.add_message(request, level, text)


def _posted(request: HttpRequest) -> ReasonForm:
    return ReasonForm(request.POST if "reason" in request.POST else None)


def _facts(request: HttpRequest, form: ReasonForm) -> dict[str, Any]:
    return {"reason": form.cleaned_data["reason"], "actor": request.user, "address": address_of(request)}


def _why_not(request: HttpRequest, user: User) -> str:
    if user.second_step_at is None:
        return f"not on: {NOTHING}"
    if user.is_staff and not request.user.is_superuser:
        return "a colleague: only a superuser may do this"
    return ""


def hide_secrets() -> None:
    """Take django-otp's own page out of admin: it shows the secret from which all codes are made."""
    if admin.site.is_registered(TOTPDevice):
        admin.site.unregister(TOTPDevice)


hide_secrets()

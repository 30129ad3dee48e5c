"""Changing contact details. Email and phone ask for the password again, which counts as a log-in's would."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.debug import sensitive_variables

from accounts import lockout
from accounts.forms.fields import EmailField, too_many_tries
from accounts.forms.numbers import CodeField, PhoneField, mobile_field
from accounts.models import User


class PasswordAgainForm(forms.Form):
    """Asks for the password of who is logged in. It is looked at only when all else is right."""

    field_order: list[str] | None = None
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        help_text=gettext_lazy("To keep your account safe, we ask for it again."),
        error_messages={"required": gettext_lazy("Enter your password.")},
    )

    def __init__(self, *args: Any, user: User, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.address = user, address

    @sensitive_variables("password")
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            password = cleaned["password"]
            if lockout.guess(self.user.username, password, self.address) != self.user:
                self.add_error("password", self._refusal())
        return cleaned

    def _refusal(self) -> ValidationError:
        spent = lockout.spent_limits(self.user.username, self.address)
        if spent:
            return too_many_tries(*spent)
        self.user.refresh_from_db(fields=["locked_at"])
        if self.user.is_locked:
            words = _("Your account is locked. Get a new password from the log-in page, or call %(phone)s.")
        else:
            words = _(
                "This is not your password. After %(limit)d wrong passwords in a row your account is locked. "
                "You can get a new password from the log-in page, or call %(phone)s."
            )
        facts = {"limit": settings.LOCKOUT_LIMIT, "phone": settings.SUPPORT_PHONE}
        return ValidationError(words, code="password", params=facts)


class ChangeEmailForm(PasswordAgainForm):
    """A new email address."""

    field_order = ["email", "password"]
    email = EmailField(
        label=gettext_lazy("New email address"),
        help_text=gettext_lazy("We send a link to it. The old address stays in use until you open the link."),
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.lower() == self.user.email.lower():
            raise ValidationError(_("This is the address that we have. Enter the new one."), code="same")
        return email


class ChangePhoneForm(PasswordAgainForm):
    """A new phone number, or the same one to prove it."""

    field_order = ["phone", "is_mobile", "password"]
    phone = PhoneField(label=gettext_lazy("Phone number"))
    is_mobile = mobile_field(
        help_text=gettext_lazy("We send a code: to a mobile phone by text, for any other phone by email.")
    )

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data.get("phone"), self.cleaned_data.get("is_mobile")
        is_settled = self.user.phone_confirmed_at or not self.user.phone_is_mobile
        if is_settled and typed == (str(self.user.phone), self.user.phone_is_mobile):
            self.add_error("phone", ValidationError(_("This is the number that we have."), code="same"))
        return super().clean()


class CodeForm(forms.Form):
    """The code that proves a phone."""

    code = CodeField(
        label=pgettext_lazy("sent or shown to you", "Code"), help_text=gettext_lazy("6 digits. Spaces are fine.")
    )


class ReadingForm(forms.Form):
    """Which language someone reads, and how large."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("For this site, for emails and for text messages."),
        error_messages={
            "required": gettext_lazy("Choose a language."),
            "invalid_choice": gettext_lazy("Choose a language from the list."),
        },
    )
    large_print = forms.BooleanField(
        label=gettext_lazy("Large print"),
        required=False,
        help_text=gettext_lazy(
            "These pages use larger letters. We also tell the agency that you ask for paper letters in large print."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]  # a ChoiceField has them
        self.fields["large_print"].belongs_to_a_choice = True  # type: ignore[attr-defined]  # so its label says no "optional"

"""What the owner of a log-in types to keep it safe."""

import re
import unicodedata
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.debug import sensitive_variables

from accounts.forms.fields import new_password_field, text_input
from accounts.models import User
from portal.shared.references import clean_reference

_SIX_DIGITS = re.compile("[0-9]{6}")


def current_password_field() -> forms.CharField:
    """Return the box for the password that opens the account now."""
    return forms.CharField(
        label=gettext_lazy("Your password now"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("Enter the password that you use now.")},
    )


class CodeField(forms.CharField):
    """Six digits of an app, or a recovery code, typed with or without spaces and hyphens; the clean form of either."""

    default_error_messages = {
        "required": gettext_lazy("Enter a code."),
        "shape": gettext_lazy("Enter the 6 digits that your app shows, or one of your recovery codes."),
    }

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "one-time-code", "maxlength": "40"}
        super().__init__(max_length=40, widget=text_input(**attributes), **kwargs)

    def to_python(self, value: Any) -> str:
        typed = unicodedata.normalize("NFKC", super().to_python(value) or "")
        digits = "".join(character for character in typed if character not in " -")
        code = digits if _SIX_DIGITS.fullmatch(digits) else clean_reference(typed)
        if typed and not code:
            raise ValidationError(self.error_messages["shape"], code="shape")
        return code or ""


class SecondStepForm(forms.Form):
    """The second step of logging in."""

    code = CodeField(
        label=pgettext_lazy("sent or shown to you", "Code"),
        help_text=gettext_lazy("6 digits from your app, or a recovery code."),
    )


class PasswordAndCodeForm(SecondStepForm):
    """Proof of both steps, for whatever changes the second."""

    field_order = ["current_password", "code"]
    current_password = current_password_field()


class ChangePasswordForm(forms.Form):
    """The old password, and the new one by the rules of registration."""

    current_password = current_password_field()
    password = new_password_field()

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].label = _("New password")

    @sensitive_variables("password")
    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        if facts.get("password") and facts.get("password") == facts.get("current_password"):
            self.add_error("password", ValidationError(_("This is the password that you have. Choose a new one.")))
        return facts

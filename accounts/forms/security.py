"""What the owner of a log-in types to keep it safe."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from accounts.forms.fields import new_password_field
from accounts.models import User


def current_password_field() -> forms.CharField:
    """Return the box for the password that opens the account now."""
    return forms.CharField(
        label=gettext_lazy("Your password now"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("Enter the password that you use now.")},
    )


class ChangePasswordForm(forms.Form):
    """The old password, and the new one by the rules of registration."""

    current = current_password_field()
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
        if facts.get("password") and facts.get("password") == facts.get("current"):
            self.add_error("password", ValidationError(_("This is the password that you have. Choose a new one.")))
        return facts

"""Logging in, and getting back in."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from accounts.forms.fields import EmailField, new_password_field, text_input, too_many_tries
from accounts.forms.numbers import PhoneField
from accounts.lockout import spent_limits
from accounts.models import User, normal_username


class LoginForm(AuthenticationForm):
    """Username and password. One answer to an unknown name, a wrong password and a locked account."""

    username = forms.CharField(
        label=gettext_lazy("Username"),
        max_length=150,
        widget=text_input("username"),
        error_messages={"required": gettext_lazy("Enter your username.")},
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("Enter your password.")},
    )
    error_messages = {
        "inactive": gettext_lazy("This account is closed."),
        "unconfirmed": gettext_lazy(
            "Confirm your email address first. We sent you a link. If you cannot find it, ask for a new link below."
        ),
    }

    def get_invalid_login_error(self) -> ValidationError:
        if getattr(self.request, "is_unconfirmed", False):
            return ValidationError(self.error_messages["unconfirmed"], code="unconfirmed")
        username = normal_username(self.cleaned_data.get("username", ""))
        spent = spent_limits(username, getattr(self.request, "client_address", None))
        if spent:
            return too_many_tries(*spent)
        return ValidationError(
            _(
                "We could not log you in. Check your username and password. After %(limit)d wrong passwords in a row "
                "an account is locked. You can get a new password or your username below, or call %(phone)s."
            ),
            code="invalid_login",
            params={"limit": settings.LOCKOUT_LIMIT, "phone": settings.SUPPORT_PHONE},
        )


class StaffLoginForm(LoginForm):
    """The same gate for Django admin; a member who tries it hears what a wrong password hears."""

    required_css_class = "required"

    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        if request is not None:
            request.is_for_staff = True


class ForgotPasswordForm(forms.Form):
    """Whose password was forgotten."""

    username = forms.CharField(
        label=gettext_lazy("Username"),
        max_length=150,
        widget=text_input("username"),
        error_messages={"required": gettext_lazy("Enter your username.")},
    )


class ForgotUsernameForm(forms.Form):
    """The address to which usernames, or a new confirmation link, are sent."""

    email = EmailField()


class ForgotUsernameByTextForm(forms.Form):
    """The mobile number whose usernames were forgotten."""

    phone = PhoneField(label=gettext_lazy("Mobile phone number"))


class ChoosePasswordForm(forms.Form):
    """The new password of someone who proved by a link who they are."""

    password = new_password_field()

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    @sensitive_variables("password")
    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

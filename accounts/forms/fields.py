"""Fields that several forms of this room share."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rules import (
    IdProblem,
    NotAMassHealthId,
    clean_masshealth_id,
    is_possible_birth_date,
    typed_day,
)
from portal.shared.throttle import HOUR, LIMITS


def text_input(autocomplete: str, **attributes: str) -> forms.TextInput:
    """Return a text box that a browser may fill in and that never changes what is typed."""
    plain = {"autocomplete": autocomplete, "autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
    return forms.TextInput(plain | attributes)


class EmailField(forms.EmailField):
    """An email address."""

    widget = forms.EmailInput({"autocomplete": "email", "spellcheck": "false"})
    default_error_messages = {
        "required": gettext_lazy("Enter your email address."),
        "invalid": gettext_lazy("Enter an email address like name@example.com."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Email address"))
        super().__init__(max_length=254, **kwargs)


class MassHealthIdField(forms.CharField):
    """Twelve digits, typed with or without spaces and hyphens."""

    widget = text_input("off", inputmode="numeric")
    default_error_messages = {
        "required": gettext_lazy("Enter your MassHealth ID."),
        IdProblem.CONNECTOR: gettext_lazy(
            "This looks like the number of a Health Connector bill, not a MassHealth ID. To pay a Health Connector "
            "bill, go to %(connector_url)s or call %(connector_phone)s."
        ),
        IdProblem.OTHER_DIGITS: gettext_lazy("Type the MassHealth ID with the digits 0 to 9."),
        IdProblem.NOT_DIGITS: gettext_lazy(
            "A MassHealth ID has digits only. Look for the 12-digit number on your MassHealth card."
        ),
        IdProblem.COUNT: gettext_lazy(
            "A MassHealth ID has 12 digits. You typed %(digits)d. Look for the number on your MassHealth card."
        ),
    }

    def to_python(self, value: Any) -> str:
        try:
            return clean_masshealth_id(super().to_python(value) or "")
        except NotAMassHealthId as error:
            if error.problem is IdProblem.EMPTY:
                return ""
            raise ValidationError(
                self.error_messages[error.problem],
                code=error.problem,
                params={
                    "digits": error.digits,
                    "connector_url": settings.CONNECTOR_URL.split("//")[-1].removeprefix("www.").rstrip("/"),
                    "connector_phone": settings.CONNECTOR_PHONE,
                },
            ) from error


class BirthDateField(forms.CharField):
    """A birthday in one box, month first: easier on small and old phones than three boxes or a calendar."""

    widget = text_input("bday", maxlength="30")
    default_error_messages = {
        "required": gettext_lazy("Enter your date of birth."),
        "invalid": gettext_lazy(
            "Enter your date of birth as month, day and year with four digits, for example 4/27/1970."
        ),
        "impossible": gettext_lazy("Check the year of your date of birth."),
    }

    def to_python(self, value: Any) -> date | None:  # type: ignore[override]  # a CharField that gives a date
        text = super().to_python(value)
        if not text:
            return None
        try:
            day = typed_day(text)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        if not is_possible_birth_date(day, today=timezone.localdate()):
            raise ValidationError(self.error_messages["impossible"], code="impossible")
        return day


def new_password_field() -> forms.CharField:
    """Return the one box for a new password: pasted or typed as it is, never cut or trimmed."""
    return forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=format_lazy(
            gettext_lazy(
                "Use {least} characters or more. Four short words that only you would put together work well. "
                "Spaces are fine. Do not use your name, your date of birth or your MassHealth ID."
            ),
            least=settings.PASSWORD_MIN_LENGTH,
        ),
        error_messages={"required": gettext_lazy("Enter a password.")},
    )


def too_many_tries(*limits: str) -> ValidationError:
    """Return what is said to everyone who used up these limits; it depends on the tries alone."""
    seconds = max(LIMITS[name].seconds for name in limits)
    return ValidationError(
        _("There were too many tries. Wait a day and try again, or call %(phone)s.")
        if seconds > HOUR
        else _("There were too many tries. Wait an hour and try again, or call %(phone)s."),
        code="too_many",
        params={"phone": settings.SUPPORT_PHONE},
    )

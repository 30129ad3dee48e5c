"""The three steps of registration."""

import re
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from accounts.forms.address import AddressForm
from accounts.forms.fields import BirthDateField, EmailField, MassHealthIdField, new_password_field, text_input
from accounts.forms.numbers import PhoneField, mobile_field
from accounts.models import Member, User, normal_username
from accounts.selectors import is_username_taken

_USERNAME = re.compile(r"[\w.@+-]{4,60}")


class FactsForm(forms.Form):
    """Step 1: who someone is, as the MassHealth card and letters say."""

    first_name = forms.CharField(
        label=gettext_lazy("First name"),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "given-name"}),
        error_messages={"required": gettext_lazy("Enter your first name.")},
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name"),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "family-name"}),
        error_messages={"required": gettext_lazy("Enter your last name.")},
    )
    date_of_birth = BirthDateField(
        label=gettext_lazy("Date of birth"),
        help_text=gettext_lazy("Month, day and year. For example: 4/27/1970"),
    )
    masshealth_id = MassHealthIdField(
        label=gettext_lazy("MassHealth ID"),
        max_length=60,
        help_text=gettext_lazy("The 12-digit number on your MassHealth card. Spaces and hyphens are fine."),
    )


class ContactForm(AddressForm):
    """Step 2: how to reach someone."""

    field_order = ["email", "phone", "phone_is_mobile"]
    email = EmailField(help_text=gettext_lazy("We send a link to this address. You need it before you can log in."))
    phone = PhoneField(label=gettext_lazy("Phone number"))
    phone_is_mobile = mobile_field(help_text=gettext_lazy("You can confirm it after you log in."))


class LoginDetailsForm(forms.Form):
    """Step 3: the username and the password."""

    username = forms.CharField(
        label=gettext_lazy("Username"),
        max_length=60,
        widget=text_input("username"),
        help_text=gettext_lazy("4 characters or more: letters, digits and . _ @ + -"),
        error_messages={"required": gettext_lazy("Choose a username.")},
    )
    password = new_password_field()

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member

    def clean_username(self) -> str:
        username = normal_username(self.cleaned_data["username"])
        if not _USERNAME.fullmatch(username):
            raise ValidationError(
                _("Use 4 to 60 characters for the username: letters, digits and . _ @ + -"), code="characters"
            )
        if self.member.masshealth_id in username:
            raise ValidationError(_("Do not use your MassHealth ID as username."), code="masshealth_id")
        if is_username_taken(username, besides=self.member):
            raise _taken()
        return username

    def say_taken(self) -> None:
        """Say that the username is another's, when that was found out only while saving."""
        self.add_error("username", _taken())

    @sensitive_variables("password")
    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(username=self.data.get("username", ""), member=self.member))
        return password


def _taken() -> ValidationError:
    return ValidationError(_("This username is taken. Choose another."), code="taken")

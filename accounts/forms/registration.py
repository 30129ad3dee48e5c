"""The three steps of registration."""

import re
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.debug import sensitive_variables
from localflavor.us.forms import USZipCodeField
from localflavor.us.us_states import USPS_CHOICES
from phonenumber_field.formfields import PhoneNumberField

from accounts.forms.fields import BirthDateField, MassHealthIdField, new_password_field, text_input
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


class ContactForm(forms.Form):
    """Step 2: how to reach someone."""

    email = forms.EmailField(
        label=gettext_lazy("Email address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
        help_text=gettext_lazy("We send a link to this address. You need it before you can log in."),
        error_messages={
            "required": gettext_lazy("Enter your email address."),
            "invalid": gettext_lazy("Enter an email address like name@example.com."),
        },
    )
    phone = PhoneNumberField(
        label=gettext_lazy("Phone number"),
        region="US",
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
        error_messages={
            "required": gettext_lazy("Enter your phone number."),
            "invalid": gettext_lazy("Enter a phone number with its area code, like 617-555-0123."),
        },
    )
    address_line1 = forms.CharField(
        label=gettext_lazy("Mailing address"),
        max_length=100,
        widget=forms.TextInput({"autocomplete": "address-line1"}),
        error_messages={"required": gettext_lazy("Enter your street and number, or P.O. box.")},
    )
    address_line2 = forms.CharField(
        label=gettext_lazy("Apartment, floor or care of"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"autocomplete": "address-line2"}),
    )
    city = forms.CharField(
        label=gettext_lazy("City or town"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "address-level2"}),
        error_messages={"required": gettext_lazy("Enter your city or town.")},
    )
    state = forms.ChoiceField(
        label=pgettext_lazy("of the USA", "State"),
        choices=USPS_CHOICES,
        initial="MA",
        widget=forms.Select({"autocomplete": "address-level1"}),
        error_messages={"required": gettext_lazy("Choose your state.")},
    )
    zip_code = USZipCodeField(
        label=gettext_lazy("ZIP code"),
        max_length=10,
        widget=text_input("postal-code"),
        error_messages={
            "required": gettext_lazy("Enter your ZIP code."),
            "invalid": gettext_lazy("Enter a ZIP code with 5 digits, like 02118, or 9 digits, like 02118-1234."),
        },
    )

    def clean_phone(self) -> str:
        return str(self.cleaned_data["phone"].as_e164)

    def clean_zip_code(self) -> str:
        zip_code: str = self.cleaned_data["zip_code"]
        if not zip_code.isascii():  # the field takes digits of every script
            raise ValidationError(self.fields["zip_code"].error_messages["invalid"], code="invalid")
        return zip_code


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

"""The forms of registration, log-in, recovery and contact details."""

from accounts.forms.address import AddressForm
from accounts.forms.contact import ChangeEmailForm, ChangePhoneForm, CodeForm, ReadingForm
from accounts.forms.entry import ChoosePasswordForm, ForgotPasswordForm, ForgotUsernameForm, LoginForm, StaffLoginForm
from accounts.forms.registration import ContactForm, FactsForm, LoginDetailsForm

__all__ = [
    "AddressForm",
    "ChangeEmailForm",
    "ChangePhoneForm",
    "ChoosePasswordForm",
    "CodeForm",
    "ContactForm",
    "FactsForm",
    "ForgotPasswordForm",
    "ForgotUsernameForm",
    "LoginDetailsForm",
    "LoginForm",
    "ReadingForm",
    "StaffLoginForm",
]

"""The forms of registration, log-in, recovery and contact details."""

from accounts.forms.address import AddressForm
from accounts.forms.contact import ChangeEmailForm, ChangePhoneForm, CodeForm, ReadingForm
from accounts.forms.entry import (
    ChoosePasswordForm,
    ForgotPasswordForm,
    ForgotUsernameByTextForm,
    ForgotUsernameForm,
    LoginForm,
    StaffLoginForm,
)
from accounts.forms.notifying import CONSENT_VERSION, NotificationsForm, consent_words
from accounts.forms.registration import ContactForm, FactsForm, LoginDetailsForm
from accounts.forms.security import ChangePasswordForm, PasswordAndCodeForm, SecondStepForm

__all__ = [
    "CONSENT_VERSION",
    "AddressForm",
    "ChangeEmailForm",
    "ChangePasswordForm",
    "ChangePhoneForm",
    "ChoosePasswordForm",
    "CodeForm",
    "ContactForm",
    "FactsForm",
    "ForgotPasswordForm",
    "ForgotUsernameByTextForm",
    "ForgotUsernameForm",
    "LoginDetailsForm",
    "LoginForm",
    "NotificationsForm",
    "PasswordAndCodeForm",
    "ReadingForm",
    "SecondStepForm",
    "StaffLoginForm",
    "consent_words",
]

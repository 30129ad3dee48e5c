"""The forms of registration, log-in and recovery."""

from accounts.forms.entry import ChoosePasswordForm, ForgotPasswordForm, ForgotUsernameForm, LoginForm, StaffLoginForm
from accounts.forms.registration import ContactForm, FactsForm, LoginDetailsForm

__all__ = [
    "ChoosePasswordForm",
    "ContactForm",
    "FactsForm",
    "ForgotPasswordForm",
    "ForgotUsernameForm",
    "LoginDetailsForm",
    "LoginForm",
    "StaffLoginForm",
]

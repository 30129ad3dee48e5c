"""The forms of registration, log-in and recovery."""

from accounts.forms.entry import ChoosePasswordForm, ForgotPasswordForm, ForgotUsernameForm, LoginForm, StaffLoginForm
from accounts.forms.registration import ContactForm, FactsForm, LoginDetailsForm
from accounts.forms.security import ChangePasswordForm, CodeForm, PasswordAndCodeForm

__all__ = [
    "ChangePasswordForm",
    "ChoosePasswordForm",
    "CodeForm",
    "ContactForm",
    "FactsForm",
    "ForgotPasswordForm",
    "ForgotUsernameForm",
    "LoginDetailsForm",
    "LoginForm",
    "PasswordAndCodeForm",
    "StaffLoginForm",
]

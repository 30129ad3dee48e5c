"""The forms of registration, log-in and recovery."""

from accounts.forms.entry import ChoosePasswordForm, ForgotPasswordForm, ForgotUsernameForm, LoginForm, StaffLoginForm
from accounts.forms.notifying import CONSENT_VERSION, NotificationsForm, consent_words
from accounts.forms.registration import ContactForm, FactsForm, LoginDetailsForm
from accounts.forms.security import ChangePasswordForm

__all__ = [
    "CONSENT_VERSION",
    "ChangePasswordForm",
    "ChoosePasswordForm",
    "ContactForm",
    "FactsForm",
    "ForgotPasswordForm",
    "ForgotUsernameForm",
    "LoginDetailsForm",
    "LoginForm",
    "NotificationsForm",
    "StaffLoginForm",
    "consent_words",
]

"""The pages of registration, log-in, recovery, security and language."""

from accounts.views.confirmation import confirm_email, open_confirmation, resend
from accounts.views.entry import Login, extend_session, time_out
from accounts.views.language import choose_language
from accounts.views.recovery import ChoosePassword, forgot_password, forgot_username
from accounts.views.registration import register, register_contact, register_done, register_login
from accounts.views.security import change_password, end_other_sessions, end_session, security

__all__ = [
    "ChoosePassword",
    "Login",
    "change_password",
    "choose_language",
    "confirm_email",
    "end_other_sessions",
    "end_session",
    "extend_session",
    "forgot_password",
    "forgot_username",
    "open_confirmation",
    "register",
    "register_contact",
    "register_done",
    "register_login",
    "resend",
    "security",
    "time_out",
]

"""The pages of registration, log-in, recovery and security."""

from accounts.views.confirmation import confirm_email, open_confirmation, resend
from accounts.views.entry import Login, StaffLogin, extend_session, login_code, time_out
from accounts.views.recovery import ChoosePassword, forgot_password, forgot_username
from accounts.views.registration import register, register_contact, register_done, register_login
from accounts.views.second_step import two_step_codes, two_step_off, two_step_on
from accounts.views.security import change_password, end_other_sessions, end_session, security

__all__ = [
    "ChoosePassword",
    "Login",
    "StaffLogin",
    "change_password",
    "confirm_email",
    "end_other_sessions",
    "end_session",
    "extend_session",
    "forgot_password",
    "forgot_username",
    "login_code",
    "open_confirmation",
    "register",
    "register_contact",
    "register_done",
    "register_login",
    "resend",
    "security",
    "time_out",
    "two_step_codes",
    "two_step_off",
    "two_step_on",
]

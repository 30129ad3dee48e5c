"""The pages of registration, log-in, recovery, security and a member's details."""

from accounts.views.confirmation import confirm_email, open_confirmation, resend
from accounts.views.contact import cancel as cancel_contact
from accounts.views.contact import change_email, change_phone, open_email_link, prove_email, prove_phone
from accounts.views.contact import send_again as send_contact_again
from accounts.views.coverage import coverage
from accounts.views.entry import Login, StaffLogin, extend_session, login_code, time_out
from accounts.views.notifying import notifications, unsubscribe
from accounts.views.phone_recovery import password_by_text, recovery_code, username_by_text
from accounts.views.profile import change_address, change_reading, profile
from accounts.views.recovery import ChoosePassword, forgot_password, forgot_username
from accounts.views.registration import register, register_contact, register_done, register_login
from accounts.views.second_step import two_step_codes, two_step_off, two_step_on
from accounts.views.security import change_password, end_other_sessions, end_session, security

__all__ = [
    "ChoosePassword",
    "Login",
    "StaffLogin",
    "cancel_contact",
    "change_address",
    "change_email",
    "change_password",
    "change_phone",
    "change_reading",
    "confirm_email",
    "coverage",
    "end_other_sessions",
    "end_session",
    "extend_session",
    "forgot_password",
    "forgot_username",
    "login_code",
    "notifications",
    "open_confirmation",
    "open_email_link",
    "password_by_text",
    "profile",
    "prove_email",
    "prove_phone",
    "recovery_code",
    "register",
    "register_contact",
    "register_done",
    "register_login",
    "resend",
    "security",
    "send_contact_again",
    "time_out",
    "two_step_codes",
    "two_step_off",
    "two_step_on",
    "unsubscribe",
    "username_by_text",
]

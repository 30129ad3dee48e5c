"""Addresses of log-in, registration, recovery, security and a member's details."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("register/", views.register, name="register"),
    path("register/contact/", views.register_contact, name="register_contact"),
    path("register/login/", views.register_login, name="register_login"),
    path("register/done/", views.register_done, name="register_done"),
    path("email/confirm/", views.confirm_email, name="email_confirm_press"),
    path("email/confirm/<str:token>/", views.open_confirmation, name="email_confirm"),
    path("email/resend/", views.resend, name="email_resend"),
    path("login/", views.Login.as_view(), name="login"),
    path("login/code/", views.login_code, name="login_code"),
    path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
    path("session/time-out/", views.time_out, name="session_time_out"),
    path("session/extend/", views.extend_session, name="session_extend"),
    path("password/forgot/", views.forgot_password, name="password_forgot"),
    path("password/reset/<uidb64>/<token>/", views.ChoosePassword.as_view(), name="password_reset"),
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/stop/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("password/forgot/text/", views.password_by_text, name="password_by_text"),
    path("username/forgot/text/", views.username_by_text, name="username_by_text"),
    path("recovery/code/", views.recovery_code, name="recovery_code"),
    path("profile/", views.profile, name="profile"),
    path("profile/address/", views.change_address, name="change_address"),
    path("profile/reading/", views.change_reading, name="change_reading"),
    path("profile/email/", views.change_email, name="change_email"),
    path("profile/email/confirm/", views.prove_email, name="contact_email_press"),
    path("profile/email/confirm/<str:token>/", views.open_email_link, name="contact_email_confirm"),
    path("profile/phone/", views.change_phone, name="change_phone"),
    path("profile/phone/code/", views.prove_phone, name="prove_phone"),
    path("profile/<str:kind>/again/", views.send_contact_again, name="send_contact_again"),
    path("profile/<str:kind>/cancel/", views.cancel_contact, name="cancel_contact"),
    path("username/forgot/", views.forgot_username, name="username_forgot"),
    path("security/", views.security, name="security"),
    path("security/password/", views.change_password, name="password_change"),
    path("security/two-step/on/", views.two_step_on, name="two_step_on"),
    path("security/two-step/off/", views.two_step_off, name="two_step_off"),
    path("security/two-step/codes/", views.two_step_codes, name="two_step_codes"),
    path("security/sessions/end/", views.end_other_sessions, name="end_other_sessions"),
    path("security/sessions/<int:pk>/end/", views.end_session, name="end_session"),
]

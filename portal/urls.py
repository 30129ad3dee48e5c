"""Every address of the portal, room by room."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.views import StaffLogin, coverage
from accounts.views.language import choose_language
from billing.urls import case_urls
from payments.urls import proof_urls
from portal import health, helping, pages, rights
from portal.components import components

urlpatterns = [
    path("", pages.home, name="home"),
    path("seal/", pages.seal, name="seal"),
    path("help/", helping.index, name="help"),
    path("help/languages/", rights.languages, name="help_languages"),
    path("help/rights/", rights.rights, name="rights"),
    path("help/<slug:slug>/", helping.topic, name="help_topic"),
    path("language/", choose_language, name="language"),
    path("components/", components, name="components"),  # 404 but on a laptop
    path("accounts/", include("accounts.urls")),
    path("coverage/", coverage, name="coverage"),
    path("bills/", include("billing.urls")),
    path("cases/", include((case_urls, "cases"))),
    path("payments/", include("payments.urls")),
    path("proof/", include(proof_urls)),
    path("webhooks/", include("payments.webhook_urls")),
    path("webhooks/", include("accounts.webhook_urls")),
    path("health/live/", health.live, name="live"),
    path("health/ready/", health.ready, name="ready"),
    path("health/gateway/", health.gateway, name="gateway_health"),
    # a staff password changes by the link in an email, as a member's: the old one cannot be guessed at in a form
    path("admin/password_change/", RedirectView.as_view(pattern_name="accounts:password_forgot")),
    path("admin/login/", StaffLogin.as_view()),  # before admin's own, which knows no second step
    path("admin/", admin.site.urls),
]
handler400 = "portal.pages.bad_request"
handler403 = "portal.pages.forbidden"
handler404 = "portal.pages.not_found"
handler500 = "portal.pages.server_error"

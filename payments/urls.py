"""Addresses of paying, in the member's order."""

from django.urls import path

from payments import views

app_name = "payments"
urlpatterns = [
    path("", views.history, name="history"),
    path("export.csv", views.export, name="export"),
    path("account/", views.account, name="account"),
    path("account/export.csv", views.account_export, name="account_export"),
    path("find/", views.find, name="find"),
    path("new/", views.new, name="new"),
    path("missing/", views.missing, name="missing"),
    path("methods/", views.methods, name="methods"),
    path("methods/<str:reference>/remove/", views.remove_method, name="remove_method"),
    path("autopay/", views.autopay, name="autopay"),
    path("autopay/new/", views.enroll, name="enroll"),
    path("autopay/<str:reference>/authorization.pdf", views.agreement_pdf, name="agreement_pdf"),
    path("autopay/cancel/", views.cancel_autopay, name="cancel_autopay"),
    path("autopay/draws/<str:reference>/", views.draw, name="draw"),
    path("<str:reference>/details/", views.details, name="details"),
    path("<str:reference>/review/", views.review, name="review"),
    path("<str:reference>/verify/", views.verify, name="verify"),
    path("<str:reference>/authorization/", views.authorization, name="authorization"),
    path("<str:reference>/authorization.pdf", views.authorization_pdf, name="authorization_pdf"),
    path("<str:reference>/receipt.pdf", views.receipt_pdf, name="receipt_pdf"),
    path("<str:reference>/proof/", views.prove, name="prove"),
    path("<str:reference>/cancel/", views.cancel, name="cancel"),
    path("<str:reference>/return/", views.returned, name="returned"),
    path("<str:reference>/", views.status, name="status"),
]
proof_urls = (
    [path("", views.type_proof, name="type"), path("<str:code>/", views.proof, name="show")],
    "proof",
)

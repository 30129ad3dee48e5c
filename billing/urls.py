"""Addresses of the bills, and of the cases about them."""

from django.urls import path

from billing import views

app_name = "billing"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("help-paying/", views.cannot_pay, name="cannot_pay"),
    path("help-paying/waiver/", views.ask_waiver, name="ask_waiver"),
    path("help-paying/plan/", views.ask_plan, name="ask_plan"),
    path("statements/", views.statements, name="statements"),
    path("statements/<int:year>/", views.year, name="year"),
    path("statements/<int:year>/summary.pdf", views.summary, name="summary"),
    path("statements/<int:year>/statements.zip", views.archive, name="archive"),
    path("<str:number>/", views.bill, name="bill"),
    path("<str:number>/statement.pdf", views.statement, name="statement"),
]
case_urls = [
    path("", views.case_list, name="list"),
    path("new/", views.new_case, name="new"),
    path("new/<str:kind>/", views.report, name="report"),
    path("<str:number>/", views.case, name="case"),
    path("<str:number>/files/<str:reference>/", views.attachment, name="attachment"),
]

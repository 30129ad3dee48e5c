"""Addresses of the bills."""

from django.urls import path

from billing import views

app_name = "billing"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("help-paying/", views.cannot_pay, name="cannot_pay"),
    path("statements/", views.statements, name="statements"),
    path("statements/<int:year>/", views.year, name="year"),
    path("statements/<int:year>/summary.pdf", views.summary, name="summary"),
    path("statements/<int:year>/statements.zip", views.archive, name="archive"),
    path("<str:number>/", views.bill, name="bill"),
    path("<str:number>/statement.pdf", views.statement, name="statement"),
]

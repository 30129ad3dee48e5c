"""Addresses of the bills."""

from django.urls import path

from billing import views

app_name = "billing"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("help-paying/", views.cannot_pay, name="cannot_pay"),
    path("<str:number>/", views.bill, name="bill"),
]

"""The one address at which the gateway calls us."""

from django.urls import path

from payments import webhooks

app_name = "webhooks"
urlpatterns = [path("stripe/", webhooks.stripe, name="stripe")]

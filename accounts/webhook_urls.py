"""The address at which the text service calls us."""

from django.urls import path

from accounts import webhooks

app_name = "texting"
urlpatterns = [path("twilio/", webhooks.twilio, name="twilio")]

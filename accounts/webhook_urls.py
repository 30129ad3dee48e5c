"""The addresses at which the text service and the mail service call us."""

from django.urls import path

from accounts import webhooks

app_name = "texting"
urlpatterns = [
    path("twilio/", webhooks.twilio, name="twilio"),
    path("bounce/", webhooks.bounce, name="bounce"),
]

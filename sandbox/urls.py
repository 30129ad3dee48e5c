"""Which page is where."""

from django.urls import path

from sandbox import pages, twilio, views_api, views_control

urlpatterns = [
    path("", pages.index),
    path("v1/<path:rest>", views_api.api),
    path("2010-04-01/Accounts/<str:account>/Messages.json", twilio.messages),
    path("_control/<path:name>", views_control.run),
    path("stripe.js", pages.asset, {"name": "stripe.js"}),
    path("assets/<str:name>", pages.asset),
    path("frame", pages.frame),
    path("bridge", pages.bridge),
    path("3ds/<str:intent_id>", pages.authenticate),
    path("microdeposit/<str:intent_id>", pages.deposits),
    path("panel", pages.panel),
    path("panel/do", pages.press),
    path("inbox", pages.mails),
    path("inbox/<int:number>", pages.mail),
    path("inbox/<int:number>/html", pages.mail_html),
]
handler404 = "sandbox.views_api.not_found"

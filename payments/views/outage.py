"""What a member sees while no payments are taken."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def outage_page(request: HttpRequest) -> HttpResponse:
    """503: nothing was charged, and whom to call."""
    return render(request, "payments/outage.html", status=503)

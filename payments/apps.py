"""Registers the room with Django."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"

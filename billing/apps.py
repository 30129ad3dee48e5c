"""Registers the room with Django."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"

"""Registers the floor with Django."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from portal.shared.quiet_errors import quieten


class SharedConfig(AppConfig):
    name = "portal.shared"
    label = "shared"

    def ready(self) -> None:
        connection_created.connect(quieten)

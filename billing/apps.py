"""Registers the room with Django."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        from accounts.selectors.security import opened  # noqa: PLC0415  models are there only now
        from billing import signals  # noqa: F401, PLC0415  receivers register themselves
        from billing.selectors.looks import bills_and_cases_of  # noqa: PLC0415  as above

        opened.append(bills_and_cases_of)

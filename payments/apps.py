"""Registers the room with Django."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self) -> None:
        from accounts.selectors.security import opened  # noqa: PLC0415  models are there only now
        from billing.services import taken_care_of  # noqa: PLC0415
        from payments import signals  # noqa: F401, PLC0415  receivers register themselves
        from payments.selectors import bills_autopay_draws, payments_of  # noqa: PLC0415

        opened.append(payments_of)
        taken_care_of.append(bills_autopay_draws)

"""Registers the room with Django."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self) -> None:
        from billing.services import taken_care_of  # noqa: PLC0415  models are there only now
        from payments.selectors import bills_autopay_draws  # noqa: PLC0415

        taken_care_of.append(bills_autopay_draws)

"""The steps of autopay, as tests take them through the services, with the gateway in memory."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from billing import selectors as bills
from billing.models import Bill
from payments import services
from payments.models import AutopayDraw, AutopayEnrollment, Payment, SavedMethod
from payments.rules import EASTERN
from portal.shared.models import OutgoingMessage
from tests import factories
from tests.payments.steps import Paying

MONDAY = date(2027, 3, 1)  # no holiday is near


@dataclass
class Autopaying:
    """A member with a saved method and, after `enroll`, autopay."""

    paying: Paying
    clock: Any  # of time_machine

    @property
    def fake(self):
        return self.paying.fake

    @property
    def user(self):
        return self.paying.user

    def goes_to(self, day: date, hour: int = 9) -> None:
        """Let it be this hour of this Eastern day."""
        self.clock.move_to(datetime(day.year, day.month, day.day, hour, tzinfo=EASTERN))

    def saves(self, behaviour: str = "card") -> SavedMethod:
        """Pay the first bill and save what it was paid with."""
        method = "bank" if behaviour.startswith("bank") else "card"
        payment = services.start(user=self.user, household=self.paying.household, amount_cents=2400, method=method)
        services.attach_token(payment=payment, token_id=self.fake.new_token(behaviour), saves=True)
        payment = self.paying.submit(payment)
        if payment.status != "paid":
            self.fake.settle(payment.intent_id)
            services.refresh(payment, via="webhook")
        connection.check_constraints()  # while its confirmation is there
        OutgoingMessage.objects.all().delete()
        return SavedMethod.objects.get()

    def enrolls(self, saved: SavedMethod | None = None, days_before: int = 0, limit: int | None = None):
        """Turn autopay on."""
        return services.enroll(
            user=self.user,
            household=self.paying.household,
            wish=services.Wish(saved or self.saves(), days_before, limit),
            consented=services.Consented("I allow it.", "test", "en", "192.0.2.7", "a test"),
        )

    def billed(self, cents: int = 2400, due_on: date = date(2027, 4, 1)) -> Bill:
        """A bill comes."""
        return factories.bill(
            household=self.paying.household, lines=[("Premium", cents)], issued_on=timezone.localdate(), due_on=due_on
        )

    def runs(self) -> services.Run:
        """Run autopay today."""
        return services.run_autopay(timezone.localdate())

    def drawn(self, behaviour: str = "card", cents: int = 2400) -> Payment:
        """Enrol, get a bill, go to its day, draw it; return the payment."""
        self.enrolls(self.saves(behaviour))
        self.billed(cents)
        self.goes_to(date(2027, 3, 22))
        self.runs()
        self.goes_to(date(2027, 4, 1))
        self.runs()
        return AutopayDraw.objects.get().payment


def kinds() -> list[str]:
    """Return the kinds of the messages queued, oldest first."""
    return list(OutgoingMessage.objects.order_by("pk").values_list("kind", flat=True))


def end_of(enrollment: AutopayEnrollment) -> str:
    """Return why autopay ended; '' while it is on."""
    enrollment.refresh_from_db()
    return enrollment.end_reason


def owed(autopaying: Autopaying) -> int:
    """Return the cents that the household still owes."""
    return bills.account_for(autopaying.paying.household).owed_cents

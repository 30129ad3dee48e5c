"""A month of payments in both books, written straight into them, and every way in which the two come to differ."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import cycle, pairwise
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.models import Household
from billing.models import Credit
from payments.gateway.fake import FakeGateway
from payments.gateway.port import Entry, EntryKind, Intent, IntentStatus, ListedEvent, Notice, Payout
from payments.models import GatewayEvent, Payment, PaymentEvent
from tests import factories
from tests.payments.reconciling.looking import unguarded

DAYS = 28
THERE = {
    "paid": IntentStatus.SUCCEEDED,
    "returned": IntentStatus.SUCCEEDED,
    "processing": IntentStatus.PROCESSING,
    "failed": IntentStatus.FAILED,
    "canceled": IntentStatus.CANCELED,
}
STEPS = {"submitting": ["", "started", "submitting"], "processing": ["", "started", "submitting", "processing"]}
Named = tuple[str, str]  # kind of finding; confirmation number, or gateway id where there is no payment


@dataclass
class Month:
    """So many payments, of which `disturb` spoils some; `expected` is what must be found, and nothing else."""

    fake: FakeGateway
    count: int
    expected: set[Named] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)  # events that the webhook never heard
    strange: set[str] = field(default_factory=set)  # charges that we did not ask for
    without_line: set[str] = field(default_factory=set)  # charges that their payout does not list
    more_lines: list[Entry] = field(default_factory=list)  # lines that some payout lists as well

    def build(self) -> None:
        """Make the payments of both books, each settled two days later in the payout of its day."""
        self.start = timezone.now() - timedelta(days=DAYS)
        user = factories.user()
        households = Household.objects.bulk_create(Household(number=f"M-{n:06d}") for n in range(self.count // 10))
        pairs = zip(range(self.count), cycle(households), strict=False)
        self.payments = [self._payment(n, household, user) for n, household in pairs]
        for payment in self.payments:
            self._charge(payment)

    def write(self) -> None:
        """Put down what the webhook heard and the money on our side, and the payouts on the other."""
        with unguarded():
            self._write_ours()
        self._pay_out()

    def _write_ours(self) -> None:
        Payment.objects.bulk_create(self.payments, batch_size=5000)
        live = [payment for payment in self.payments if payment.status in STEPS]
        PaymentEvent.objects.bulk_create(step for payment in live for step in _steps(payment))
        heard = [event for event in self.fake.happened if event.notice.event_id not in self.lost]
        GatewayEvent.objects.bulk_create(map(_filed, heard), batch_size=5000)
        Credit.objects.bulk_create(filter(None, map(self._credit, self.payments)), batch_size=5000)

    # --- both books -------------------------------------------------------------------------------------------------
    def _payment(self, n: int, household: Household, user: object) -> Payment:
        at = self.start + timedelta(days=DAYS) * n / self.count
        status = {0: "failed", 1: "canceled", 2: "returned"}.get(n % 25, "paid")
        if n % 25 == 3 and n > self.count * 0.95:
            status = "processing"
        is_bank = status in ("returned", "processing") or n % 3 == 0
        paid_at = at if status in ("paid", "returned") else None
        return Payment(
            household=household,
            payer=user,
            amount_cents=1000 + n % 5000,
            method="bank" if is_bank else "card",
            status=status,
            intent_id=f"pi_m{n}",
            charge_id=f"{'py' if is_bank else 'ch'}_m{n}",
            submissions=1,
            created_at=at,
            submitted_at=at,
            checked_at=timezone.now() if status == "processing" else at,
            paid_at=paid_at,
            ended_at=at if status in ("failed", "canceled", "returned") else None,
        )

    def _charge(self, payment: Payment) -> None:
        ours = {"payment": str(payment.uuid), "deployment": settings.DEPLOYMENT_ID}
        status = THERE[payment.status]
        self.fake.intents[payment.intent_id] = Intent(
            payment.intent_id, status, payment.amount_cents, "usd", False, ours, payment.charge_id
        )
        self.fake.born[payment.intent_id] = payment.submitted_at
        if status is IntentStatus.SUCCEEDED:
            self._tell("payment_intent.succeeded", payment.intent_id, payment.submitted_at)
        if payment.status == "returned":
            self.fake.return_debit(payment.intent_id)

    def _tell(self, type_: str, object_id: str, at: datetime) -> str:
        event = ListedEvent(Notice(f"evt_m{len(self.fake.happened)}", type_, object_id, False, "fake"), at)
        self.fake.happened.append(event)
        return event.notice.event_id

    def _credit(self, payment: Payment) -> Credit | None:
        statuses = {"paid": "settled", "returned": "reversed", "processing": "held", "submitting": "held"}
        if payment.status not in statuses:
            return None
        return Credit(
            household=payment.household,
            source=payment.reference,
            amount_cents=payment.amount_cents,
            status=getattr(payment, "credit_status", statuses[payment.status]),
            created_at=payment.submitted_at,
            changed_at=payment.submitted_at,
        )

    def _pay_out(self) -> None:
        """One payout a day, of what succeeded two days before."""
        self.fake.balance.clear()
        charged = [intent for intent in self.fake.intents.values() if intent.status is IntentStatus.SUCCEEDED]
        lines = [_line(intent, self.fake.born[intent.id]) for intent in charged if intent.id not in self.strange]
        days: dict[int, list[Entry]] = {}
        for line in lines + self.more_lines:
            days.setdefault((line.created_at - self.start).days, []).append(line)
        for day, of_day in days.items():
            payout = Payout(f"po_m{day}", sum(line.net_cents for line in of_day), "paid", self._payout_at(day))
            if payout.created_at < timezone.now():
                self.fake.sent.append(payout)
                self.fake.lines[payout.id] = [line for line in of_day if line.intent_id not in self.without_line]
                if len(self.fake.lines[payout.id]) < len(of_day):
                    self.expected.add(("payout does not add up", payout.id))

    def _payout_at(self, day: int) -> datetime:
        return self.start + timedelta(days=day + 2)

    # --- for those who disturb it -----------------------------------------------------------------------------------
    def expects(self, kind: str, payment: Payment) -> None:
        """This must be found of this payment."""
        self.expected.add((kind, payment.reference))

    def expects_unpaid_out(self, payment: Payment) -> None:
        """This payment will be a line of no payout, which is asked about after ten days."""
        if payment.paid_at < timezone.now() - timedelta(days=settings.PAID_OUT_WITHIN_DAYS):
            self.expects("in no payout", payment)

    def is_paid_out(self, payment: Payment) -> bool:
        """Whether the payout of its day has been made."""
        return self._payout_at((payment.submitted_at - self.start).days) < timezone.now()

    def change(self, payment: Payment, **facts: Any) -> None:
        """Let its charge be otherwise at the gateway."""
        self.fake.intents[payment.intent_id] = replace(self.fake.intents[payment.intent_id], **facts)

    def strange_charge(self, metadata: dict[str, str], payment: Payment) -> str:
        """Let the gateway have one more charge of our deployment, at the same time; not paid out."""
        intent_id, deployment = f"{payment.intent_id}_strange", {"deployment": settings.DEPLOYMENT_ID}
        self.fake.intents[intent_id] = replace(
            self.fake.intents[payment.intent_id],
            id=intent_id,
            charge_id=f"ch_{intent_id}",
            metadata=metadata | deployment,
        )
        self.fake.born[intent_id] = payment.submitted_at
        self.strange.add(intent_id)
        return intent_id


def _line(intent: Intent, at: datetime) -> Entry:
    cents, deployment = intent.amount_cents, intent.metadata["deployment"]
    return Entry(
        f"txn_{intent.id}", EntryKind.PAYMENT, cents, 0, cents, intent.charge_id or "", intent.id, deployment, at
    )


def _steps(payment: Payment) -> list[PaymentEvent]:
    """The history of a payment that will go on."""
    steps = pairwise(STEPS[payment.status])
    return [PaymentEvent(payment=payment, from_status=before, to_status=after, via="submit") for before, after in steps]


def _filed(event: ListedEvent) -> GatewayEvent:
    notice = event.notice
    return GatewayEvent(
        event_id=notice.event_id,
        type=notice.type,
        object_id=notice.object_id,
        livemode=False,
        api_version="fake",
        received_at=event.created_at,
        status="done",
    )

"""The bank behind the gateway: it posts, refuses, takes back, disputes and refunds as each charge's fate says, in time.

A fate is a dict: `days` until a debit is posted, `fails` with this code instead, `returns` after so many days more;
for a card `disputes` after so many days (`inquiry` first), closed `closes` days later, `won` or lost. Business days.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from payments.gateway.fake import FakeGateway
from payments.gateway.port import ActionKind, DisputeStatus, IntentStatus, RefundStatus
from payments.rules import EASTERN
from portal.shared.business_days import add_business_days, is_business_day

VERIFY_WITHIN = timedelta(days=10)  # small deposits that nobody confirmed
Since = tuple[datetime, dict[str, Any]]


class Bank:
    """What will become of charges and refunds, and the days on which it does."""

    def __init__(self) -> None:
        self.bank = FakeGateway()
        self.fates: dict[str, dict[str, Any]] = {}  # by the token or kept method of a charge, or a refund's uuid
        self.charged: dict[str, Since] = {}  # since when and how, by intent
        self.refunding: dict[str, Since] = {}  # the same, by refund

    def send_out(self) -> None:
        """Put on their way the events that happened since."""
        raise NotImplementedError

    def give_fate(self, intent_id: str, token_id: str) -> None:
        """Remember what will become of a charge that has just been confirmed."""
        fate = self.fates.get(token_id)
        intent = self.bank.intents.get(intent_id)
        if intent and intent.paid_with and fate is not None:
            self.fates.setdefault(intent.paid_with.id, fate)  # what is kept of it fares alike
        confirmed = intent and intent.status not in (IntentStatus.UNCONFIRMED, IntentStatus.CANCELED)
        if fate is not None and confirmed:
            self.charged.setdefault(intent_id, (timezone.now(), fate))

    def bank_works(self) -> None:
        """Post, refuse and take back what is due by now; on weekends and holidays only deposits grow old."""
        for intent_id, (since, _) in self.charged.items():
            self._grow_old(intent_id, since)
        if is_business_day(timezone.localdate()):
            for intent_id, (since, fate) in list(self.charged.items()):
                self._post(intent_id, since, fate)
                self._take_back(intent_id, since, fate)
            self._close_disputes()
            self._finish_refunds()
            if self.bank.balance:
                self.bank.pay_out()
        self.send_out()

    def is_done(self) -> bool:
        """Return whether nothing more will happen by itself."""
        coming = [
            intent_id
            for intent_id, (_, fate) in self.charged.items()
            if (fate.get("returns") or fate.get("disputes")) and self._is_received(intent_id)
        ]
        disputed = {dispute.intent_id for dispute in self.bank.disputes.values()}
        pending = any(refund.status is RefundStatus.PENDING for refund in self.bank.refunds.values())
        is_open = any(dispute.status is DisputeStatus.OPEN for dispute in self.bank.disputes.values())
        return not (set(coming) - disputed or pending or is_open)

    def member_checked(self, intent_id: str, *, passes: bool) -> None:
        """The member passed or failed the bank's check, or confirmed small deposits on the gateway's own page."""
        action = self.bank.intents[intent_id].action
        if not passes:
            self.bank.fail_debit(intent_id, "payment_intent_authentication_failure")
        elif action and action.kind is ActionKind.MICRODEPOSITS:
            self.bank.verify_microdeposits(intent_id, amounts=(32, 45))
        else:
            self.bank.settle(intent_id)
        self.send_out()

    def _is_received(self, intent_id: str) -> bool:
        return self.bank.intents[intent_id].status is IntentStatus.SUCCEEDED

    def _grow_old(self, intent_id: str, since: datetime) -> None:
        action = self.bank.intents[intent_id].action
        if action and action.kind is ActionKind.MICRODEPOSITS and since < timezone.now() - VERIFY_WITHIN:
            self.bank.end_deposits(intent_id)

    def _post(self, intent_id: str, since: datetime, fate: dict[str, Any]) -> None:
        if self.bank.intents[intent_id].status is IntentStatus.PROCESSING and _is_due(since, fate["days"]):
            if fate["fails"] == "canceled":  # by hand, on the gateway's own pages
                self.bank._set(intent_id, status=IntentStatus.CANCELED)
            elif fate["fails"]:
                self.bank.fail_debit(intent_id, fate["fails"])
            else:
                self.bank.settle(intent_id)

    def _take_back(self, intent_id: str, since: datetime, fate: dict[str, Any]) -> None:
        after = fate.get("returns") or fate.get("disputes")
        known = any(dispute.intent_id == intent_id for dispute in self.bank.disputes.values())
        if not after or known or not self._is_received(intent_id) or not _is_due(since, fate["days"] + after):
            return
        if fate.get("returns"):
            self.bank.return_debit(intent_id)
        else:
            self.bank.open_dispute(intent_id, is_inquiry=fate["inquiry"])

    def _close_disputes(self) -> None:
        for dispute in list(self.bank.disputes.values()):
            since, fate = self.charged[dispute.intent_id]
            days = fate["days"] + fate.get("disputes", 0) + fate.get("closes", 0)
            if dispute.status is DisputeStatus.OPEN and _is_due(since, days):
                self.bank.close_dispute(dispute.id, won=fate["won"])

    def _finish_refunds(self) -> None:
        for refund in list(self.bank.refunds.values()):
            fate = self.fates.get(refund.metadata.get("refund", ""), {"days": 1, "fails": ""})
            since, _ = self.refunding.setdefault(refund.id, (timezone.now(), fate))
            if refund.status is RefundStatus.FAILED or not _is_due(since, fate["days"]):
                continue
            if fate["fails"]:
                self.bank.fail_refund(refund.id, fate["fails"])
            elif refund.status is RefundStatus.PENDING:
                self.bank.finish_refund(refund.id)


def _is_due(since: datetime, days: int) -> bool:
    return add_business_days(since.astimezone(EASTERN).date(), days) <= timezone.localdate()

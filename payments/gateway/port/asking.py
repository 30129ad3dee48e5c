"""What we ask a gateway, by subject. Every method may raise OutcomeUnknown, Busy or NotAllowed."""

from datetime import datetime
from typing import Protocol

from payments.gateway.port.facts import (
    Consent,
    DisputeFacts,
    Intent,
    Mandate,
    MethodFacts,
    Notice,
    RefundFacts,
    Token,
)
from payments.gateway.port.lists import Listing


class Charging(Protocol):
    """Charges, what takes them back, and what the gateway tells of them."""

    def token(self, token_id: str) -> Token:
        """Return what the member entered. Raises TokenUnusable when there is no such token."""

    def create(
        self,
        *,
        amount_cents: int,
        method: str,
        key: str,
        metadata: dict[str, str],
        customer_id: str = "",
        saves: bool = False,
    ) -> Intent:
        """Make an unconfirmed charge; the same key gives the same one. No money moves. Raises Refused.

        With `saves` the card or account stays with this customer, for later charges, once the charge succeeded.
        """

    def confirm(
        self,
        intent_id: str,
        *,
        token_id: str,
        method: str,
        return_url: str,
        key: str,
        consent: Consent | None,
        saves: bool = False,
    ) -> Intent:
        """Charge it. `saves` as in create. Raises Declined, TokenUnusable or Refused when nothing was charged."""

    def intent(self, intent_id: str) -> Intent:
        """Return the charge as it stands. Raises Refused when the gateway does not know it."""

    def cancel(self, intent_id: str) -> Intent:
        """Give up a charge that has not been sent. Raises Refused when it is too late for that."""

    def verify_microdeposits(self, intent_id: str, amounts: tuple[int, int] | None = None, code: str = "") -> Intent:
        """Say which small deposits the member saw: two amounts in cents, or a code.

        Raises DepositsDiffer when they were others. Raises Refused when the charge does not wait for this, or does not
        any more: too many tries, too late.
        """

    def intent_of_charge(self, charge_id: str) -> str:
        """Return the id of the intent behind a charge, or '' when it has none."""

    def dispute(self, dispute_id: str) -> DisputeFacts:
        """Return a dispute or a late bank return."""

    def notice(self, body: bytes, signature: str) -> Notice:
        """Return what a call to our webhook says. Raises NoticeRefused unless the gateway signed it just now."""


class Saving(Protocol):
    """Customers, and the cards and accounts that are kept for them."""

    def new_customer(self, *, key: str, metadata: dict[str, str]) -> str:
        """Return the id of a customer, of whom the gateway learns nothing; the same key gives the same one."""

    def confirm_saved(
        self,
        intent_id: str,
        *,
        method_id: str,
        return_url: str,
        key: str,
        consent: Consent | None,
        off_session: bool,
    ) -> Intent:
        """Charge what is kept for the charge's customer; `off_session` says that the member is not there.

        Raises Declined (authentication_required when the bank wants to ask a member who is not there),
        MethodUnusable or Refused when nothing was charged.
        """

    def saved_method(self, method_id: str) -> MethodFacts:
        """Return a card or account as it is kept now. Raises Refused when the gateway does not know it."""

    def forget(self, method_id: str) -> MethodFacts:
        """Keep a card or account for no one any more; one that was forgotten before stays so. Raises Refused."""

    def mandate(self, mandate_id: str) -> Mandate:
        """Return the permission to debit an account. Raises Refused when the gateway does not know it."""


class Refunding(Protocol):
    """Sending money back."""

    def refund(self, intent_id: str, *, amount_cents: int, key: str, metadata: dict[str, str]) -> RefundFacts:
        """Send so much of a charge back; the same key gives the same refund. Raises Refused when nothing is sent."""

    def refund_state(self, refund_id: str) -> RefundFacts:
        """Return a refund as it stands. Raises Refused when the gateway does not know it."""

    def refunds_of(self, intent_id: str) -> list[RefundFacts]:
        """Return all refunds of a charge, newest first."""


class Answering(Protocol):
    """Whether the gateway answers at all."""

    def now(self) -> datetime:
        """Return the gateway's own time (UTC). Raises NotAllowed while it refuses our key."""


class Gateway(Charging, Saving, Refunding, Listing, Answering, Protocol):
    """A payment gateway."""

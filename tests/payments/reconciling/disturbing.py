"""The ways in which two books come to differ, each done to one payment, with what must be found of it."""

from collections.abc import Callable

from django.utils import timezone

from payments.gateway.port import Entry, EntryKind, IntentStatus
from payments.models import Payment
from tests.payments.reconciling.month import Month


def lost_webhook(month: Month, payment: Payment) -> None:
    """The bank settled it; the webhook never came."""
    payment.status, payment.paid_at, payment.checked_at = "processing", None, timezone.now()
    _told(month, payment, lost=True)
    month.expects("event missed", payment)


def crash_before_commit(month: Month, payment: Payment) -> None:
    """It was charged; we died before we wrote it down, and no event was ever made of it."""
    payment.status, payment.paid_at = "submitting", None
    _told(month, payment, lost=False)
    month.expects("behind the gateway", payment)


def no_payment_here(month: Month, payment: Payment) -> None:
    """A charge under our name that we know nothing of."""
    intent_id = month.strange_charge({"payment": "6c1f2f7e-0000-4000-8000-000000000000"}, payment)
    month.expected.add(("no payment here", intent_id))


def missing_there(month: Month, payment: Payment) -> None:
    """We say that it is paid; the gateway has never heard of it."""
    del month.fake.intents[payment.intent_id]
    month.expects("not at the gateway", payment)
    month.expects_unpaid_out(payment)


def other_amount(month: Month, payment: Payment) -> None:
    """One cent more was charged than we asked for."""
    month.change(payment, amount_cents=payment.amount_cents + 1)
    month.expects("other amount", payment)
    if month.is_paid_out(payment):
        month.expects("payout line of another amount", payment)


def other_currency(month: Month, payment: Payment) -> None:
    """It was charged in another currency."""
    month.change(payment, currency="cad")
    month.expects("other facts", payment)


def failed_there(month: Month, payment: Payment) -> None:
    """We say paid, the gateway says failed."""
    month.change(payment, status=IntentStatus.FAILED)
    month.expects("paid here, not there", payment)
    month.expects_unpaid_out(payment)


def failed_here(month: Month, payment: Payment) -> None:
    """The gateway has the money, we say failed."""
    payment.status, payment.paid_at, payment.ended_at = "failed", None, payment.submitted_at
    month.expects("paid there, not here", payment)


def refund_unknown(month: Month, payment: Payment) -> None:
    """Somebody refunded it on the gateway's own pages."""
    month.fake.give_back(payment.intent_id, 100)
    month.expects("refunded there, not here", payment)


def refund_missing(month: Month, payment: Payment) -> None:
    """Our bills no longer count it, and the gateway sent nothing back."""
    payment.credit_status = "reversed"
    month.expects("refunded here, not there", payment)


def taken_back_unheard(month: Month, payment: Payment) -> None:
    """The bank took it back; we still count it as paid."""
    month.fake.return_debit(payment.intent_id)
    month.expects("taken back there, not here", payment)


def charged_twice(month: Month, payment: Payment) -> None:
    """A second charge for one payment."""
    month.strange_charge({"payment": str(payment.uuid)}, payment)
    month.expects("second charge", payment)


def line_missing(month: Month, payment: Payment) -> None:
    """The payout was sent with its money, and does not list it."""
    month.without_line.add(payment.intent_id)
    month.expects_unpaid_out(payment)


def line_of_nobody(month: Month, payment: Payment) -> None:
    """A payout lists a charge that nobody knows."""
    source, at = f"ch_{payment.intent_id}", payment.submitted_at
    month.more_lines.append(Entry(f"txn_n_{source}", EntryKind.PAYMENT, 500, 0, 500, source, "", "", at))
    month.expected.add(("payout line of nobody", source))


WAYS: list[Callable[[Month, Payment], None]] = [
    lost_webhook,
    crash_before_commit,
    no_payment_here,
    missing_there,
    other_amount,
    other_currency,
    failed_there,
    failed_here,
    refund_unknown,
    refund_missing,
    taken_back_unheard,
    charged_twice,
    line_missing,
    line_of_nobody,
]


def _told(month: Month, payment: Payment, *, lost: bool) -> None:
    """Lose the event of a charge: on the way to us, or altogether."""
    told = [event for event in month.fake.happened if event.notice.object_id == payment.intent_id]
    if lost:
        month.lost.update(event.notice.event_id for event in told)
    else:
        month.fake.happened = [event for event in month.fake.happened if event not in told]

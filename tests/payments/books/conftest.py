"""Books in which there is a payment of every kind."""

from types import SimpleNamespace

import pytest

from payments import notices, services
from payments.gateway import port
from portal.shared import audit
from tests import factories
from tests.payments.steps import Paying

LOST = port.OutcomeUnknown("no answer")


def payer(fake, cents=2400):
    user = factories.user()
    return Paying(user, factories.bill(household=user.member.household, lines=[("Monthly premium", cents)]), fake)


def refunded(fake):
    payment = payer(fake).pay()
    staff = factories.user(is_staff=True)
    services.request_refund(payment=payment, amount_cents=1000, reason="Paid twice", actor=staff)
    return payment


def returned(fake):
    payment = payer(fake).pay(method="bank")
    fake.settle(payment.intent_id)
    services.resolve(payment)
    services.apply_dispute(payment, fake.dispute(fake.return_debit(payment.intent_id)), via="webhook")
    return payment


def disputed(fake):
    payment = payer(fake).pay()
    dispute_id = fake.open_dispute(payment.intent_id)
    services.apply_dispute(payment, fake.dispute(dispute_id), via="webhook")
    return payment


def unknown(fake):
    payment = payer(fake).start()
    fake.fail_next("confirm", LOST, after_effect=True)
    fake.fail_next("intent", LOST)
    return payer_of(payment, fake).submit(payment)


def payer_of(payment, fake):
    return Paying(payment.payer, None, fake)


@pytest.fixture
def all_kinds(db, fake):
    """A payment of every kind, by what it is."""
    sent_again = payer(fake).pay()
    notices.tell(sent_again, "paid", again="2026-11-25T12:00:00")
    audit.record("receipt sent again", sent_again)
    made = {
        "started": payer(fake).start(),
        "submitting": unknown(fake),
        "awaiting": payer(fake).pay(behaviour="card_3ds"),
        "processing": payer(fake).pay(method="bank"),
        "ahead": payer(fake).pay(cents=3000),
        "partly": payer(fake).pay(cents=1000),
        "failed": payer(fake).pay(behaviour="card_declined"),
        "canceled": services.drop_unfinished(payer(fake).start()),
        "refunded": refunded(fake),
        "returned": returned(fake),
        "disputed": disputed(fake),
        "paid": sent_again,
    }
    audit.seal()
    for payment in made.values():
        payment.refresh_from_db()
    return SimpleNamespace(**made)

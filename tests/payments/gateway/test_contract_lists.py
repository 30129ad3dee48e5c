"""What both gateways list: charges, events, payouts and their lines, newest first, in pages of any size."""

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from payments.gateway import port
from payments.gateway.fake import FakeGateway
from payments.gateway.port import EntryKind, IntentStatus
from payments.gateway.stripe_adapter import StripeGateway
from tests.payments.gateway.banks import MemoryBank, SandboxBank
from tests.payments.gateway.test_contract import confirmed, created

EVENTS = ["payment_intent.succeeded", "payment_intent.processing", "charge.dispute.created"]


@pytest.fixture(params=["memory", "sandbox"])
def bank(request, settings):
    """An empty gateway; the sandbox gives two things a page."""
    if request.param == "memory":
        return MemoryBank(FakeGateway())
    sandbox = request.getfixturevalue("sandbox")
    sandbox.control("reset")
    settings.STRIPE_API_BASE = sandbox.url
    gateway = StripeGateway()
    gateway.page_size = 2
    return SandboxBank(gateway, sandbox)


def ago(**time):
    return datetime.now(UTC) - timedelta(**time)


def ahead():
    return datetime.now(UTC) + timedelta(seconds=5)


def test_charges_of_a_time_come_newest_first_over_many_pages(bank):
    made = [created(bank, cents=cents).id for cents in (100, 200, 300, 400, 500)]
    listed = list(bank.gateway.intents_created(ago(minutes=5)))
    assert [row.intent.id for row in listed] == made[::-1]
    assert [row.intent.amount_cents for row in listed] == [500, 400, 300, 200, 100]
    assert all(ago(minutes=5) < row.created_at < ahead() for row in listed)
    assert listed[0].intent.metadata == {"payment": "p", "deployment": "tests"}


def test_a_list_ends_before_its_end_and_begins_at_its_beginning(bank):
    created(bank)
    assert len(list(bank.gateway.intents_created(ago(minutes=5), ahead()))) == 1
    assert list(bank.gateway.intents_created(ago(minutes=5), ago(minutes=1))) == []
    assert list(bank.gateway.intents_created(ahead())) == []


def test_a_listed_charge_tells_the_money_it_brought_and_what_went_back(bank):
    plain, paid, refunded = created(bank), confirmed(bank, "card"), confirmed(bank, "card")
    bank.refund(refunded.id, 400)
    rows = {row.intent.id: row for row in bank.gateway.intents_created(ago(minutes=5))}
    money = {key: (row.received_cents, row.refunded_cents, row.disputed) for key, row in rows.items()}
    assert money == {plain.id: (0, 0, False), paid.id: (2400, 0, False), refunded.id: (2400, 400, False)}
    assert rows[paid.id].intent.status is IntentStatus.SUCCEEDED
    assert rows[paid.id].intent.charge_id == paid.charge_id


def test_a_disputed_charge_says_so_and_what_was_taken_is_told(bank):
    debit = confirmed(bank, "bank")
    bank.settle(debit.id)
    assert bank.gateway.withdrawn_cents(debit.id) == 0
    bank.take_back(debit.id)
    assert next(bank.gateway.intents_created(ago(minutes=5))).disputed
    assert bank.gateway.withdrawn_cents(debit.id) == 2400


def test_events_of_the_wished_types_are_listed_as_our_webhook_would_hear_them(bank):
    debit = confirmed(bank, "bank")
    bank.settle(debit.id)
    dispute_id = bank.take_back(debit.id)
    listed = list(bank.gateway.events(EVENTS, ago(minutes=5)))
    assert [(event.notice.type, event.notice.object_id, event.notice.live) for event in listed] == [
        ("charge.dispute.created", dispute_id, False),
        ("payment_intent.succeeded", debit.id, False),
        ("payment_intent.processing", debit.id, False),
    ]
    assert len({event.notice.event_id for event in listed}) == 3
    assert all(ago(minutes=5) < event.created_at < ahead() for event in listed)
    assert list(bank.gateway.events(["payment_intent.canceled"], ago(minutes=5))) == []
    assert list(bank.gateway.events(EVENTS, ago(minutes=5), ago(minutes=1))) == []


def test_a_payout_and_its_lines_name_what_they_are_about_to_the_cent(bank):
    card, debit, foreign = confirmed(bank, "card"), confirmed(bank, "bank"), confirmed(bank, "card")
    bank.settle(debit.id)
    refund_id = bank.refund(foreign.id, 400)
    dispute_id = bank.take_back(debit.id)
    payout_id = bank.pay_out()
    payout = next(bank.gateway.payouts(ago(minutes=5)))
    lines = list(bank.gateway.entries(payout_id))
    assert (payout.id, payout.status) == (payout_id, "paid")
    assert sum(line.net_cents for line in lines) == payout.amount_cents
    assert all(line.net_cents == line.amount_cents - line.fee_cents for line in lines)
    charge = {intent.id: bank.gateway.intent(intent.id).charge_id for intent in (card, debit, foreign)}
    assert {(line.kind, line.amount_cents, line.source_id, line.intent_id) for line in lines} == {
        (EntryKind.PAYMENT, 2400, charge[card.id], card.id),
        (EntryKind.PAYMENT, 2400, charge[debit.id], debit.id),
        (EntryKind.PAYMENT, 2400, charge[foreign.id], foreign.id),
        (EntryKind.REFUND, -400, refund_id, foreign.id),
        (EntryKind.DISPUTE, -2400, dispute_id, debit.id),
    }
    assert {line.deployment for line in lines if line.kind is EntryKind.PAYMENT} == {"tests"}


def test_payouts_of_another_time_are_not_listed_and_an_unknown_one_has_no_lines(bank):
    confirmed(bank, "card")
    bank.pay_out()
    assert list(bank.gateway.payouts(ago(minutes=5), ago(minutes=1))) == []
    assert list(bank.gateway.entries("po_unknown")) == []


class TestOnTheWire:
    """What only the real adapter can get wrong."""

    @pytest.fixture
    def bank(self, sandbox, settings):
        sandbox.control("reset")
        settings.STRIPE_API_BASE = sandbox.url
        yield SandboxBank(StripeGateway(), sandbox)
        sandbox.control("faults/clear")

    def asked(self, bank):
        return [call for call in bank.sandbox.look("requests")["requests"] if call["method"] == "GET"]

    def test_a_page_is_read_only_when_it_is_needed(self, bank):
        for _ in range(5):
            created(bank)
        bank.gateway.page_size = 2
        before = len(self.asked(bank))
        assert len(list(islice(bank.gateway.intents_created(ago(minutes=5)), 3))) == 3
        assert len(self.asked(bank)) - before == 2

    def test_a_busy_gateway_is_asked_again_and_nothing_is_lost_or_listed_twice(self, bank):
        made = {created(bank).id for _ in range(5)}
        bank.gateway.page_size = 2
        bank.sandbox.control("faults", method="GET", path="/v1/payment_intents$", kind="status", status=429, times=2)
        listed = [row.intent.id for row in bank.gateway.intents_created(ago(minutes=5))]
        assert sorted(listed) == sorted(made)

    def test_a_gateway_that_goes_away_between_two_pages_is_an_unknown_outcome(self, bank):
        for _ in range(3):
            created(bank)
        bank.gateway.page_size = 2
        rows = bank.gateway.intents_created(ago(minutes=5))
        next(rows)
        bank.sandbox.control("faults", method="GET", path="/v1/payment_intents$", kind="drop", times=4)
        with pytest.raises(port.OutcomeUnknown):
            list(rows)

    @pytest.mark.contract
    def test_every_list_keeps_to_the_published_contract(self, bank, contract_path):
        debit, card = confirmed(bank, "bank"), confirmed(bank, "card")
        bank.settle(debit.id)
        bank.refund(card.id, 400)
        bank.take_back(debit.id)
        confirmed(bank, "card")
        payout_id = bank.pay_out()
        since = ago(minutes=5)
        assert list(bank.gateway.intents_created(since, ahead()))
        assert list(bank.gateway.events(EVENTS, since))
        assert [payout.id for payout in bank.gateway.payouts(since)] == [payout_id]
        assert list(bank.gateway.entries(payout_id))
        assert bank.gateway.withdrawn_cents(debit.id) == 2400
        assert bank.sandbox.look("violations") == {"violations": []}

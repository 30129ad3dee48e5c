"""The suite of both gateways for what is kept: customers, saved cards and accounts, charges without the member."""

from datetime import date
from uuid import uuid4

import pytest

from payments.gateway import port
from payments.gateway.port import ActionKind, IntentStatus
from tests.payments.gateway.test_contract import CONSENT

NOBODY = {"customer": "c", "deployment": "tests"}


def customer(bank, key=None):
    return bank.gateway.new_customer(key=key or str(uuid4()), metadata=NOBODY)


def charge(bank, method, customer_id, *, saves=False):
    return bank.gateway.create(
        amount_cents=2400,
        method=method,
        key=str(uuid4()),
        metadata={"payment": "p", "deployment": "tests"},
        customer_id=customer_id,
        saves=saves,
    )


def kept(bank, behaviour="card"):
    """Pay once and keep the method; return it."""
    method = "bank" if behaviour.startswith("bank") else "card"
    intent = charge(bank, method, customer(bank), saves=True)
    bank.gateway.confirm(
        intent.id,
        token_id=bank.token(behaviour),
        method=method,
        return_url="http://127.0.0.1:8000/payments/X/return/",
        key=str(uuid4()),
        consent=CONSENT if method == "bank" else None,
        saves=True,
    )
    if method == "bank":
        bank.settle(intent.id)
    return bank.gateway.intent(intent.id).paid_with


def again(bank, method, *, off_session=True, intent=None, key=None):
    intent = intent or charge(bank, method.method, method.customer_id)
    return bank.gateway.confirm_saved(
        intent.id,
        method_id=method.id,
        return_url="http://127.0.0.1:8000/payments/X/return/",
        key=key or str(uuid4()),
        consent=CONSENT if method.method == "bank" and not off_session else None,
        off_session=off_session,
    )


def test_the_same_key_gives_the_same_customer(bank):
    key = str(uuid4())
    assert customer(bank, key) == customer(bank, key)
    assert customer(bank) != customer(bank)


def test_a_card_is_kept_once_its_charge_succeeded_and_tells_no_number(bank):
    card = kept(bank)
    assert (card.method, card.brand, card.last4, card.expires_on) == ("card", "visa", "4242", date(2034, 12, 31))
    assert card.customer_id
    assert bank.gateway.saved_method(card.id) == card


def test_a_bank_account_is_kept_with_bank_and_kind(bank):
    account = kept(bank, "bank")
    assert (account.method, account.last4, account.account_type, account.expires_on) == (
        "bank",
        "6789",
        "checking",
        None,
    )
    assert account.bank_name
    assert account.customer_id
    assert not account.is_blocked


def test_without_the_wish_nothing_is_kept(bank):
    intent = charge(bank, "card", customer(bank))
    paid = bank.gateway.confirm(
        intent.id,
        token_id=bank.token("card"),
        method="card",
        return_url="http://127.0.0.1:8000/payments/X/return/",
        key=str(uuid4()),
        consent=None,
    )
    assert paid.status is IntentStatus.SUCCEEDED
    assert bank.gateway.saved_method(paid.paid_with.id).customer_id == ""


@pytest.mark.parametrize("off_session", [True, False])
def test_a_kept_card_is_charged_again(bank, off_session):
    assert again(bank, kept(bank), off_session=off_session).status is IntentStatus.SUCCEEDED


@pytest.mark.parametrize("off_session", [True, False])
def test_a_kept_account_is_debited_again(bank, off_session):
    assert again(bank, kept(bank, "bank"), off_session=off_session).status is IntentStatus.PROCESSING


def test_a_second_charge_under_the_same_key_is_the_first(bank):
    card, key = kept(bank), str(uuid4())
    intent = charge(bank, "card", card.customer_id)
    assert again(bank, card, intent=intent, key=key) == again(bank, card, intent=intent, key=key)
    with pytest.raises(port.NotDone):
        again(bank, card, intent=intent)


def test_a_card_may_be_kept_and_decline_later(bank):
    card = kept(bank, "card_fails_later")
    intent = charge(bank, "card", card.customer_id)
    with pytest.raises(port.Declined) as declined:
        again(bank, card, intent=intent)
    assert declined.value.code == "generic_decline"
    assert bank.gateway.intent(intent.id).status is IntentStatus.FAILED


def asking_card(bank):
    """Keep a card whose bank asks at every charge; the member answers the first time."""
    intent = charge(bank, "card", customer(bank), saves=True)
    waits = bank.gateway.confirm(
        intent.id,
        token_id=bank.token("card_asks_always"),
        method="card",
        return_url="http://127.0.0.1:8000/payments/X/return/",
        key=str(uuid4()),
        consent=None,
        saves=True,
    )
    assert waits.status is IntentStatus.AWAITING_MEMBER
    bank.passes(intent.id)
    return bank.gateway.intent(intent.id).paid_with


def test_a_bank_that_wants_to_ask_a_member_who_is_not_there_declines_with_that_reason(bank):
    card = asking_card(bank)
    intent = charge(bank, "card", card.customer_id)
    with pytest.raises(port.Declined) as declined:
        again(bank, card, intent=intent)
    assert declined.value.code == "authentication_required"
    after = bank.gateway.intent(intent.id)
    assert (after.status, after.failure_code) == (IntentStatus.FAILED, "authentication_required")


def test_the_same_card_asks_a_member_who_is_there(bank):
    waits = again(bank, asking_card(bank), off_session=False)
    assert waits.status is IntentStatus.AWAITING_MEMBER
    assert waits.action.kind is ActionKind.REDIRECT


def test_what_was_forgotten_cannot_be_charged_and_forgetting_it_twice_is_no_error(bank):
    card = kept(bank)
    assert bank.gateway.forget(card.id).customer_id == ""
    assert bank.gateway.forget(card.id).customer_id == ""
    assert bank.gateway.saved_method(card.id).customer_id == ""
    intent = charge(bank, "card", card.customer_id)
    with pytest.raises(port.MethodUnusable):
        again(bank, card, intent=intent)
    assert bank.gateway.intent(intent.id).status is IntentStatus.UNCONFIRMED


def test_nobody_elses_kept_card_can_be_charged(bank):
    intent = charge(bank, "card", customer(bank))
    with pytest.raises(port.MethodUnusable):
        again(bank, kept(bank), intent=intent)


def test_a_blocked_account_says_so_and_is_declined(bank):
    account = kept(bank, "bank_of_its_own")
    bank.block(account.id)
    assert bank.gateway.saved_method(account.id).is_blocked
    with pytest.raises(port.Declined) as declined:
        again(bank, account)
    assert declined.value.code == "bank_account_unusable"


def test_a_permission_that_was_withdrawn_says_so_and_no_debit_is_made_with_it(bank):
    account = kept(bank, "bank")
    mandate = bank.revoke(account.id)
    found = bank.gateway.mandate(mandate)
    assert (found.method_id, found.is_active, found.is_reusable) == (account.id, False, True)
    with pytest.raises(port.MethodUnusable):
        again(bank, account)


@pytest.mark.parametrize("call", ["saved_method", "forget", "mandate"])
def test_what_the_gateway_does_not_know_is_refused(bank, call):
    with pytest.raises(port.Refused):
        getattr(bank.gateway, call)("pm_unknown")

"""One suite for both gateways: the one in memory, and Stripe's adapter against the sandbox over HTTP."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from payments.gateway import port
from payments.gateway.port import ActionKind, Consent, DepositType, IntentStatus

DEPOSITS = "payment_method_microdeposit_verification_"
CONSENT = Consent(datetime.now(UTC), "192.0.2.7", "a test")


def created(bank, method="card", cents=2400, key=None):
    return bank.gateway.create(
        amount_cents=cents,
        method=method,
        key=key or f"{uuid4()}:create",
        metadata={"payment": "p", "deployment": "tests"},
    )


def confirmed(bank, behaviour, intent=None, key=None, token=None):
    method = "bank" if behaviour.startswith("bank") else "card"
    intent = intent or created(bank, method)
    return bank.gateway.confirm(
        intent.id,
        token_id=token or bank.token(behaviour),
        method=method,
        return_url="http://127.0.0.1:8000/payments/X/return/",
        key=key or f"{uuid4()}:confirm",
        consent=CONSENT if method == "bank" else None,
    )


def test_a_token_tells_method_and_last_four_and_never_a_number(bank):
    card, account = bank.gateway.token(bank.token("card")), bank.gateway.token(bank.token("bank"))
    assert (card.method, card.brand, card.last4, card.used, card.live) == ("card", "visa", "4242", False, False)
    assert (account.method, account.last4, account.account_type) == ("bank", "6789", "checking")
    assert account.holder
    assert card.expires_at > datetime.now(UTC)


def test_a_token_that_does_not_exist_is_unusable(bank):
    with pytest.raises(port.TokenUnusable):
        bank.gateway.token("ctoken_unknown")


def test_a_new_intent_is_unconfirmed_and_carries_our_words(bank):
    intent = created(bank)
    assert intent.status is IntentStatus.UNCONFIRMED
    assert (intent.amount_cents, intent.currency, intent.live) == (2400, "usd", False)
    assert intent.metadata == {"payment": "p", "deployment": "tests"}


def test_the_same_key_gives_the_same_intent(bank):
    key = str(uuid4())
    assert created(bank, key=key).id == created(bank, key=key).id


def test_the_same_key_with_another_amount_is_an_unknown_outcome(bank):
    key = str(uuid4())
    created(bank, key=key)
    with pytest.raises(port.OutcomeUnknown):
        created(bank, cents=2401, key=key)


def test_a_good_card_succeeds_at_once(bank):
    intent = confirmed(bank, "card")
    assert intent.status is IntentStatus.SUCCEEDED
    assert intent.charge_id
    assert bank.gateway.intent(intent.id).status is IntentStatus.SUCCEEDED
    assert bank.gateway.intent_of_charge(intent.charge_id) == intent.id


def test_a_confirmation_replayed_under_its_key_charges_once(bank):
    intent, token, key = created(bank), bank.token("card"), str(uuid4())
    first = confirmed(bank, "card", intent, key, token)
    assert confirmed(bank, "card", intent, key, token) == first


def test_a_second_confirmation_under_another_key_is_refused(bank):
    intent = created(bank)
    confirmed(bank, "card", intent)
    with pytest.raises(port.NotDone):
        confirmed(bank, "card", intent)


@pytest.mark.parametrize(
    ("behaviour", "code"), [("card_declined", "generic_decline"), ("card_no_funds", "insufficient_funds")]
)
def test_a_decline_is_definite_and_tells_why(bank, behaviour, code):
    intent = created(bank)
    with pytest.raises(port.Declined) as declined:
        confirmed(bank, behaviour, intent)
    assert declined.value.code == code
    after = bank.gateway.intent(intent.id)
    assert (after.status, after.failure_code) == (IntentStatus.FAILED, code)


def test_a_token_works_once(bank):
    token = bank.token("card")
    confirmed(bank, "card", token=token)
    with pytest.raises(port.TokenUnusable):
        confirmed(bank, "card", token=token)


def test_a_card_that_wants_the_banks_check_asks_for_a_redirect_and_can_be_canceled(bank):
    intent = confirmed(bank, "card_3ds")
    assert intent.status is IntentStatus.AWAITING_MEMBER
    assert intent.action.kind is ActionKind.REDIRECT
    assert intent.action.url.startswith("http")
    assert bank.gateway.cancel(intent.id).status is IntentStatus.CANCELED


def test_an_unconfirmed_intent_can_be_canceled_and_then_not_confirmed(bank):
    intent = created(bank)
    bank.gateway.cancel(intent.id)
    with pytest.raises(port.NotDone):
        confirmed(bank, "card", intent)


def test_a_bank_debit_is_processing_then_succeeds(bank):
    intent = confirmed(bank, "bank")
    assert intent.status is IntentStatus.PROCESSING
    with pytest.raises(port.Refused):
        bank.gateway.cancel(intent.id)
    bank.settle(intent.id)
    assert bank.gateway.intent(intent.id).status is IntentStatus.SUCCEEDED


def test_a_bank_debit_may_fail(bank):
    intent = confirmed(bank, "bank")
    bank.fail(intent.id)
    after = bank.gateway.intent(intent.id)
    assert (after.status, after.failure_code) == (IntentStatus.FAILED, "insufficient_funds")


def test_a_settled_debit_may_be_taken_back(bank):
    intent = confirmed(bank, "bank")
    bank.settle(intent.id)
    dispute = bank.gateway.dispute(bank.take_back(intent.id))
    assert (dispute.intent_id, dispute.method, dispute.reason) == (intent.id, "bank", "insufficient_funds")
    assert not dispute.is_inquiry


def test_an_account_typed_by_hand_waits_for_small_deposits(bank):
    intent = confirmed(bank, "bank_by_hand")
    assert intent.status is IntentStatus.AWAITING_MEMBER
    assert intent.action.kind is ActionKind.MICRODEPOSITS
    assert intent.action.arrives_on > datetime.now(UTC).date()


@pytest.mark.parametrize(
    ("behaviour", "asks", "right"),
    [
        ("bank_by_hand", DepositType.AMOUNTS, {"amounts": (32, 45)}),
        ("bank_by_hand", DepositType.AMOUNTS, {"amounts": (45, 32)}),
        ("bank_by_hand_code", DepositType.CODE, {"code": "SM11AA"}),
    ],
)
def test_what_is_asked_about_the_deposits_answered_rightly_sends_the_debit(bank, behaviour, asks, right):
    intent = confirmed(bank, behaviour)
    assert intent.action.deposits is asks
    sent = bank.gateway.verify_microdeposits(intent.id, **right)
    assert (sent.status, sent.action) == (IntentStatus.PROCESSING, None)
    bank.settle(intent.id)
    assert bank.gateway.intent(intent.id).status is IntentStatus.SUCCEEDED


@pytest.mark.parametrize(
    ("behaviour", "wrong"), [("bank_by_hand", {"amounts": (1, 2)}), ("bank_by_hand_code", {"code": "SM22BB"})]
)
def test_other_deposits_may_be_tried_again_ten_times_and_then_end_the_charge(bank, behaviour, wrong):
    intent = confirmed(bank, behaviour)
    for _ in range(9):
        with pytest.raises(port.DepositsDiffer):
            bank.gateway.verify_microdeposits(intent.id, **wrong)
        assert bank.gateway.intent(intent.id).status is IntentStatus.AWAITING_MEMBER
    with pytest.raises(port.Refused) as refused:
        bank.gateway.verify_microdeposits(intent.id, **wrong)
    assert refused.value.code == f"{DEPOSITS}attempts_exceeded"
    assert bank.gateway.intent(intent.id).status is IntentStatus.FAILED


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"amounts": (10, 11)}, "attempts_exceeded"),
        ({"code": "SM33CC"}, "attempts_exceeded"),
        ({"amounts": (40, 41)}, "timeout"),
        ({"code": "SM44DD"}, "timeout"),
    ],
)
def test_deposits_that_can_no_longer_be_told_fail_the_charge_and_say_why(bank, typed, code):
    intent = confirmed(bank, "bank_by_hand_code" if "code" in typed else "bank_by_hand")
    with pytest.raises(port.Refused):
        bank.gateway.verify_microdeposits(intent.id, **typed)
    after = bank.gateway.intent(intent.id)
    assert (after.status, after.failure_code) == (IntentStatus.FAILED, DEPOSITS + code)


def test_deposits_told_twice_are_refused_the_second_time(bank):
    intent = confirmed(bank, "bank_by_hand")
    bank.gateway.verify_microdeposits(intent.id, amounts=(32, 45))
    with pytest.raises(port.Refused):
        bank.gateway.verify_microdeposits(intent.id, amounts=(32, 45))
    assert bank.gateway.intent(intent.id).status is IntentStatus.PROCESSING


def test_a_charge_that_waits_for_deposits_can_be_canceled(bank):
    intent = confirmed(bank, "bank_by_hand")
    assert bank.gateway.cancel(intent.id).status is IntentStatus.CANCELED


def test_an_unknown_intent_is_refused(bank):
    with pytest.raises(port.Refused):
        bank.gateway.intent("pi_unknown")


def test_a_signed_notice_is_read(bank):
    notice = bank.gateway.notice(*bank.signed("evt_1", "payment_intent.succeeded", "pi_1"))
    assert (notice.event_id, notice.type, notice.object_id, notice.live) == (
        "evt_1",
        "payment_intent.succeeded",
        "pi_1",
        False,
    )


def test_a_notice_changed_on_the_way_is_refused(bank):
    body, signature = bank.signed("evt_1", "payment_intent.succeeded", "pi_1")
    with pytest.raises(port.NoticeRefused):
        bank.gateway.notice(body.replace(b"pi_1", b"pi_2"), signature)


def test_the_gateway_tells_its_time(bank):
    assert abs(bank.gateway.now() - datetime.now(UTC)) < timedelta(seconds=5)

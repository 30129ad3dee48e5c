"""Confirm and submit: one charge, whatever is pressed twice and whatever answer is lost."""

from datetime import timedelta

import pytest

from billing import selectors as bills
from billing.models import Credit
from payments import selectors, services
from payments.gateway import port
from payments.models import AttentionItem, Payment
from payments.services.submitting import OnItsWay, ReviewedDiffers, TooManyTries, TryLater
from payments.states import Status
from portal.shared.models import OutgoingMessage
from tests import factories
from tests.payments.steps import kinds_sent, steps_of

LOST = port.OutcomeUnknown("no answer")


def owed(paying) -> int:
    return bills.account_for(paying.household).owed_cents


def charged(fake) -> int:
    return sum(i.amount_cents for i in fake.intents.values() if i.status in ("succeeded", "processing"))


def test_a_card_payment_is_paid_at_once_with_receipt_and_message(paying):
    payment = paying.pay()
    assert payment.status == Status.PAID
    assert steps_of(payment) == ["started", "submitting", "paid"]
    assert payment.receipt.split == [[paying.bill.number, 2400]]
    assert kinds_sent(payment) == ["paid"]
    assert owed(paying) == 0
    assert charged(paying.fake) == 2400


def test_a_bank_payment_is_processing_and_holds_the_bill_without_a_receipt(paying):
    payment = paying.pay(method="bank")
    assert payment.status == Status.PROCESSING
    assert not hasattr(payment, "receipt")
    assert kinds_sent(payment) == ["processing"]
    assert owed(paying) == 0
    assert bills.account_for(paying.household).held_cents == 2400
    assert selectors.authorization_in_force(payment).text == "I allow this debit."


def test_a_declined_card_frees_the_bill_and_leaves_no_receipt(paying):
    payment = paying.pay(behaviour="card_no_funds")
    assert payment.status == Status.FAILED
    assert payment.failure_code == "insufficient_funds"
    assert owed(paying) == 2400
    assert kinds_sent(payment) == []


def test_after_a_decline_a_new_payment_may_succeed(paying):
    paying.pay(behaviour="card_declined")
    assert paying.pay().status == Status.PAID
    assert charged(paying.fake) == 2400


def test_the_same_payment_submitted_twice_is_charged_once(paying):
    payment = paying.start()
    agreement = paying.agreement(payment)
    services.submit(payment=payment, agreement=agreement)
    again = services.submit(payment=Payment.objects.get(pk=payment.pk), agreement=agreement)
    assert again.status == Status.PAID
    assert paying.fake.calls.count("confirm") == 1


def test_a_second_payment_for_a_bill_that_is_on_its_way_is_not_sent(paying):
    second = paying.start()
    paying.pay(method="bank")
    with pytest.raises((OnItsWay, ReviewedDiffers)):
        services.submit(
            payment=second,
            agreement=services.Agreement(second.token, [(paying.bill.number, 2400)], "", "", "192.0.2.7", ""),
        )
    second.refresh_from_db()
    assert second.status == Status.STARTED
    assert charged(paying.fake) == 2400


def test_a_bill_that_changed_after_the_review_is_reviewed_again(paying):
    payment = paying.start()
    agreement = paying.agreement(payment)
    factories.bill(household=paying.household, due_on=paying.bill.due_on - timedelta(days=30), lines=[("Old", 1000)])
    with pytest.raises(ReviewedDiffers):
        services.submit(payment=payment, agreement=agreement)
    assert paying.fake.calls.count("create") == 0
    assert not Credit.objects.exists()


def test_a_token_that_expired_sends_the_member_back_without_a_call(paying):
    payment = paying.start()
    Payment.objects.filter(pk=payment.pk).update(token_expires_at="2020-01-01T00:00Z")
    with pytest.raises(services.CannotUse):
        paying.submit(payment)
    assert paying.fake.calls.count("create") == 0


def test_a_token_that_the_gateway_no_longer_takes_sends_the_member_back_uncharged(paying):
    payment = paying.start()
    paying.fake.fail_next("confirm", port.TokenUnusable("confirmation_token_expired"))
    with pytest.raises(services.CannotUse):
        paying.submit(payment)
    payment.refresh_from_db()
    assert payment.status == Status.STARTED
    assert payment.token == ""
    assert owed(paying) == 2400
    assert charged(paying.fake) == 0


@pytest.mark.parametrize("after_effect", [False, True])
def test_no_answer_to_create_charges_nothing_and_the_same_payment_can_be_sent_again(paying, after_effect):
    payment = paying.start()
    paying.fake.fail_next("create", LOST, after_effect=after_effect)
    with pytest.raises(TryLater):
        paying.submit(payment)
    payment.refresh_from_db()
    assert payment.status == Status.STARTED
    assert owed(paying) == 2400
    assert paying.submit(payment).status == Status.PAID
    assert len(paying.fake.intents) == 1


def test_an_answer_to_confirm_that_is_lost_after_the_charge_is_found_by_asking(paying):
    payment = paying.start()
    paying.fake.fail_next("confirm", LOST, after_effect=True)
    assert paying.submit(payment).status == Status.PAID
    assert charged(paying.fake) == 2400
    assert kinds_sent(payment) == ["paid"]


def test_a_confirm_that_never_arrived_is_confirmed_once_more(paying):
    payment = paying.start()
    paying.fake.fail_next("confirm", LOST)
    assert paying.submit(payment).status == Status.PAID
    assert charged(paying.fake) == 2400


def test_when_nothing_can_be_asked_the_payment_stays_unknown_and_the_bill_stays_held(paying):
    payment = paying.start()
    paying.fake.fail_next("confirm", LOST, after_effect=True)
    paying.fake.fail_next("intent", LOST)
    payment = paying.submit(payment)
    assert payment.status == Status.SUBMITTING
    assert bills.account_for(paying.household).payable_now_cents == 0
    assert services.resolve(payment).status == Status.PAID
    assert kinds_sent(payment) == ["paid"]


def test_an_unknown_outcome_that_was_never_charged_is_canceled_at_the_gateway_before_the_bill_is_free(paying):
    payment = paying.start()
    paying.fake.fail_next("confirm", LOST)
    paying.fake.fail_next("intent", LOST)
    payment = services.resolve(paying.submit(payment))
    assert payment.status == Status.CANCELED
    assert [intent.status for intent in paying.fake.intents.values()] == ["canceled"]
    assert owed(paying) == 2400
    assert kinds_sent(payment) == ["failed"]
    assert "It was not finished in time." in OutgoingMessage.objects.get(kind="payment_failed").body_text


def test_our_own_bad_key_stops_the_payment_and_tells_staff(paying):
    payment = paying.start()
    paying.fake.fail_next("create", port.NotAllowed("api_key_invalid"))
    with pytest.raises(services.Outage):
        paying.submit(payment)
    assert AttentionItem.objects.get().kind == "gateway refuses us"
    with pytest.raises(services.Outage):
        paying.submit(Payment.objects.get(pk=payment.pk))
    assert paying.fake.calls.count("create") == 1


def test_a_payment_given_up_while_the_intent_was_made_is_not_confirmed(paying):
    payment = paying.start()
    real_create = paying.fake.create

    def slow_create(**asked):
        intent = real_create(**asked)
        services.move(payment.pk, Status.STARTED, via="sweep")
        return intent

    paying.fake.create = slow_create
    assert paying.submit(payment).status == Status.STARTED
    assert paying.fake.calls.count("confirm") == 0


def test_five_declines_in_an_hour_pause_paying(paying):
    for _ in range(5):
        paying.pay(behaviour="card_declined")
    with pytest.raises(TooManyTries):
        paying.pay()
    assert charged(paying.fake) == 0


def test_ten_payments_in_an_hour_are_enough_and_a_double_click_counts_once(paying):
    for _ in range(10):
        payment = paying.start(cents=50)
        agreement = paying.agreement(payment)
        for _ in range(2):
            services.submit(payment=payment, agreement=agreement)
    with pytest.raises(TooManyTries):
        paying.pay(cents=50)
    assert charged(paying.fake) == 500


def test_a_charge_with_another_amount_is_never_posted(paying):
    payment = paying.start()
    paying.fake.fail_next("confirm", LOST, after_effect=True)
    paying.fake.fail_next("intent", LOST)
    payment = paying.submit(payment)
    paying.fake._set(payment.intent_id, amount_cents=2399)
    payment = services.resolve(payment)
    assert payment.status == Status.SUBMITTING
    assert AttentionItem.objects.get().kind == "charge differs"


def test_a_twin_whose_answer_was_lost_and_that_is_given_up_alarms_nobody(paying):
    payment = paying.start()
    paying.fake.fail_next("create", LOST, after_effect=True)
    with pytest.raises(TryLater):
        paying.submit(payment)
    (twin,) = paying.fake.intents
    paying.fake.answers.clear()  # after a day the gateway has forgotten our key, and makes another charge
    payment.refresh_from_db()
    payment = paying.submit(payment)
    assert payment.intent_id != twin
    assert services.apply_intent(payment, paying.fake.cancel(twin), via="webhook").status == Status.PAID
    assert not AttentionItem.objects.exists()


def test_a_failure_after_the_payment_goes_to_staff_and_changes_nothing(paying):
    payment = paying.pay()
    services.move(payment.pk, Status.FAILED, via="webhook", code="late")
    payment.refresh_from_db()
    assert payment.status == Status.PAID
    assert AttentionItem.objects.get().kind == "impossible move"


def test_the_amount_must_lie_between_the_least_and_the_most(paying):
    for cents in (49, 2400 + 3 * 2400 + 1):
        with pytest.raises(services.AmountRefused):
            services.start(user=paying.user, household=paying.household, amount_cents=cents, method="card")


def test_paying_ahead_becomes_credit_of_the_household(paying):
    payment = paying.pay(cents=2400 + 600)
    assert payment.receipt.split == [[paying.bill.number, 2400], [None, 600]]
    assert bills.account_for(paying.household).unplaced_cents == 600


def test_another_card_than_the_one_reviewed_is_never_charged(paying):
    payment = paying.start()
    agreement = paying.agreement(payment)
    services.attach_token(payment=payment, token_id=paying.fake.new_token())
    with pytest.raises(ReviewedDiffers):
        services.submit(payment=payment, agreement=agreement)
    assert charged(paying.fake) == 0

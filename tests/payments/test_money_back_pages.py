"""What the member reads of refunds, returns, disputes and cancels: page, list, file and mail."""

import re

import pytest
from django.urls import reverse

from payments import receipts
from payments.gateway import port
from payments.models import Payment
from portal.shared.models import OutgoingMessage
from tests import factories
from tests.payments.money_back import ask, hint
from tests.payments.steps import kinds_sent


@pytest.fixture
def member(client, paying):
    client.force_login(paying.user)
    return client


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).replace("&#x27;", "'").split())


def status_page(client, payment):
    return text_of(client.get(reverse("payments:status", args=[payment.reference])))


def history(client):
    return text_of(client.get(reverse("payments:history")))


def csv(client):
    return client.get(reverse("payments:export")).content.decode()


def last_mail():
    return OutgoingMessage.objects.latest("pk")


def test_a_refund_on_its_way_says_how_long_and_never_that_it_was_refunded(member, debit, clerk):
    ask(debit, clerk)
    page = status_page(member, debit)
    assert "A refund of $10.00 is on its way" in page
    assert "up to 5 business days" in page
    assert "was refunded" not in page
    assert "Paid, refund on its way" in history(member)
    assert "Paid, refund on its way" in csv(member)
    assert "A refund of $10.00 is on its way to your checking account ending in 6789" in last_mail().body_text
    assert "$" not in last_mail().subject


def test_a_refund_that_arrived_is_said_plainly_in_part_and_in_full(member, paying, debit, clerk):
    for amount, state in ((1000, "Paid, $10.00 refunded"), (1400, "Refunded")):
        refund = ask(debit, clerk, amount)
        paying.fake.finish_refund(refund.gateway_id)
        hint(refund.gateway_id)
        assert state in history(member)
        assert state in csv(member)
    page = status_page(member, debit)
    assert "This payment was refunded" in page
    assert "$10.00 was refunded" in page
    assert "$14.00 was refunded" in page


def test_a_failed_refund_is_said_and_the_payment_counts_as_paid(member, paying, debit, clerk):
    refund = ask(debit, clerk)
    paying.fake.fail_refund(refund.gateway_id)
    hint(refund.gateway_id)
    page = status_page(member, debit)
    assert "A refund of $10.00 did not go through" in page
    assert "looking for another way" in page
    assert "Your payment is received" in page
    assert "could not be paid to your checking account" in last_mail().body_text


def test_an_unknown_refund_says_that_we_wait(member, paying, paid, clerk):
    paying.fake.fail_next("refund", port.OutcomeUnknown("no answer"))
    ask(paid, clerk)
    page = status_page(member, paid)
    assert "A refund of $10.00 is being sent" in page
    assert "is on its way" not in page


def test_a_refund_that_waits_for_approval_is_not_promised(member, settings, paid, clerk):
    settings.REFUND_APPROVAL_CENTS = 0
    ask(paid, clerk)
    assert "refund" not in status_page(member, paid).lower()
    assert "refund" not in history(member).lower()


def test_a_card_dispute_is_told_when_it_opens_and_when_it_is_won(member, paying, paid):
    dispute = paying.fake.open_dispute(paid.intent_id)
    hint(dispute)
    page = status_page(member, paid)
    assert "Your card's bank is looking into this payment" in page
    assert "You do not need to pay it again until the bank decides" in page
    assert "Your bank is looking into it" in history(member)
    assert last_mail().subject == "Your card's bank is looking into a payment"
    paying.fake.close_dispute(dispute, won=True)
    hint(dispute)
    assert "this payment stands" in status_page(member, paid)
    assert last_mail().subject == "Your payment counts as paid again"


def test_a_card_dispute_lost_opens_the_bill_and_says_so(member, paying, paid):
    dispute = paying.fake.open_dispute(paid.intent_id)
    paying.fake.close_dispute(dispute, won=False)
    hint(dispute)
    page = status_page(member, paid)
    assert "Your bank took this payment back" in page
    assert "decided to give the money back to the card" in page
    assert "Your bill is open again" in last_mail().body_text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("insufficient_funds", "not enough money"),
        ("R01", "not enough money"),
        ("R02", "closed"),
        ("account_closed", "closed"),
        ("R03", "could not find or use this account"),
        ("no_account", "could not find or use this account"),
        ("R04", "could not find or use this account"),
        ("R08", "a stop was placed"),
        ("payment_stopped", "a stop was placed"),
        ("R10", "does not allow this payment"),
        ("debit_not_authorized", "does not allow this payment"),
        ("customer_initiated", "does not allow this payment"),
        ("R16", "cannot be used now"),
        ("account_frozen", "cannot be used now"),
        ("r20", "kind of account does not allow"),
        ("R29", "does not allow this payment"),
        ("bank_cannot_process", "could not handle the payment"),
        ("general", "did not tell us why"),
    ],
)
def test_a_return_says_its_reason_in_plain_words_the_same_day(member, paying, debit, code, words):
    hint(paying.fake.return_debit(debit.intent_id, code))
    page = status_page(member, debit)
    assert words in page
    assert "Your bill is open again. We will not try again by ourselves." in page
    assert words in last_mail().body_text
    assert kinds_sent(debit)[-1] == "returned"


# --- canceling -----------------------------------------------------------------------------------------------------


def cancel(client, payment):
    return client.post(reverse("payments:cancel", args=[payment.reference]), follow=True)


@pytest.mark.parametrize("behaviour", ["card_3ds", "bank_by_hand", "bank_stuck"])
def test_the_member_cancels_after_being_asked(member, paying, behaviour):
    payment = paying.pay(method=behaviour.split("_")[0], behaviour=behaviour)
    address = reverse("payments:cancel", args=[payment.reference])
    assert address in member.get(reverse("payments:status", args=[payment.reference])).content.decode()
    assert "Do you want to cancel this payment?" in text_of(member.get(address))
    assert Payment.objects.get().status != "canceled"
    page = text_of(cancel(member, payment))
    assert "This payment was canceled" in page
    assert "You asked us to cancel it. You were not charged." in page
    assert last_mail().subject == "Your payment was canceled"


def test_one_that_was_only_begun_is_canceled(member, paying):
    payment = paying.start()
    assert "Nothing was sent, and you were not charged" in text_of(cancel(member, payment))
    payment.refresh_from_db()
    assert payment.status == "canceled"


def test_too_late_is_said_and_the_payment_goes_on(member, paying):
    payment = paying.pay(method="bank")
    page = text_of(cancel(member, payment))
    assert "It is too late to cancel this payment" in page
    assert "It is not paid yet" in page


def test_an_unknown_cancel_says_that_we_keep_asking(member, paying):
    payment = paying.pay(behaviour="card_3ds")
    paying.fake.fail_next("cancel", port.OutcomeUnknown("no answer"))
    assert "the answer has not come yet" in text_of(cancel(member, payment))


@pytest.mark.parametrize("behaviour", ["card", "card_declined"])
def test_what_has_ended_has_no_cancel_page(member, paying, behaviour):
    payment = paying.pay(behaviour=behaviour)
    address = reverse("payments:cancel", args=[payment.reference])
    assert address not in member.get(reverse("payments:status", args=[payment.reference])).content.decode()
    assert member.get(address).status_code == 302


def test_nobody_cancels_someone_elses_payment(client, paying):
    payment = paying.pay(behaviour="card_3ds")
    client.force_login(factories.user())
    address = reverse("payments:cancel", args=[payment.reference])
    assert client.get(address).status_code == client.post(address).status_code == 404
    payment.refresh_from_db()
    assert payment.status == "awaiting_member"


def test_the_list_of_payments_asks_no_more_for_more_refunds(member, paying, django_assert_max_num_queries, clerk):
    payment = paying.pay()
    ask(payment, clerk, 100)
    with django_assert_max_num_queries(12):
        member.get(reverse("payments:history"))
    assert receipts.state_text(payment) == "Paid, $1.00 refunded"

"""What was true when the page was opened is not any more: nothing is charged, and the page says what to do."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import selectors as bills
from payments import receipts, services
from payments.models import Payment
from portal.shared.models import OutgoingMessage
from tests import factories
from tests.payments.steps import begin, enter, pay, text_of


def charged(client):
    return sum(intent.amount_cents for intent in client.fake.intents.values() if intent.status == "succeeded")


def reviewed(client, amount):
    """A payment whose review page is open in one tab; return it with what that page showed."""
    payment = begin(client, choice="other", amount=amount)
    enter(client, payment)
    address = reverse("payments:review", args=[payment.reference])
    return address, re.search(r'name="shown" value="([^"]+)"', client.get(address).content.decode())[1]


def test_above_what_may_still_be_paid_the_most_is_said_and_no_button_leads_in_a_circle(at_pay):
    pay(at_pay)
    address, shown = reviewed(at_pay, "70.00")
    pay(at_pay, cents="60.00")
    page = at_pay.post(address, {"shown": shown})
    assert page.status_code == 409
    assert "The most you can pay now is $12.00." in text_of(page)  # three months of 24, less the 60 paid ahead
    assert 'name="shown"' not in page.content.decode()
    assert "Change the amount" in text_of(page)
    assert charged(at_pay) == 2400 + 6000


def test_a_bill_that_another_tab_paid_is_not_paid_again_as_money_ahead(at_pay):
    address, shown = reviewed(at_pay, "24.00")
    payment, _page = pay(at_pay)
    page = at_pay.post(address, {"shown": shown}, follow=True)
    assert page.redirect_chain[-1][0] == reverse("payments:status", args=[payment.reference])
    assert "You were not charged again." in text_of(page)
    assert charged(at_pay) == 2400
    assert "This money would be kept for your next bill" in text_of(at_pay.get(address))


def test_a_bill_that_credit_cleared_meanwhile_is_not_paid_as_money_ahead(at_pay):
    address, shown = reviewed(at_pay, "24.00")
    factories.pay(at_pay.user.member.household, "by another road", 2400)
    page = at_pay.post(address, {"shown": shown})
    assert "These bills are already paid. You were not charged again." in text_of(page)
    assert 'name="shown"' not in page.content.decode()
    assert charged(at_pay) == 0


def test_an_amount_that_is_no_longer_offered_is_said_in_words_of_ours(at_pay):
    pay(at_pay)
    page = begin(at_pay)
    assert "What you owe has changed. Please choose again how much you want to pay." in text_of(page)
    assert "valid choice" not in text_of(page)


def test_an_amount_typed_beside_another_choice_is_never_ignored(at_pay):
    page = begin(at_pay, choice="all", amount="5.00")
    assert "Choose “Another amount” to pay what you typed here, or empty this box." in text_of(page)
    assert 'value="5.00"' in page.content.decode()
    assert not Payment.objects.exists()


def test_what_cannot_be_paid_because_money_is_not_there_yet_is_named(at_pay):
    pay(at_pay, cents="5.00", method="bank")
    factories.bill(household=at_pay.user.member.household, due_on=date(2027, 1, 1))
    page = text_of(at_pay.get(reverse("payments:new")))
    assert "You owe $24.00 now." in page
    assert "$19.00 more is left on a bill that has a payment which is not finished." in page


def test_after_a_bill_of_nothing_months_ahead_can_still_be_paid(at_pay):
    factories.bill(
        household=at_pay.user.member.household,
        period=date(2026, 12, 1),
        lines=[("Monthly premium", 2400), ("Waiver", -2400)],
    )
    assert bills.account_for(at_pay.user.member.household).ahead_cents == 3 * 2400


# --- money that waits for the member ---------------------------------------------------------------------------------
@pytest.fixture
def waiting(at_pay):
    at_pay.payment, _page = pay(at_pay, "bank", "bank_by_hand")
    at_pay.payment.refresh_from_db()
    return at_pay


def test_money_that_waits_for_the_member_is_never_called_on_its_way(waiting):
    for name in ("billing:overview", "payments:new", "payments:history"):
        text = text_of(waiting.get(reverse(name)))
        assert "on its way" not in text, name
        assert "do not need to pay" not in text, name
    assert "A payment waits for you." in text_of(waiting.get(reverse("billing:overview")))
    bill = text_of(waiting.get(reverse("billing:bill", args=[waiting.bill.reference])))
    assert "Waiting for you" in bill
    assert "on its way" not in bill.lower()


def test_the_member_is_told_at_once_by_email_what_is_waited_for(waiting):
    mail = OutgoingMessage.objects.get()
    assert mail.kind == "payment_deposits"
    assert "We expect the small deposits by" in mail.body_text


def test_a_debit_counts_as_sent_from_the_day_on_which_it_could_go_to_the_bank(waiting):
    authorized_at = timezone.now() - timedelta(days=6)
    Payment.objects.filter(pk=waiting.payment.pk).update(submitted_at=authorized_at)
    services.tell_deposits(payment=Payment.objects.get(), amounts=(32, 45))
    dates = receipts.dates_of(Payment.objects.get())
    assert dates.sent_on >= timezone.localdate()
    assert "on its way" in text_of(waiting.get(reverse("billing:overview")))


# --- words about a bill only where there was one ---------------------------------------------------------------------
def test_money_that_was_only_paid_ahead_opens_no_bill_when_it_fails(at_pay):
    pay(at_pay)
    ahead, _page = pay(at_pay, "bank", cents="8.00")
    ahead.refresh_from_db()
    at_pay.fake.fail_debit(ahead.intent_id)
    services.resolve(ahead)
    mail = OutgoingMessage.objects.get(kind="payment_failed")
    assert "You were not charged." in mail.body_text
    assert "still open" not in mail.body_text + mail.body_html


def test_a_bill_that_was_to_be_paid_is_said_to_be_open_when_it_fails(at_pay):
    payment, _page = pay(at_pay, "bank")
    payment.refresh_from_db()
    at_pay.fake.fail_debit(payment.intent_id)
    services.resolve(payment)
    assert "Your bill is still open." in OutgoingMessage.objects.get(kind="payment_failed").body_text


def test_a_receipt_names_payer_payee_and_the_day_of_payment(at_pay):
    _payment, page = pay(at_pay)
    text = text_of(page)
    assert f"Paid by {at_pay.user.get_full_name()}" in text
    assert "Paid to MassHealth premium billing" in text
    assert "Paid on" in text
    assert at_pay.user.get_full_name() not in OutgoingMessage.objects.get(kind="payment_paid").body_text

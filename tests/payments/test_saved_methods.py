"""Saving a card or account, paying with it, and what makes it unusable; with the gateway in memory."""

import re
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from payments import services
from payments.gateway import port
from payments.models import GatewayCustomer, Payment, SavedMethod
from payments.states import Status
from tests import factories
from tests.payments.steps import begin, press, text_of

LOST = port.OutcomeUnknown("no answer")


def enter(client, payment, behaviour=None, save=True):
    facts = {"token": client.fake.new_token(behaviour or payment.method)} | ({"save": "yes"} if save else {})
    return client.post(reverse("payments:details", args=[payment.reference]), facts)


def pay(client, method="card", behaviour=None, save=True):
    payment = begin(client, method=method)
    enter(client, payment, behaviour, save)
    page = press(client, payment)
    payment.refresh_from_db()
    return payment, page


def new_bill(client):
    return factories.bill(household=client.user.member.household)


def saved_card(client, behaviour="card"):
    """Pay and save; a new bill is then due."""
    method = "bank" if behaviour.startswith("bank") else "card"
    payment, _ = pay(client, method, behaviour)
    if payment.status != Status.PAID:
        client.fake.settle(payment.intent_id)
        services.refresh(payment, via="webhook")
    new_bill(client)
    return SavedMethod.objects.get()


def listed(client):
    return text_of(client.get(reverse("payments:methods")))


def pays_with(client, saved):
    payment = begin(client, method=saved.reference)
    return payment, press(client, payment)


def told(client, type_, object_id, event_id="evt_1"):
    event = services.file_notice(port.Notice(event_id, type_, object_id, False, "fake"))
    services.work_off(event.pk)
    event.refresh_from_db()
    return event.status


def test_nothing_is_saved_unless_the_member_ticks_it(at_pay):
    pay(at_pay, save=False)
    assert "Nothing is saved" in listed(at_pay)
    assert "new_customer" not in at_pay.fake.calls


def test_a_ticked_card_is_listed_once_it_was_paid_with(at_pay):
    payment = begin(at_pay)
    enter(at_pay, payment)
    assert "Nothing is saved" in listed(at_pay)
    assert "Yes, once this payment went through" in text_of(
        at_pay.get(reverse("payments:review", args=[payment.reference]))
    )
    press(at_pay, payment)
    assert "Visa ending in 4242 Expires 12/2034" in listed(at_pay)


def test_a_bank_account_is_listed_when_the_bank_has_paid_and_not_before(at_pay):
    payment, page = pay(at_pay, "bank")
    assert "I also allow MassHealth premium billing to keep this account" in text_of(page)
    assert "Nothing is saved" in listed(at_pay)
    at_pay.fake.settle(payment.intent_id)
    services.refresh(payment, via="webhook")
    services.refresh(payment, via="sweep")
    assert "Checking account ending in 6789 Test Bank" in listed(at_pay)
    assert SavedMethod.objects.count() == 1


def test_a_card_that_was_declined_is_not_saved(at_pay):
    pay(at_pay, behaviour="card_declined")
    assert "Nothing is saved" in listed(at_pay)


def test_the_gateway_learns_nothing_of_the_person_and_makes_one_customer(at_pay):
    saved_card(at_pay)
    pay(at_pay)
    assert SavedMethod.objects.count() == 2
    row = GatewayCustomer.objects.get()
    assert at_pay.fake.customers == {row.customer_id: {"customer": str(row.uuid), "deployment": "tests"}}


def test_a_lost_answer_to_the_making_of_a_customer_charges_nothing_and_makes_no_second_one(at_pay):
    payment = begin(at_pay)
    enter(at_pay, payment)
    at_pay.fake.fail_next("new_customer", LOST, after_effect=True)
    assert "You were not charged" in text_of(press(at_pay, payment))
    assert "Your payment is received" in text_of(press(at_pay, payment))
    assert len(at_pay.fake.customers) == 1


def test_a_saved_card_pays_without_the_details_page(at_pay):
    saved = saved_card(at_pay)
    page = at_pay.get(reverse("payments:new"))
    assert "Visa ending in 4242 (saved)" in text_of(page)
    response = at_pay.post(reverse("payments:new"), {"choice": "all", "method": saved.reference, "amount": ""})
    payment = Payment.objects.latest("pk")
    assert response.url == reverse("payments:review", args=[payment.reference])
    assert "Your payment is received" in text_of(press(at_pay, payment))
    assert at_pay.fake.calls.count("confirm_saved") == 1
    assert payment.method == "card"


def test_a_saved_account_asks_for_a_new_authorization_each_time(at_pay):
    saved = saved_card(at_pay, "bank")
    payment, page = pays_with(at_pay, saved)
    payment.refresh_from_db()
    assert payment.status == Status.PROCESSING
    assert "$24.00 one time from my checking account ending in 6789" in payment.authorizations.get().text
    assert "It is not paid yet" in text_of(page)


def test_an_answer_lost_after_a_saved_card_was_charged_is_one_charge(at_pay):
    saved = saved_card(at_pay)
    at_pay.fake.fail_next("confirm_saved", LOST, after_effect=True)
    payment, page = pays_with(at_pay, saved)
    assert "Your payment is received" in text_of(page)
    assert [i.status for i in at_pay.fake.intents.values()] == ["succeeded", "succeeded"]
    assert payment.saved_method == saved


def test_the_wish_may_change_between_two_tries(at_pay):
    payment = begin(at_pay)
    enter(at_pay, payment)
    at_pay.fake.fail_next("create", LOST, after_effect=True)
    press(at_pay, payment)
    enter(at_pay, payment, save=False)
    assert "Your payment is received" in text_of(press(at_pay, payment))
    assert "Nothing is saved" in listed(at_pay)


def test_details_entered_after_all_take_the_place_of_the_saved_card(at_pay):
    saved = saved_card(at_pay)
    payment = begin(at_pay, method=saved.reference)
    enter(at_pay, payment, save=False)
    press(at_pay, payment)
    payment.refresh_from_db()
    assert (payment.status, payment.saved_method) == (Status.PAID, None)
    assert at_pay.fake.calls.count("confirm_saved") == 0


def test_a_review_of_one_card_does_not_pay_with_another(at_pay):
    saved = saved_card(at_pay)
    payment = begin(at_pay, method=saved.reference)
    address = reverse("payments:review", args=[payment.reference])
    shown = re.search(r'name="shown" value="([^"]+)"', at_pay.get(address).content.decode())[1]
    enter(at_pay, payment, save=False)
    page = at_pay.post(address, {"shown": shown})
    assert page.status_code == 409
    assert "You were not charged" in text_of(page)


# --- what makes it unusable ---------------------------------------------------------------------------------------
def test_a_returned_debit_flags_the_account_and_says_why(at_pay):
    saved_card(at_pay, "bank")
    payment = Payment.objects.get()
    dispute = at_pay.fake.return_debit(payment.intent_id)
    told(at_pay, "charge.dispute.created", dispute)
    assert "Your bank sent a payment back." in listed(at_pay)
    assert "(saved)" not in text_of(at_pay.get(reverse("payments:new")))


def test_a_debit_that_fails_later_flags_the_saved_account_that_it_was_drawn_from(at_pay):
    saved = saved_card(at_pay, "bank")
    payment, _ = pays_with(at_pay, saved)
    payment.refresh_from_db()
    at_pay.fake.fail_debit(payment.intent_id)
    services.refresh(payment, via="webhook")
    assert "Your bank sent a payment back." in listed(at_pay)


@pytest.mark.parametrize(
    ("happens", "type_", "words"),
    [
        ("detach", "payment_method.detached", "Our payment company no longer keeps it."),
        ("block", "payment_method.automatically_updated", "Your bank does not let us take payments"),
        ("revoke", "mandate.updated", "Your permission to take money from this account has ended."),
    ],
)
def test_what_the_gateway_tells_of_a_saved_account_is_asked_and_shown(at_pay, happens, type_, words):
    saved = saved_card(at_pay, "bank")
    about = getattr(at_pay.fake, happens)(saved.gateway_id) or saved.gateway_id
    assert told(at_pay, type_, about) == "done"
    assert words in listed(at_pay)
    assert "(saved)" not in text_of(at_pay.get(reverse("payments:new")))


@pytest.mark.parametrize("type_", ["payment_method.detached", "payment_method.automatically_updated"])
def test_an_event_alone_changes_nothing(at_pay, type_):
    saved = saved_card(at_pay)
    told(at_pay, type_, saved.gateway_id)
    saved.refresh_from_db()
    assert saved.is_usable


def test_an_event_about_a_card_that_is_none_of_ours_is_ignored(at_pay):
    assert told(at_pay, "payment_method.detached", "pm_of_someone_else") == "ignored"


def test_a_new_date_on_a_card_is_taken_over_and_an_expired_card_is_not_offered(at_pay):
    saved = saved_card(at_pay)
    at_pay.fake._change(saved.gateway_id, expires_on=date(2027, 1, 31))
    told(at_pay, "payment_method.automatically_updated", saved.gateway_id)
    assert "Expires 01/2027" in listed(at_pay)
    saved.refresh_from_db()
    with time_machine.travel("2027-02-01 12:00+00:00"):
        assert saved.is_expired
        assert not saved.is_usable
    with time_machine.travel("2027-01-31 12:00+00:00"):
        assert saved.is_usable


def test_a_card_flagged_after_the_review_is_not_charged_and_another_way_is_offered(at_pay):
    saved = saved_card(at_pay)
    payment = begin(at_pay, method=saved.reference)
    address = reverse("payments:review", args=[payment.reference])
    shown = re.search(r'name="shown" value="([^"]+)"', at_pay.get(address).content.decode())[1]
    services.flag(saved, "detached")
    page = at_pay.post(address, {"shown": shown}, follow=True)
    assert page.redirect_chain[-1][0] == reverse("payments:new")
    assert "can no longer be used. Please choose another way. You were not charged." in text_of(page)
    assert at_pay.fake.calls.count("confirm_saved") == 0


def test_five_hundred_saved_methods_come_twelve_a_page_in_few_queries(at_pay, django_assert_max_num_queries):
    rows = (SavedMethod(user=at_pay.user, gateway_id=f"pm_{n}", method="card", last4=f"{n:04}") for n in range(500))
    SavedMethod.objects.bulk_create(rows)
    url = address = reverse("payments:methods")
    with django_assert_max_num_queries(12):
        at_pay.get(url)
    seen = []
    for _ in range(42):
        page = at_pay.get(address)
        seen += [row["remove_url"] for row in page.context["rows"]]
        address = url + page.context["older_url"]
    assert (address, len(seen), len(set(seen))) == (url, 500, 500)
    assert page.context["newer_url"] == url

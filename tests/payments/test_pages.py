"""The pages of paying, through their addresses, with the gateway in memory."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import selectors as bills
from payments import services
from payments.gateway import port
from payments.models import Payment
from payments.states import Status
from portal.shared.models import OutgoingMessage
from tests import factories
from tests.payments.steps import begin, enter, pay, press, text_of


def test_the_way_by_card_ends_at_a_receipt(at_pay):
    payment, page = pay(at_pay)
    assert "Your payment is received" in text_of(page)
    assert "$24.00" in text_of(page)
    assert "Visa ending in 4242" in text_of(page)
    assert page.redirect_chain[-1][0] == reverse("payments:status", args=[payment.reference])


def test_the_way_by_bank_ends_at_processing_with_real_dates_and_the_authorization(at_pay):
    _payment, page = pay(at_pay, "bank")
    text = text_of(page)
    assert "on its way" in text
    assert "It is not paid yet" in text
    assert "What you authorized" in text
    assert "$24.00 one time from my checking account ending in 6789" in text


def test_the_review_names_amount_bill_method_and_button(at_pay):
    payment = begin(at_pay, method="bank")
    enter(at_pay, payment)
    text = text_of(at_pay.get(reverse("payments:review", args=[payment.reference])))
    assert f"$24.00 for November 2026 (bill {at_pay.bill.number})" in text
    assert "Authorize $24.00 from checking ending 6789" in text


def test_the_back_button_after_the_receipt_leads_to_the_receipt(at_pay):
    payment, _ = pay(at_pay)
    for name in ("details", "review"):
        page = at_pay.get(reverse(f"payments:{name}", args=[payment.reference]))
        assert page["Location"] == reverse("payments:status", args=[payment.reference])


def test_a_replayed_form_charges_once(at_pay):
    payment = begin(at_pay)
    enter(at_pay, payment)
    address = reverse("payments:review", args=[payment.reference])
    shown = re.search(r'name="shown" value="([^"]+)"', at_pay.get(address).content.decode())[1]
    for _ in range(3):
        at_pay.post(address, {"shown": shown})
    assert at_pay.fake.calls.count("confirm") == 1


def test_a_declined_card_gets_one_clear_page_and_another_way(at_pay):
    _, page = pay(at_pay, behaviour="card_no_funds")
    text = text_of(page)
    assert "did not go through" in text
    assert "not enough money" in text
    assert "You were not charged" in text
    assert reverse("payments:new") in page.content.decode()


def test_a_review_that_someone_changed_sends_nothing(at_pay):
    payment = begin(at_pay)
    enter(at_pay, payment)
    page = at_pay.post(reverse("payments:review", args=[payment.reference]), {"shown": "forged"})
    assert page.status_code == 409
    assert "nothing was sent" in text_of(page)
    assert at_pay.fake.calls.count("create") == 0


def test_a_bill_that_changed_in_between_shows_the_new_amounts(at_pay):
    payment = begin(at_pay)
    enter(at_pay, payment)
    address = reverse("payments:review", args=[payment.reference])
    shown = re.search(r'name="shown" value="([^"]+)"', at_pay.get(address).content.decode())[1]
    older = factories.bill(household=at_pay.user.member.household, due_on="2026-11-02", lines=[("Old", 1000)])
    page = at_pay.post(address, {"shown": shown})
    assert page.status_code == 409
    assert f"$10.00 for November 2026 (bill {older.number})" in text_of(page)


def test_an_expired_token_leads_back_to_the_details_with_a_word(at_pay):
    payment = begin(at_pay)
    enter(at_pay, payment)
    Payment.objects.filter(pk=payment.pk).update(token_expires_at="2020-01-01T00:00Z")
    page = at_pay.get(reverse("payments:review", args=[payment.reference]), follow=True)
    assert "Too much time has passed" in text_of(page)


@pytest.mark.parametrize(
    ("behaviour", "words"), [("bank", "for the way of paying that you chose"), ("", "did not reach us")]
)
def test_details_that_cannot_be_used_say_so(at_pay, behaviour, words):
    payment = begin(at_pay)
    token = at_pay.fake.new_token(behaviour) if behaviour else "4242424242424242"
    page = at_pay.post(reverse("payments:details", args=[payment.reference]), {"token": token})
    assert words in text_of(page)


def test_a_gateway_that_is_away_says_so_and_charges_nothing(at_pay):
    payment = begin(at_pay)
    enter(at_pay, payment)
    at_pay.fake.fail_next("create", port.OutcomeUnknown("no answer"))
    page = press(at_pay, payment)
    assert "cannot take payments at this moment" in text_of(page)
    assert bills.account_for(payment.household).owed_cents == 2400


def test_an_unknown_outcome_says_do_not_pay_again_and_can_be_asked_again(at_pay):
    payment = begin(at_pay)
    enter(at_pay, payment)
    at_pay.fake.fail_next("confirm", port.OutcomeUnknown("no answer"), after_effect=True)
    at_pay.fake.fail_next("intent", port.OutcomeUnknown("no answer"))
    assert "Please do not pay again" in text_of(press(at_pay, payment))
    page = at_pay.post(reverse("payments:status", args=[payment.reference]), follow=True)
    assert "Your payment is received" in text_of(page)


def test_the_return_page_believes_the_gateway_and_not_the_address(at_pay):
    payment = begin(at_pay)
    enter(at_pay, payment, "card_3ds")
    address = reverse("payments:review", args=[payment.reference])
    shown = re.search(r'name="shown" value="([^"]+)"', at_pay.get(address).content.decode())[1]
    page = at_pay.post(address, {"shown": shown}, follow=True)
    assert 'href="https://bank.example.test/3ds/' in page.content.decode()
    back = reverse("payments:returned", args=[payment.reference]) + "?redirect_status=succeeded&payment_intent=pi_other"
    assert "Nothing is paid yet" in text_of(at_pay.get(back, follow=True))
    payment.refresh_from_db()
    at_pay.fake.settle(payment.intent_id)
    assert "Your payment is received" in text_of(at_pay.get(back, follow=True))


def test_someone_elses_payment_is_not_found_on_any_page(at_pay, client):
    payment, _ = pay(at_pay)
    at_pay.force_login(factories.user())
    for name in ("status", "details", "review", "returned", "verify", "authorization"):
        address = reverse(f"payments:{name}", args=[payment.reference])
        assert at_pay.get(address).status_code == 404
        assert at_pay.post(address).status_code in (404, 405)


@pytest.mark.parametrize("reference", ["x", "%00", "A" * 300, "２２２２２２２２２２２", "../../etc"])
def test_a_number_that_cannot_be_is_not_found(at_pay, reference):
    assert at_pay.get(f"/payments/{reference}/").status_code == 404


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("", "Type an amount"),
        ("NaN", "Type an amount"),
        ("1e3", "Type an amount"),
        ("-5", "Type an amount"),
        ("0.49", "The smallest amount is $0.50"),
        ("96.01", "The most you can pay now is $96.00"),
        ("99999999999", "The most you can pay now is $96.00"),
    ],
)
def test_a_wrong_amount_says_what_is_right_and_keeps_what_was_typed(at_pay, amount, words):
    page = begin(at_pay, "other", amount=amount)
    assert words in text_of(page)
    assert f'value="{amount}"' in page.content.decode() or not amount
    assert not Payment.objects.exists()


@pytest.mark.parametrize(("amount", "cents"), [("0.50", 50), ("$1.5", 150), ("96", 9600)])
def test_any_amount_in_between_can_be_paid(at_pay, amount, cents):
    assert begin(at_pay, "other", amount=amount).amount_cents == cents


def test_nothing_chosen_asks_for_both_choices(at_pay):
    text = text_of(at_pay.post(reverse("payments:new"), {}))
    assert "Choose how much you want to pay." in text
    assert "Choose a card or a bank account." in text


def test_a_second_payment_for_the_same_bill_is_not_offered_while_one_is_on_its_way(at_pay):
    pay(at_pay, "bank")
    page = at_pay.get(reverse("payments:new"))
    assert "All that is due" not in text_of(page)


def test_only_the_details_page_may_load_from_the_gateway(at_pay, settings):
    payment = begin(at_pay)
    pages = {name: at_pay.get(reverse(f"payments:{name}", args=[payment.reference])) for name in ["details"]}
    enter(at_pay, payment)
    pages["review"] = at_pay.get(reverse("payments:review", args=[payment.reference]))
    origin = settings.SANDBOX_URL
    assert f"script-src 'self' {origin}" in pages["details"]["Content-Security-Policy"]
    assert f"frame-src {origin}" in pages["details"]["Content-Security-Policy"]
    assert origin not in pages["review"]["Content-Security-Policy"]


def test_private_pages_are_never_stored(at_pay):
    _payment, page = pay(at_pay)
    assert "no-store" in page["Cache-Control"]


def test_the_paid_email_tells_the_same_facts_and_no_coverage(at_pay):
    payment, _ = pay(at_pay)
    mail = OutgoingMessage.objects.get(kind="payment_paid")
    assert "$24.00" in mail.body_text
    assert payment.reference[:4] in mail.body_text
    assert "Visa ending in 4242" in mail.body_text
    for word in ("CommonHealth", "MassHealth", "$"):
        assert word not in mail.subject
    assert "CommonHealth" not in mail.body_text + mail.body_html


def test_the_history_lists_filters_and_exports(at_pay):
    _payment, _ = pay(at_pay)
    pay_again = begin(at_pay, "other", amount="10")
    enter(at_pay, pay_again, "card_declined")
    press(at_pay, pay_again)
    address = reverse("payments:history")
    assert text_of(at_pay.get(address)).count("Visa ending in 4242") == 2
    only_paid = text_of(at_pay.get(address, {"state": "paid"}))
    assert only_paid.count("Visa ending in 4242") == 1
    assert "No payments match" in text_of(at_pay.get(address, {"since": "2030-01-01"}))
    lines = at_pay.get(reverse("payments:export")).content.decode().splitlines()
    assert len(lines) == 3
    assert "24.00" in lines[2]


@pytest.mark.parametrize(
    "query",
    [{"since": "yesterday"}, {"state": "nonsense"}, {"before": "%00"}, {"since": "2026-12-01", "until": "2026-11-01"}],
)
def test_a_strange_filter_never_breaks_the_list(at_pay, query):
    assert at_pay.get(reverse("payments:history"), query).status_code == 200
    assert at_pay.get(reverse("payments:export"), query).status_code == 200


def test_the_list_pages_through_many_payments_without_losing_one(at_pay):
    for number in range(30):
        payment = services.start(
            user=at_pay.user, household=at_pay.user.member.household, amount_cents=100 + number, method="card"
        )
        services.move(payment.pk, Status.CANCELED, via="sweep", submitted_at=timezone.now())
    address, amounts = reverse("payments:history"), []
    while address:
        html = at_pay.get(address).content.decode()
        amounts += re.findall(r">\$(1\.\d\d)<", html)
        older = re.search(r'href="(\?before=[^"]+)"', html)
        address = reverse("payments:history") + older[1] if older else ""
    assert amounts == [f"1.{cents:02d}" for cents in reversed(range(30))]


@pytest.mark.parametrize("name", ["history", "new", "export"])
def test_who_has_no_household_is_told_so_where_payments_would_be(client, db, name):
    client.force_login(factories.user(is_staff=True))
    page = client.get(reverse(f"payments:{name}"))
    assert page.status_code == 200
    assert "No bills for this log-in" in text_of(page)

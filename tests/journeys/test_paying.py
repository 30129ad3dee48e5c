"""Journeys through real addresses with the real gateway adapter and the sandbox: card, bank, and a return."""

import csv
import re
from io import StringIO

import pytest
import requests
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from payments.models import Payment
from portal.shared.references import spaced
from tests import factories
from tests.papers import paper

pytestmark = pytest.mark.django_db(transaction=True)
UUID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b")


@pytest.fixture
def journey(client, live_portal):
    """A logged-in member with a bill of $24.00, in front of a portal that the sandbox can call."""
    client.user = factories.user(email="testa@example.test")
    client.bill = factories.bill(household=client.user.member.household)
    client.force_login(client.user)
    client.sandbox = live_portal.sandbox
    client.sandbox.control("inbox/clear")
    yield client
    client.sandbox.control("faults/clear")


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def pays(client, method, behaviour):
    client.post(reverse("payments:new"), {"choice": "all", "method": method, "amount": ""})
    payment = Payment.objects.latest("pk")
    token = client.sandbox.control("token", behaviour=behaviour)["id"]
    client.post(reverse("payments:details", args=[payment.reference]), {"token": token})
    review = reverse("payments:review", args=[payment.reference])
    shown = re.search(r'name="shown" value="([^"]+)"', client.get(review).content.decode())[1]
    return payment, client.post(review, {"shown": shown}, follow=True)


def subjects(client):
    mails = client.sandbox.look("inbox?to=testa@example.test")["messages"]
    return [mail["subject"] for mail in reversed(mails)]


def history(client):
    return text_of(client.get(reverse("payments:history")))


def test_a_card_payment_ends_in_a_receipt_an_email_and_the_history(journey):
    _, page = pays(journey, "card", "card")
    assert "Your payment is received" in text_of(page)
    assert subjects(journey) == ["Your payment is received"]
    assert "Paid" in history(journey)
    assert "Nothing is due" in text_of(journey.get(reverse("billing:overview")))


def test_a_bank_payment_is_processing_until_the_bank_settles_it(journey):
    payment, page = pays(journey, "bank", "bank")
    assert "It is not paid yet" in text_of(page)
    assert "Processing at the bank" in history(journey)
    journey.sandbox.control("settle", intent=Payment.objects.get().intent_id)
    journey.sandbox.control("flush")
    assert "Your payment is received" in text_of(journey.get(reverse("payments:status", args=[payment.reference])))
    assert subjects(journey) == ["Your payment is on its way", "Your payment is received"]


def test_a_debit_that_the_bank_refuses_opens_the_bill_again(journey):
    payment, _ = pays(journey, "bank", "bank")
    journey.sandbox.control("fail", intent=Payment.objects.get().intent_id)
    journey.sandbox.control("flush")
    page = text_of(journey.get(reverse("payments:status", args=[payment.reference])))
    assert "did not go through" in page
    assert "not enough money" in page
    assert "$24.00" in text_of(journey.get(reverse("billing:overview")))


def test_a_return_after_paid_reopens_the_bill_and_says_so_in_plain_words(journey):
    payment, _ = pays(journey, "bank", "bank")
    intent = Payment.objects.get().intent_id
    journey.sandbox.control("settle", intent=intent)
    journey.sandbox.control("flush")
    journey.sandbox.control("return", intent=intent, reason="insufficient_funds")
    journey.sandbox.control("flush")
    page = text_of(journey.get(reverse("payments:status", args=[payment.reference])))
    assert "Your bank took this payment back" in page
    assert "Your bill is open again" in page
    assert "Returned by the bank" in history(journey)
    assert subjects(journey)[-1] == "Your bank took a payment back"
    assert "Pay" in text_of(journey.get(reverse("billing:bill", args=[journey.bill.reference])))


def test_an_answer_that_is_lost_after_the_charge_is_still_one_charge(journey):
    path = r"/v1/payment_intents/[^/]+/confirm$"
    journey.sandbox.control("faults", method="POST", path=path, kind="drop", when="after", times=1)
    _, page = pays(journey, "card", "card")
    assert "Your payment is received" in text_of(page)
    intents = journey.sandbox.look("state")["payment_intents"]
    mine = [i for i in intents if i["metadata"].get("payment") == str(Payment.objects.get().uuid)]
    assert [i["status"] for i in mine] == ["succeeded"]


def test_webhooks_that_come_twice_and_shuffled_pay_once(journey):
    for hook in ("duplicate", "twin", "shuffle"):
        journey.sandbox.control("faults", hook=hook, times=0)
    payment, _ = pays(journey, "bank", "bank")
    journey.sandbox.control("settle", intent=Payment.objects.get().intent_id)
    journey.sandbox.control("flush")
    payment.refresh_from_db()
    assert payment.status == "paid"
    assert subjects(journey) == ["Your payment is on its way", "Your payment is received"]


def test_no_number_reaches_the_portal_in_any_row_log_line_or_message(journey, caplog):
    pays(journey, "card", "card")
    factories.bill(household=journey.user.member.household)
    pays(journey, "bank", "bank")
    said = caplog.text + str(journey.sandbox.look("inbox?to=testa@example.test"))
    for model in apps.get_models():
        said += str(list(model.objects.values_list()))
    for number in ("4242424242424242", "000123456789", "110000000"):
        assert number not in said
    said = UUID.sub("", said)  # by chance one has digits enough
    assert not re.search(r"(?<!\d)(?:\d[ -]?){15,16}\d(?!\d)", said), "something looks like a card number"


def test_an_account_typed_by_hand_is_checked_by_small_deposits_before_the_debit_is_sent(journey):
    payment, page = pays(journey, "bank", "bank_by_hand")
    assert "You will see two deposits, each of less than $1.00" in text_of(page)
    assert subjects(journey) == ["Your payment waits for you"]
    address = reverse("payments:verify", args=[payment.reference])
    assert address in page.content.decode()
    page = journey.post(address, {"first": "32", "second": "45"}, follow=True)
    assert "It is not paid yet" in text_of(page)
    assert subjects(journey) == ["Your payment waits for you", "Your payment is on its way"]


def test_the_banks_check_failed_is_said_plainly_and_charges_nothing(journey):
    payment, _ = pays(journey, "card", "card_3ds")
    requests.post(Payment.objects.get().action_url, data={"answer": "fail"}, allow_redirects=False, timeout=10)
    page = text_of(journey.get(reverse("payments:returned", args=[payment.reference]), follow=True))
    assert "could not confirm that it was you" in page
    assert "You were not charged" in page


def test_a_receipt_is_kept_as_pdf_shown_by_its_code_and_the_code_is_ended(journey):
    payment, page = pays(journey, "card", "card")
    link = re.search(r'href="([^"]+receipt\.pdf)"', page.content.decode())[1]
    printed = paper(journey.get(link))
    assert f"{payment.reference[:4]}-" in printed.text
    address = re.search(r"https?://\S+(/proof/\S+/)", printed.text)[1]
    clerk = Client()
    shown = text_of(clerk.get(address))
    assert "This payment is in our records" in shown
    assert "$24.00" in shown
    assert journey.user.member.last_name not in shown
    button = re.search(r'action="([^"]+/proof/)"', page.content.decode())[1]
    assert "does not work any more" in text_of(journey.post(button, {"do": "end"}, follow=True))
    answer = clerk.get(address)
    assert answer.status_code == 404
    assert "$24.00" not in text_of(answer)
    assert "/proof/" not in paper(journey.get(link)).text
    year = re.search(r"/bills/statements/\d{4}/summary.pdf", text_with_links(journey, "billing:statements"))[0]
    assert "$24.00" in paper(journey.get(year)).text


def text_with_links(client, name):
    return client.get(reverse(name)).content.decode()


def test_the_history_answers_what_became_of_each_cent(journey):
    payment, _ = pays(journey, "card", "card")
    factories.bill(household=journey.user.member.household)
    year = timezone.localdate().year
    page = text_of(journey.get(reverse("payments:account")))
    assert f"Payment {spaced(payment.reference)}" in page
    assert page.count("Bill for ") == 2
    found = journey.get(reverse("payments:find"), {"number": spaced(payment.reference).lower()}, follow=True)
    assert "Your payment is received" in text_of(found)
    only = text_of(journey.get(reverse("payments:account"), {"kind": "payments"}))
    assert spaced(payment.reference) in only
    assert "Bill for " not in only
    rows = list(csv.DictReader(StringIO(journey.get(reverse("payments:account_export")).content.decode("utf-8-sig"))))
    assert len(rows) == 3
    assert str(year) in text_of(journey.get(reverse("billing:statements")))

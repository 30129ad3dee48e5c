"""The waiting page and the form for small deposits, through their addresses, with the gateway in memory."""

import re

import pytest
import time_machine
from django.urls import reverse

from payments.gateway import port
from payments.models import Payment
from tests.payments.steps import kinds_sent

LOST = port.OutcomeUnknown("no answer")


@pytest.fixture
def waits(client, paying):
    """A client of a member whose payment waits for two small deposits; `client.payment`, `client.fake`."""
    with time_machine.travel("2026-11-03 15:30+00:00", tick=False):
        client.payment = paying.pay(method="bank", behaviour="bank_by_hand")
    client.fake, client.paying = paying.fake, paying
    client.force_login(paying.user)
    return client


def status(client):
    return client.get(reverse("payments:status", args=[client.payment.reference]))


def tell(client, **typed):
    return client.post(reverse("payments:verify", args=[client.payment.reference]), typed, follow=True)


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_waiting_page_says_what_to_look_for_when_and_by_when_and_promises_no_due_date(waits):
    page = status(waits)
    text = text_of(page)
    assert "Expected by Nov. 5, 2026" in text
    assert "two deposits, each of less than $1.00" in text
    assert "by Nov. 13, 2026, 10:30 a.m. (Eastern time)" in text
    assert "We cannot promise that it is on time" in text
    assert "Nothing is paid yet" in text
    assert reverse("payments:verify", args=[waits.payment.reference]) in page.content.decode()


def test_the_right_amounts_lead_to_a_payment_on_its_way(waits):
    assert "Your payment is on its way" in text_of(tell(waits, first="32", second="45"))


@pytest.mark.parametrize("first", ["32", " 32 ", "0.32", ".32", "$0.32", "$.32"])
def test_cents_may_be_typed_as_the_statement_shows_them(waits, first):
    assert "Your payment is on its way" in text_of(tell(waits, first=first, second="45"))


def test_wrong_amounts_stay_in_the_form_with_what_to_do_and_how_many_tries_are_left(waits):
    page = tell(waits, first="1", second="2")
    assert page.status_code == 200
    assert "compare it with your bank statement" in text_of(page)
    assert "You have 9 more tries." in text_of(page)
    html = page.content.decode()
    assert 'value="1"' in html
    assert 'value="2"' in html
    assert "<title>Error:" in html


def test_the_last_try_but_one_says_that_one_is_left(waits):
    for _ in range(9):
        page = tell(waits, first="1", second="2")
    assert "You have 1 more try." in text_of(page)


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ("", "Type how many cents this deposit was"),
        ("0", "between 1 and 99 cents"),
        ("100", "between 1 and 99 cents"),
        ("-5", "between 1 and 99 cents"),
        ("1.32", "between 1 and 99 cents"),
        ("3e1", "between 1 and 99 cents"),
        ("٣٢", "between 1 and 99 cents"),
        ("²", "between 1 and 99 cents"),
        ("9" * 5000, "at most 10 characters"),
        ("a\x00b", "Null characters are not allowed"),
    ],
)
def test_what_cannot_be_an_amount_is_no_try(waits, first, words):
    page = tell(waits, first=first, second="45")
    assert words in text_of(page)
    assert "verify_microdeposits" not in waits.fake.calls
    assert Payment.objects.get().deposit_tries == 0


@pytest.mark.parametrize(
    ("values", "words"),
    [(("10", "11"), "no more tries are left"), (("40", "41"), "not confirmed within 10 days")],
)
def test_too_many_tries_and_too_late_end_the_payment_in_plain_words(waits, values, words):
    text = text_of(tell(waits, first=values[0], second=values[1]))
    assert "This payment did not go through" in text
    assert words in text
    assert "You were not charged" in text
    assert kinds_sent(waits.payment) == ["deposits", "failed"]


def test_a_gateway_that_does_not_answer_is_said_plainly_and_what_was_typed_stays(waits):
    waits.fake.fail_next("verify_microdeposits", LOST)
    page = tell(waits, first="32", second="45")
    assert page.status_code == 200
    assert "We could not check this just now" in text_of(page)
    assert 'value="32"' in page.content.decode()


def test_an_answer_lost_twice_is_found_by_asking_again(waits):
    waits.fake.fail_next("verify_microdeposits", LOST, after_effect=True)
    waits.fake.fail_next("intent", LOST)
    assert "We could not check this just now" in text_of(tell(waits, first="32", second="45"))
    page = waits.post(reverse("payments:status", args=[waits.payment.reference]), follow=True)
    assert "Your payment is on its way" in text_of(page)


def test_too_many_tries_in_a_day_are_stopped_before_the_gateway(waits):
    for _ in range(10):
        tell(waits, first="1", second="2")
    waits.payment = waits.paying.pay(method="bank", behaviour="bank_by_hand")
    for _ in range(5):
        tell(waits, first="1", second="2")
    assert "many tries in one day" in text_of(tell(waits, first="32", second="45"))
    assert waits.fake.calls.count("verify_microdeposits") == 15


def test_a_code_is_asked_for_when_the_gateway_sends_one_and_small_letters_will_do(waits):
    waits.payment.refresh_from_db()
    tell(waits, first="40", second="41")
    waits.payment = waits.paying.pay(method="bank", behaviour="bank_by_hand_code")
    assert "a code beside it that begins with SM" in text_of(status(waits))
    for wrong in ("32", "SM1", "XX11AA", "SM11AA1", "ЅM11AA"):
        assert "The code has 6 letters and numbers" in text_of(tell(waits, code=wrong))
    assert "You have 9 more tries." in text_of(tell(waits, code="SM22BB"))
    assert "Your payment is on its way" in text_of(tell(waits, code=" sm 11aa "))


def test_the_form_of_a_payment_that_does_not_wait_leads_to_how_it_stands(waits):
    tell(waits, first="32", second="45")
    address = reverse("payments:verify", args=[waits.payment.reference])
    for answer in (waits.get(address), waits.post(address, {"first": "32", "second": "45"})):
        assert answer["Location"] == reverse("payments:status", args=[waits.payment.reference])
    assert waits.fake.calls.count("verify_microdeposits") == 1


def test_when_the_gateway_does_not_say_what_it_asks_its_own_page_is_linked(waits):
    Payment.objects.update(deposit_type="")
    assert 'href="https://bank.example.test/small/' in status(waits).content.decode()
    address = reverse("payments:verify", args=[waits.payment.reference])
    assert waits.get(address).status_code == 302

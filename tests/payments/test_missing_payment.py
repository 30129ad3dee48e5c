"""A payment that someone misses: what we know of it is shown at once, to its own household alone."""

import re

import pytest

from billing.models import Case
from payments import services
from portal.shared.references import spaced
from tests import factories

URL = "/payments/missing/"


@pytest.fixture
def misses(client, paying):
    """The member of `paying`, logged in."""
    client.force_login(paying.user)
    return client


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def look(client, number, **more):
    return client.post(URL, {"number": number, "look": "yes"} | more)


def test_a_payment_on_its_way_is_known_at_once_by_its_number_however_it_is_typed(misses, paying):
    payment = paying.pay(method="bank")
    text = text_of(look(misses, spaced(payment.reference).lower()))
    assert "What we know of this payment" in text
    assert "Status Processing at the bank" in text
    assert "Your bank is working on it. It is not paid yet. You do not need to pay again." in text
    assert "$24.00" in text
    assert "Expected to be paid by" in text
    assert Case.objects.count() == 0


def test_a_paid_one_says_when_and_leads_to_its_receipt(misses, paying):
    payment = paying.pay()
    page = misses.get(f"{URL}?number={payment.reference}")
    assert "Paid on" in text_of(page)
    assert f'href="/payments/{payment.reference}/"' in page.content.decode()


def test_one_that_failed_says_why(misses, paying):
    payment = paying.start(behaviour="card_declined")
    payment = services.submit(payment=payment, agreement=paying.agreement(payment))
    text = text_of(look(misses, payment.reference))
    assert f"Status {'Not paid' if payment.status == 'failed' else 'Not finished'}" in text


def test_an_unknown_number_says_so_and_what_proof_the_bank_can_give(misses):
    text = text_of(look(misses, "2222-2222-222", text="I paid on Monday"))
    assert "We know of no payment of your household with the number 2222-2222-222" in text
    assert "Then send us your bank's proof" in text.replace("&#x27;", "'").replace("’", "'")
    assert "I paid on Monday" in text


def test_a_payment_of_another_household_is_unknown(misses, paying, client):
    payment = paying.pay()
    stranger = factories.user()
    client.force_login(stranger)
    text = text_of(look(client, payment.reference))
    assert "We know of no payment of your household" in text
    assert "$24.00" not in text
    client.post(URL, {"number": payment.reference, "text": "Mine?"})
    case = Case.objects.get()
    assert not case.bills.exists()
    assert "We know of no payment" in text_of(client.get(f"/cases/{case.number}/"))


def test_what_is_no_number_says_how_to_mend_it_and_keeps_what_was_typed(misses):
    for post in (look(misses, "12345", text="My words"), misses.post(URL, {"number": "12345", "text": "My words"})):
        text = text_of(post)
        assert "This is not a confirmation number." in text
        assert "My words" in text
    assert Case.objects.count() == 0


def test_the_case_shows_what_is_known_now_and_is_about_the_bills_that_the_money_went_to(misses, paying):
    payment = paying.pay(method="bank")
    page = misses.post(URL, {"number": payment.reference, "text": "It is not on my bill"}, follow=True)
    case = Case.objects.get()
    assert (case.kind, case.payment_reference, list(case.bills.all())) == ("payment", payment.reference, [paying.bill])
    text = text_of(page)
    assert "Your case number is" in text
    assert "Status Processing at the bank" in text
    paying.fake.settle(payment.intent_id)
    services.resolve(payment)
    assert "Status Paid" in text_of(misses.get(f"/cases/{case.number}/"))


def test_a_payment_without_a_number_can_be_reported_for_a_bill(misses, paying):
    page = misses.post(URL, {"number": "", "bill": paying.bill.reference, "text": "Paid at my bank"}, follow=True)
    assert list(Case.objects.get().bills.all()) == [paying.bill]
    assert "We need a confirmation number to look the payment up" in text_of(page)


def test_another_households_bill_is_not_on_the_list(misses, paying):
    other = factories.bill(household=factories.household())
    page = misses.post(URL, {"bill": other.reference, "text": "x"})
    assert "Choose a bill from the list." in text_of(page)


def test_the_pages_of_payments_lead_to_a_report_that_names_the_payment(misses, paying):
    payment = paying.pay()
    page = misses.get(f"/payments/{payment.reference}/").content.decode()
    assert f'href="/cases/new/?payment={payment.reference}"' in page
    assert f'href="{URL}"' in misses.get("/payments/").content.decode()
    misses.post(f"/cases/new/other/?payment={payment.reference}", {"text": "I paid too much"})
    case = Case.objects.get()
    assert (case.payment_reference, list(case.bills.all())) == (payment.reference, [paying.bill])
    assert "What we know of this payment" in text_of(misses.get(f"/cases/{case.number}/"))
    assert "What we know of this payment" in text_of(misses.get(f"{URL}?payment={payment.reference}"))


def test_another_households_payment_in_the_address_counts_for_nothing(paying, client):
    payment = paying.pay()
    client.force_login(factories.user())
    client.post(f"/cases/new/other/?payment={payment.reference}", {"text": "x"})
    assert Case.objects.get().payment_reference == ""


def test_who_may_not_see_the_bill_any_more_reads_nothing_of_the_payment(misses, paying):
    payment = paying.pay()
    misses.post(URL, {"number": payment.reference, "text": "My words"})
    paying.user.member.responsible = False
    paying.user.member.save()
    text = text_of(misses.get(f"/cases/{Case.objects.get().number}/"))
    assert "My words" in text
    assert "$24.00" not in text
    assert paying.bill.number not in text


def test_the_page_and_its_case_stay_within_twelve_queries(misses, paying, django_assert_max_num_queries):
    payment = paying.pay()
    for _ in range(20):
        factories.bill(household=paying.household)
    with django_assert_max_num_queries(12):
        misses.get(f"{URL}?number={payment.reference}")
    misses.post(URL, {"number": payment.reference, "text": "x"})
    with django_assert_max_num_queries(12):
        misses.get(f"/cases/{Case.objects.get().number}/")


@pytest.mark.parametrize("number", ["\x00", "²", "x" * 5000, ""])
def test_nonsense_gets_an_answer_and_never_a_fault(misses, number):
    assert misses.get(URL, {"number": number}).status_code == 200
    assert look(misses, number).status_code == 200

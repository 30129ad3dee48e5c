"""Receipt and bank authorization as PDF: what they say, and to whom."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language

from payments import services
from payments.models import Authorization, ProofCode, SavedMethod
from portal.shared import legal
from portal.shared.models import AuditEntry
from portal.shared.references import spaced
from tests import factories
from tests.papers import paper
from tests.payments import money_back
from tests.payments.test_pages import text_of

NOW = datetime(2026, 11, 25, 17, tzinfo=UTC)


def get(client, name, payment):
    return client.get(reverse(f"payments:{name}", args=[payment.reference]))


@pytest.fixture
def reader(client, paying):
    client.force_login(paying.user)
    return client


@time_machine.travel(NOW)
def test_the_receipt_says_who_paid_what_when_and_how_to_check_it(reader, paying, settings):
    settings.SITE_URL = "https://billpay.example"
    payment = paying.pay()
    code = ProofCode.objects.get(payment=payment).code
    printed = paper(get(reader, "receipt_pdf", payment))
    assert printed.lines == [
        "MassHealth Bill Pay",
        "Demonstration. This is not an official document.",
        "Receipt",
        "This is how the payment stood on Nov. 25, 2026.",
        f"Confirmation number {spaced(payment.reference)}",
        "Amount $24.00",
        "Paid with Visa ending in 4242",
        "Date Nov. 25, 2026",
        "Status Paid",
        f"Paid by {paying.user.get_full_name()}",
        "Paid to MassHealth premium billing",
        "Paid on Nov. 25, 2026",
        f"Pays $24.00 for November 2026 (bill {paying.bill.number})",
        "Check that this payment is real",
        "Anyone who has this code can see the amount, the date and how the payment stands today, and",
        "nothing about you. You can end the code on the page of this payment.",
        f"Code {spaced(code)}",
        f"Address https://billpay.example/proof/{code}/",
        f"{spaced(payment.reference)} Page 1 / 1",
    ]
    assert printed.claims_ua
    assert printed.is_tagged
    assert printed.language == "en"
    assert printed.title == "Receipt"
    assert {"H1", "H2", "L", "Lbl", "LBody"} <= set(printed.tags)


def test_a_receipt_is_a_private_file_whose_name_names_nobody(reader, paying):
    payment = paying.pay()
    answer = get(reader, "receipt_pdf", payment)
    assert answer["Content-Disposition"] == f'attachment; filename="receipt-{payment.reference}.pdf"'
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))
    assert get(reader, "status", payment).content.decode().count(f"/payments/{payment.reference}/receipt.pdf") == 1
    assert f"/payments/{payment.reference}/receipt.pdf" in reader.get(reverse("payments:history")).content.decode()


def test_a_bank_receipt_says_until_when_the_bank_may_take_the_money_back(reader, debit):
    text = paper(get(reader, "receipt_pdf", debit)).text
    assert "Your bank may still take it back until" in text


def test_a_receipt_says_what_came_after_and_is_called_so_no_more_when_all_is_refunded(reader, paid, clerk):
    money_back.ask(paid, clerk, 2400)
    printed = paper(get(reader, "receipt_pdf", paid))
    assert printed.title == "Record of a payment"
    assert "$24.00 was refunded" in printed.text
    assert "Status Refunded" in printed.lines
    assert "Pays" not in printed.text
    assert "Paid twice" not in printed.text


@pytest.mark.parametrize("method", ["card", "bank"])
def test_what_is_not_paid_has_no_receipt(reader, paying, method):
    payment = paying.pay(method="bank") if method == "bank" else paying.start()
    assert get(reader, "receipt_pdf", payment).status_code == 404
    assert "receipt.pdf" not in get(reader, "status", payment).content.decode()


def test_a_receipt_without_a_code_tells_of_none(reader, paid, paying):
    services.end_proof_code(paid, actor=paying.user, address="192.0.2.1")
    assert "Code" not in paper(get(reader, "receipt_pdf", paid)).text


@time_machine.travel(NOW)
def test_the_authorization_prints_the_words_that_were_shown_when_and_in_which_language(reader, paying):
    payment = paying.pay(method="bank")
    printed = paper(get(reader, "authorization_pdf", payment))
    assert printed.lines == [
        "MassHealth Bill Pay",
        "Demonstration. This is not an official document.",
        "What you authorized",
        "I allow this debit.",
        f"Confirmation number {spaced(payment.reference)}",
        "Amount $24.00",
        "Paid with Checking account ending in 6789",
        "Date Nov. 25, 2026",
        "Status Processing at the bank",
        "Authorized on Nov. 25, 2026, noon (Eastern time)",
        "From internet address 192.0.2.7",
        "With browser a test",
        "Language English",
        "Version of this text test",
        f"{spaced(payment.reference)} Page 1 / 1",
    ]
    assert printed.claims_ua
    answer = get(reader, "authorization_pdf", payment)
    assert answer["Content-Disposition"] == f'attachment; filename="authorization-{payment.reference}.pdf"'
    assert "Authorization to keep (PDF)" in get(reader, "authorization", payment).content.decode()


def test_an_authorization_in_another_language_is_marked_as_such_within_the_document(reader, paying):
    payment = paying.pay(method="bank")
    text = "Yo, Testa Beispiel, autorizo este débito.\n\nPuedo cancelarlo."
    Authorization.objects.create(payment=payment, text=text, version="v", language="es", accepted_at=NOW)
    printed = paper(get(reader, "authorization_pdf", payment))
    assert "autorizo este débito." in printed.text
    assert "What you agreed to before that" in printed.text
    assert printed.text.index("autorizo") < printed.text.index("I allow this debit.")
    assert printed.language == "en"
    assert "es" in printed.languages_within()


def test_in_an_unreviewed_language_the_english_stands_beside_it_marked_as_english(reader, paying, settings):
    settings.LANGUAGES, settings.UNREVIEWED_LANGUAGES = [("en", "English"), ("es", "Español")], {"es"}
    payment = paying.pay(method="bank")
    with translation.override("es"):
        text = legal.beside_english(lambda: f"{get_language()}: I allow it.")
    Authorization.objects.create(payment=payment, text=text, version="v", language="es", accepted_at=NOW)
    address = reverse("payments:authorization_pdf", args=[payment.reference])
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = paying.user.language = "es"
    paying.user.save()
    printed = paper(reader.get(address))
    assert printed.language == "es"
    assert printed.text.index("es: I allow it.") < printed.text.index("en: I allow it.")
    assert "* * *" not in printed.text
    assert "en" in printed.languages_within()


def test_the_agreement_to_autopay_prints_for_its_owner_alone(client, autopaying):
    enrollment = autopaying.enrolls(limit=6000)
    address = reverse("payments:agreement_pdf", args=[enrollment.reference])
    client.force_login(autopaying.user)
    assert f'href="{address}"' in client.get(reverse("payments:autopay")).content.decode()
    printed = paper(client.get(address))
    assert printed.title == "What you agreed to"
    for line in ("I allow it.", "Highest amount $60.00", "From internet address 192.0.2.7", "Language English"):
        assert line in printed.lines
    assert "Ended on" not in printed.text
    for stranger in (
        factories.user(member=factories.member(household=autopaying.paying.household)),
        factories.user(is_staff=True),
    ):
        client.force_login(stranger)
        assert client.get(address).status_code == 404


def test_what_was_agreed_to_stays_with_its_owner_after_autopay_ended(client, autopaying):
    enrollment = autopaying.enrolls()
    services.stop_autopay(enrollment, "member")
    autopaying.enrolls(SavedMethod.objects.get())
    client.force_login(autopaying.user)
    page = text_of(client.get(reverse("payments:autopay")))
    assert "Autopay that ended From March 1, 2027 to March 1, 2027. You turned autopay off." in page
    printed = paper(client.get(reverse("payments:agreement_pdf", args=[enrollment.reference])))
    for line in ("I allow it.", "Ended on March 1, 2027", "Why it ended You turned autopay off."):
        assert line in printed.lines


def test_support_prints_what_was_agreed_to_with_autopay_and_leaves_a_trace(client, autopaying):
    enrollment = autopaying.enrolls()
    support = factories.user(is_staff=True)
    support.groups.add(Group.objects.get(name="support"))
    client.force_login(support)
    address = reverse("admin:payments_autopayenrollment_pdf", args=[enrollment.pk])
    change = reverse("admin:payments_autopayenrollment_change", args=[enrollment.pk])
    assert f'href="{address}"' in client.get(change).content.decode()
    assert "I allow it." in paper(client.get(address)).lines
    assert AuditEntry.objects.filter(action="authorization printed", actor=support).exists()
    client.force_login(factories.user(is_staff=True))
    assert client.get(address).status_code == 403


def test_a_card_payment_has_no_authorization(reader, paying):
    assert get(reader, "authorization_pdf", paying.pay()).status_code == 404


@pytest.mark.parametrize("name", ["receipt_pdf", "authorization_pdf"])
def test_someone_else_s_documents_are_not_found(client, debit, name):
    address = reverse(f"payments:{name}", args=[debit.reference])
    assert client.get(address).url.startswith("/accounts/login/")
    for stranger in (factories.user(), factories.user(is_staff=True)):
        client.force_login(stranger)
        assert client.get(address).status_code == 404
    client.force_login(debit.payer)
    assert client.get(address).status_code == 200


def test_the_receipt_needs_at_most_12_queries(reader, paid, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        get(reader, "receipt_pdf", paid)
    with django_assert_max_num_queries(12):
        get(reader, "status", paid)

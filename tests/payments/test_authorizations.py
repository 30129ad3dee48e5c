"""What a member agreed to: its words, one record each time, kept as it was, shown, printed, and let go of in time."""

import re

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import translation

from payments import authorizations, selectors
from payments.gateway import port
from payments.models import Authorization, Payment
from portal.shared.legal import apart
from portal.shared.models import AuditEntry, OutgoingMessage
from portal.shared.references import spaced
from tests import factories
from tests.catalogues import offer
from tests.papers import paper
from tests.payments.test_pages import begin, enter, press, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_pay(client, fake):
    """A logged-in member with a bill of $24.00; `client.fake` is the gateway."""
    client.user = factories.user()
    client.bill = factories.bill(household=client.user.member.household)
    client.force_login(client.user)
    client.fake = fake
    return client


def agreed(client, agent="Firefox of a test"):
    """Pay from a bank account through the pages; return the payment."""
    payment = begin(client, method="bank")
    enter(client, payment)
    client.defaults["HTTP_USER_AGENT"] = agent
    press(client, payment)
    return payment


# --- the words -------------------------------------------------------------------------------------------------------
def test_the_words_name_everything_that_nacha_asks_for(paying):
    with time_machine.travel("2026-11-24 15:00+00:00", tick=False):
        payment = paying.start(method="bank")
        text = authorizations.text_for(payment, now=payment.created_at)
    for part in (
        "I am Testa Holder.",
        "I allow MassHealth premium billing to take $24.00 one time",
        "from my checking account ending in 6789 at Test Bank",
        "on or after Nov. 24, 2026",
        "I own this account or may use it",
        "To cancel, I call (800) 841-2900 before 9 p.m. Eastern time on Nov. 24, 2026",
    ):
        assert part in text


def test_without_a_name_from_the_gateway_the_payers_own_stands_there(paying):
    payment = paying.start(method="bank")
    payment.holder_name = ""
    text = authorizations.text_for(payment, now=payment.created_at)
    assert f"I am {paying.user.get_full_name()}." in text


def test_the_words_are_short_ones():
    """Sixth grade by Flesch and Kincaid: few words a sentence, few syllables a word."""
    payment = Payment(amount_cents=2400, method="bank", last4="6789", account_type="checking", holder_name="Ana Li")
    payment.bank_name = "Test Bank"
    with time_machine.travel("2026-11-24 15:00+00:00", tick=False):
        text = authorizations.text_for(payment, now=payment.created_at)
    text = re.sub(r"[.](?=\d| m|m\b)|(?<=Nov)[.]|(?<=[pa])[.]m[.]|[(]800[)] 841-2900", "", text)
    sentences = [part for part in re.split(r"[.] ?", text) if part]
    words = re.findall(r"[A-Za-z]+", text)
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub("e$", "", word.lower())))) for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    assert grade < 7


# --- the record ------------------------------------------------------------------------------------------------------
def test_the_record_is_what_the_review_showed_with_when_from_where_and_in_which_language(at_pay):
    payment = begin(at_pay, method="bank")
    enter(at_pay, payment)
    shown = text_of(at_pay.get(reverse("payments:review", args=[payment.reference])))
    at_pay.defaults["HTTP_USER_AGENT"] = "Firefox of a test"
    press(at_pay, payment)
    record = Authorization.objects.get()
    assert record.text in shown
    assert (record.version, record.language) == (authorizations.VERSION, "en")
    assert (record.payment, record.address, record.user_agent) == (payment, "127.0.0.1", "Firefox of a test")
    payment.refresh_from_db()
    assert (payment.submitted_at - record.accepted_at).total_seconds() < 5


def test_a_payment_stepped_back_and_confirmed_again_keeps_both_and_the_newest_is_in_force(at_pay):
    payment = begin(at_pay, method="bank")
    enter(at_pay, payment)
    at_pay.fake.fail_next("create", port.Busy("rate_limit"))
    press(at_pay, payment)
    assert Payment.objects.get().status == "started"
    at_pay.defaults["HTTP_USER_AGENT"] = "another browser"
    press(at_pay, payment)
    assert [record.user_agent for record in selectors.authorizations_of(payment)] == ["another browser", ""]
    assert selectors.authorization_in_force(payment).user_agent == "another browser"


def test_the_gateway_is_told_of_the_consent_in_force(at_pay):
    at_pay.fake.fail_next("create", port.Busy("rate_limit"))
    payment = agreed(at_pay, "one")
    at_pay.defaults["HTTP_USER_AGENT"] = "two"
    press(at_pay, payment)
    payment.refresh_from_db()
    assert at_pay.fake.consents[payment.intent_id].user_agent == "two"


def test_a_card_payment_has_no_record_and_no_page_of_it(at_pay):
    payment = begin(at_pay)
    enter(at_pay, payment)
    press(at_pay, payment)
    assert not Authorization.objects.exists()
    assert at_pay.get(reverse("payments:authorization", args=[payment.reference])).status_code == 404


# --- kept as it was --------------------------------------------------------------------------------------------------
def run(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


CHANGES = [
    "UPDATE payments_authorization SET text = 'I never agreed.'",
    "UPDATE payments_authorization SET accepted_at = now() - interval '9 years'",
    "DELETE FROM payments_authorization",
]


@pytest.mark.parametrize("sql", CHANGES)
def test_the_database_refuses_to_change_or_delete_a_record(at_pay, sql):
    agreed(at_pay)
    before = Authorization.objects.values().get()
    with pytest.raises(IntegrityError, match="kept as it is until two years after its end"):
        run(sql)
    assert Authorization.objects.values().get() == before


# --- shown and printed -----------------------------------------------------------------------------------------------
def test_the_member_can_read_and_print_what_was_agreed_to(at_pay):
    payment = agreed(at_pay)
    status = at_pay.get(reverse("payments:status", args=[payment.reference])).content.decode()
    address = reverse("payments:authorization", args=[payment.reference])
    assert f'href="{address}"' in status
    text = text_of(at_pay.get(address))
    record = Authorization.objects.get()
    assert record.text in text
    for part in ("Firefox of a test", "127.0.0.1", "English", authorizations.VERSION, "(Eastern time)", "$24.00"):
        assert part in text


def test_both_records_of_a_payment_confirmed_twice_are_on_the_page(at_pay):
    at_pay.fake.fail_next("create", port.Busy("rate_limit"))
    payment = agreed(at_pay, "one browser")
    at_pay.defaults["HTTP_USER_AGENT"] = "another browser"
    press(at_pay, payment)
    text = text_of(at_pay.get(reverse("payments:authorization", args=[payment.reference])))
    assert text.index("another browser") < text.index("What you agreed to before that") < text.index("one browser")


def test_the_processing_email_holds_the_words_in_force(at_pay):
    agreed(at_pay)
    mail = OutgoingMessage.objects.get(kind="payment_processing")
    assert Authorization.objects.get().text in mail.body_text


def test_support_finds_reads_and_prints_a_record_and_can_change_nothing(paying, client):
    support = factories.user(is_staff=True)
    support.groups.add(Group.objects.get(name="support"))
    client.force_login(support)
    payment = paying.pay(method="bank")
    record = payment.authorizations.get()
    found = client.get(reverse("admin:payments_authorization_changelist"), {"q": spaced(payment.reference).lower()})
    assert spaced(payment.reference) in found.content.decode()
    change = reverse("admin:payments_authorization_change", args=[record.pk])
    page = client.get(change).content.decode()
    assert "I allow this debit." in page
    assert 'name="_save"' not in page
    assert client.post(change, {"text": "other"}).status_code == 403
    address = reverse("admin:payments_authorization_pdf", args=[record.pk])
    assert f'href="{address}"' in page
    assert "I allow this debit." in paper(client.get(address)).lines
    assert AuditEntry.objects.filter(action="authorization printed", actor=support).exists()
    assert client.get(reverse("admin:payments_authorization_pdf", args=[record.pk + 1])).status_code == 404


def test_staff_without_the_right_cannot_print_a_record(at_pay, client):
    record = agreed(at_pay).authorizations.get()
    address = reverse("admin:payments_authorization_pdf", args=[record.pk])
    assert client.get(address).status_code == 302, "a member is sent to the log-in of staff"
    client.force_login(factories.user(is_staff=True))
    assert client.get(address).status_code == 403


# --- in another language ---------------------------------------------------------------------------------------------
def test_in_an_unreviewed_language_the_page_and_the_record_hold_the_english_too(at_pay, settings, tmp_path):
    counts = "This is a translation. If it differs from the English text, the English text counts."
    offer(settings, tmp_path, es={counts: "Cuenta el texto en inglés.", "Your authorization": "Su autorización"})
    at_pay.user.language = "es"
    at_pay.user.save()
    payment = agreed(at_pay)
    record = Authorization.objects.get()
    own, english = apart(record.text)
    assert own.endswith("Cuenta el texto en inglés.")
    assert english.startswith("I am Testa Holder.")
    assert (record.language, record.language_name) == ("es", "español")
    page = at_pay.get(reverse("payments:authorization", args=[payment.reference])).content.decode()
    status = at_pay.get(reverse("payments:status", args=[payment.reference])).content.decode()
    for shown in (page, status):
        assert '<p class="ma__legal" lang="es">I am Testa Holder.' in shown
        assert '<p class="ma__legal" lang="en" dir="ltr">I am Testa Holder.' in shown
        assert "* * *" not in shown


def test_the_english_beside_it_has_english_days_and_names_of_accounts(paying, settings, tmp_path):
    kinds = {"%(kind)s ending in %(last4)s": "%(kind)s que termina en %(last4)s", "November": "noviembre"}
    offer(settings, tmp_path, es=kinds)
    with time_machine.travel("2026-11-24 15:00+00:00", tick=False), translation.override("es"):
        payment = paying.start(method="bank")
        own, english = apart(authorizations.text_for(payment, now=payment.created_at))
    assert "que termina en 6789" in own
    assert "24 de noviembre de 2026" in own
    assert "ending in 6789" in english
    assert "Nov. 24, 2026" in english


def test_autopay_in_an_unreviewed_language_is_agreed_to_beside_its_english(autopaying, settings, tmp_path):
    saved = autopaying.saves()
    offer(settings, tmp_path, es={"A bill above %(limit)s is not taken.": "No se cobra más de %(limit)s."})
    with translation.override("es"):
        own, english = apart(authorizations.recurring_text(saved, days_before=0, limit_cents=6000))
    assert "No se cobra más de $60.00." in own
    assert "A bill above $60.00 is not taken." in english


def test_in_the_email_each_language_has_its_own_paragraphs_and_the_english_says_that_it_is(at_pay):
    at_pay.user.language = "es"
    at_pay.user.save()
    agreed(at_pay)
    own, english = apart(Authorization.objects.get().text)
    mail = OutgoingMessage.objects.get(kind="payment_processing")
    assert f"{own}\n\n* * *\n\n{english}" in mail.body_text
    first = english.split("\n\n")[0]
    assert f'<div lang="en" dir="ltr"><p>{first}</p>' in mail.body_html
    assert "* * *" not in mail.body_html

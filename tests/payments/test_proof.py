"""The code of a receipt: what it shows a stranger, what it never shows, and that the member can end it."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from payments import services
from payments.models import Dispute, ProofCode
from portal.shared.models import AuditEntry
from portal.shared.references import ALPHABET, PROOF_LENGTH, clean_reference, new_proof_code, spaced
from tests import factories
from tests.payments import money_back
from tests.payments.steps import text_of

NOW = datetime(2026, 11, 25, 17, tzinfo=UTC)
UNKNOWN = "This code shows no payment."


def code_of(payment):
    return ProofCode.objects.get(payment=payment, revoked_at=None).code


def show(client, code):
    return client.get(reverse("proof:show", args=[code]))


def state_of(client, payment):
    return show(client, code_of(payment)).context["state"]


def press(client, payment, do):
    return client.post(reverse("payments:prove", args=[payment.reference]), {"do": do}, follow=True)


# --- the code itself -------------------------------------------------------------------------------------------------
def test_a_code_has_63_random_bits_a_check_character_and_no_look_alikes():
    code = new_proof_code()
    assert len(code) == 15
    assert len(ALPHABET) ** (PROOF_LENGTH - 1) > 2**63
    assert not set("0O1IL5S8BG6UVNZQ") & set(ALPHABET) - set("568")
    assert clean_reference(spaced(code).lower(), PROOF_LENGTH) == code
    assert clean_reference(code) is None


def test_every_slip_of_one_character_and_every_swap_of_two_is_seen():
    code = new_proof_code()
    for place, right in enumerate(code):
        for wrong in ALPHABET.replace(right, ""):
            assert clean_reference(code[:place] + wrong + code[place + 1 :], PROOF_LENGTH) is None
    for place in range(PROOF_LENGTH - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert swapped == code or clean_reference(swapped, PROOF_LENGTH) is None


def test_each_paid_payment_has_a_code_that_is_not_its_confirmation_number(paid):
    code = code_of(paid)
    assert paid.reference not in code
    assert len(code) == PROOF_LENGTH


def test_the_database_keeps_one_code_a_payment_that_works(paid):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProofCode.objects.create(payment=paid)


# --- what a stranger sees --------------------------------------------------------------------------------------------
@time_machine.travel(NOW)
def test_a_stranger_sees_amount_date_and_state_and_nothing_of_the_person(client, paid, settings):
    page = show(client, code_of(paid))
    assert page.status_code == 200
    assert page.context["facts"] == [
        ("Amount", "$24.00"),
        ("Paid to", "MassHealth premium billing"),
        ("Sent on", "Nov. 25, 2026"),
        ("Paid on", "Nov. 25, 2026"),
    ]
    assert page.context["state"] == "Paid."
    said = text_of(page)
    assert "This payment is in our records" in said
    member = paid.payer.member
    for hidden in (
        member.first_name,
        member.last_name,
        member.masshealth_id,
        paid.payer.username,
        paid.payer.email,
        paid.reference,
        spaced(paid.reference),
        paid.last4,
        paid.household.number,
        paid.reviewed_split[0][0],
    ):
        assert hidden not in page.content.decode()


def test_the_page_is_stored_by_nobody_indexed_by_nobody_and_named_to_no_other_site(client, paid):
    for page in (show(client, code_of(paid)), show(client, "nothing"), client.get(reverse("proof:type"))):
        assert {"no-store", "private"} <= set(page["Cache-Control"].split(", "))
        assert "noindex" in page["X-Robots-Tag"]
        assert page["Referrer-Policy"] == "same-origin"


def test_a_code_may_be_typed_in_any_case_with_spaces_and_hyphens_and_stays_out_of_the_address(client, paid):
    typed = f" {spaced(code_of(paid)).lower()} "
    page = client.post(reverse("proof:type"), {"code": typed})
    assert page.status_code == 200
    assert page.context["state"] == "Paid."
    assert page.request["PATH_INFO"] == "/proof/"


def test_unknown_ended_and_impossible_codes_get_one_and_the_same_answer(client, paid, paying):
    ended = code_of(paid)
    services.end_proof_code(paid, actor=paying.user, address="192.0.2.1")
    answers = {}
    for code in (ended, new_proof_code(), "x", paid.reference, "A" * 300, "Ω\x00<b>", "\x00"):
        for page in (client.post(reverse("proof:type"), {"code": code}), show(client, code)):
            assert page.status_code == 404
            assert UNKNOWN in text_of(page)
            assert page.content.decode().count("<title>Error:") == 1
            answers[code] = page.context["form"].errors["code"]
    assert len({str(said) for said in answers.values()}) == 1


def test_nothing_typed_is_asked_for(client, db):
    page = client.post(reverse("proof:type"), {"code": " "})
    assert "Type the code that is printed on the receipt." in text_of(page)


def test_what_was_typed_stays_in_the_field(client, db):
    page = client.post(reverse("proof:type"), {"code": "ACDE-FHJK"})
    assert 'value="ACDE-FHJK"' in page.content.decode()


def test_after_30_tries_in_an_hour_an_address_hears_no_more_not_even_of_right_ones(client, paid):
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(29):
            assert show(client, new_proof_code()).status_code == 404
        assert show(client, code_of(paid)).status_code == 200
        refused = show(client, code_of(paid))
        assert refused.status_code == 429
        assert "facts" not in refused.context
        assert client.post(reverse("proof:type"), {"code": code_of(paid)}).status_code == 429
        assert client.get(reverse("proof:show", args=[code_of(paid)]), REMOTE_ADDR="192.0.2.9").status_code == 200
        clock.shift(timedelta(hours=1, seconds=1))
        assert show(client, code_of(paid)).status_code == 200


def test_no_code_is_written_to_the_log(client, paid, caplog):
    codes = [code_of(paid), new_proof_code(), "MALFORMED"]
    with caplog.at_level(logging.DEBUG):
        for code in codes:
            show(client, code)
            client.post(reverse("proof:type"), {"code": code})
    assert not any(code in caplog.text for code in codes)


# --- words that are true ---------------------------------------------------------------------------------------------
def test_a_bank_payment_at_the_bank_is_not_called_paid(client, paying):
    payment = paying.pay(method="bank")
    services.make_proof_code(payment, actor=paying.user, address="192.0.2.1")
    page = show(client, code_of(payment))
    assert page.context["state"] == "Not paid yet. The payer's bank is working on it and can still refuse it."
    assert [label for label, _ in page.context["facts"]] == ["Amount", "Paid to", "Sent on"]
    paying.fake.fail_debit(payment.intent_id)
    services.resolve(payment)
    assert state_of(client, payment) == "Not paid. The payment did not go through."


def test_a_bank_payment_that_can_still_come_back_says_until_when(client, debit):
    assert state_of(client, debit).startswith("Paid. The payer's bank may still take it back until ")
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        assert state_of(client, debit) == "Paid."


def test_a_payment_that_the_bank_took_back_is_not_paid(client, debit, paying):
    money_back.hint(paying.fake.return_debit(debit.intent_id), "charge.dispute.created")
    assert state_of(client, debit) == "Not paid. It was paid at first, but the payer's bank took the money back."


def test_a_disputed_payment_is_not_certain(client, paid):
    Dispute.objects.create(
        payment=paid, gateway_id="dp_1", kind="card", amount_cents=2400, reason="x", status="open", is_withdrawn=True
    )
    assert state_of(client, paid) == "Not certain. The payer's bank is looking into this payment."


@pytest.mark.parametrize(
    ("cents", "said"),
    [
        (500, "Paid. Of it, $5.00 was sent back to the payer."),
        (2400, "Paid, and then all of it was sent back to the payer."),
    ],
)
def test_a_refund_is_said(client, paid, clerk, cents, said):
    money_back.ask(paid, clerk, cents)
    assert state_of(client, paid) == said


def test_a_refund_on_its_way_is_not_called_done(client, debit, clerk):
    refund = money_back.ask(debit, clerk, 500)
    refund.refresh_from_db()
    assert refund.status == "pending"
    assert state_of(client, debit) == "Paid. A refund of $5.00 to the payer is on its way."


# --- the member's buttons --------------------------------------------------------------------------------------------
def test_the_member_ends_the_code_and_makes_a_new_one(client, paid, paying):
    first = code_of(paid)
    client.force_login(paying.user)
    page = client.get(reverse("payments:status", args=[paid.reference]))
    assert spaced(first) in page.content.decode()
    assert f"http://testserver/proof/{first}/" in page.content.decode()
    page = press(client, paid, "end")
    assert "The code does not work any more." in text_of(page)
    assert "There is no code now." in text_of(page)
    assert show(client, first).status_code == 404
    assert "There is a new code." in text_of(press(client, paid, "new"))
    second = code_of(paid)
    assert second != first
    assert show(client, second).status_code == 200
    press(client, paid, "new")
    assert show(client, second).status_code == 404
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))[-3:] == [
        "proof code ended",
        "proof code made",
        "proof code made",
    ]
    assert first not in str(list(AuditEntry.objects.values()))


def test_a_code_that_was_ended_at_the_bank_is_not_made_anew_by_the_payment(paying):
    payment = paying.pay(method="bank")
    services.make_proof_code(payment, actor=paying.user, address="192.0.2.1")
    services.end_proof_code(payment, actor=paying.user, address="192.0.2.1")
    paying.fake.settle(payment.intent_id)
    services.resolve(payment)
    assert not ProofCode.objects.filter(payment=payment, revoked_at=None).exists()


def test_a_code_needs_a_post_and_the_payment_of_one_s_own_household(client, paid, paying):
    address = reverse("payments:prove", args=[paid.reference])
    before = code_of(paid)
    assert client.post(address, {"do": "end"}).url.startswith("/accounts/login/")
    client.force_login(factories.user())
    assert client.post(address, {"do": "end"}).status_code == 404
    client.force_login(paying.user)
    assert client.get(address).status_code == 405
    assert code_of(paid) == before


def test_what_is_neither_paid_nor_at_the_bank_gets_no_code(client, paying):
    payment = paying.start()
    client.force_login(paying.user)
    assert client.post(reverse("payments:prove", args=[payment.reference]), {"do": "new"}).status_code == 404
    assert not ProofCode.objects.exists()

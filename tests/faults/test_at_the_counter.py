"""What members do that nobody planned for: many tries, two tabs, the back button, old pages, other sessions."""

from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from threading import Barrier

import pytest
import requests
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from payments import tasks
from payments.models import Payment
from tests import factories
from tests.faults.world import CONFIRM, CREATE, text_of

pytestmark = pytest.mark.django_db(transaction=True)
PAID = ["Your payment is received"]


def test_row_12_a_decline_is_told_in_our_words_and_the_next_try_has_a_payment_a_key_and_a_token_of_its_own(world):
    declined, said = world.pay(behaviour="card_no_funds")
    assert "This payment did not go through" in said
    assert "not enough money" in said
    assert "You were not charged" in said
    assert world.books() == {}
    paid, said = world.pay()
    assert "Your payment is received" in said
    keys = {call["idempotency_key"] for call in world.asked("/v1/payment_intents")}
    assert keys == {f"{p.uuid}:{call}" for p in (declined, paid) for call in ("create", "confirm:1")}
    assert len({call["params"]["confirmation_token"] for call in world.asked(CONFIRM)}) == 2
    assert world.at_gateway() == [("requires_payment_method", 2400), ("succeeded", 2400)]
    assert world.subjects() == PAID


def test_row_12_five_declines_in_an_hour_end_the_tries_before_the_gateway_is_asked(world):
    for _ in range(5):
        world.pay(behaviour="card_declined")
    asked = len(world.asked(CREATE))
    assert asked == 5
    _, said = world.pay()
    assert "many tries in a short time" in said
    assert "You were not charged" in said
    assert len(world.asked(CREATE)) == asked
    assert world.books() == {}
    assert world.subjects() == []


def test_row_12_a_decline_that_is_heard_only_at_the_second_asking_counts_too(world):
    world.fault(method="POST", path=CONFIRM, kind="status", status=500, saved=True, times=0)
    for _ in range(5):
        world.heal()
        world.fault(method="POST", path=CONFIRM, kind="status", status=500, saved=True)
        assert "did not go through" in world.pay(behaviour="card_declined")[1]
    assert "many tries in a short time" in world.pay()[1]


def test_row_13_a_banks_check_that_was_left_is_given_up_after_an_hour_and_the_bill_is_open(world):
    payment, said = world.pay(behaviour="card_3ds")
    assert "Your bank wants to check that it is you" in said
    world.age(payment, minutes=55)
    tasks.sweep_stalled()
    assert world.at_gateway() == [("requires_action", 2400)]
    assert world.books() == {"held": 2400}
    world.age(payment, minutes=61)
    tasks.sweep_stalled()
    assert world.at_gateway() == [("canceled", 2400)]
    assert "You were not charged" in world.page(payment)
    assert world.books() == {}
    assert world.subjects() == ["Your payment did not go through"]
    assert "$24.00" in world.bills()


def test_row_14_the_return_page_asks_the_gateway_whatever_its_address_says_and_however_often_it_is_opened(world):
    payment, _ = world.pay(behaviour="card_3ds")
    back = reverse("payments:returned", args=[payment.reference])
    forged = f"{back}?redirect_status=succeeded&payment_intent=pi_other&payment_intent_client_secret=x"
    assert "Nothing is paid yet" in text_of(world.client.get(forged, follow=True))
    assert world.books() == {"held": 2400}
    payment.refresh_from_db()
    requests.post(payment.action_url, data={"answer": "complete"}, allow_redirects=False, timeout=10)
    for _ in range(2):
        said = text_of(world.client.get(f"{back}?redirect_status=failed", follow=True))
        assert "Your payment is received" in said
    assert world.books() == {"settled": 2400}
    assert world.subjects() == PAID


def test_row_14_another_session_finds_no_such_payment(world):
    payment, _ = world.pay(behaviour="card_3ds")
    back = reverse("payments:returned", args=[payment.reference])
    nobody, stranger = Client(), Client()
    stranger.force_login(factories.user())
    assert nobody.get(back).status_code == 302
    assert stranger.get(back).status_code == 404
    payment.refresh_from_db()
    assert payment.status == "awaiting_member"


def at_once(world, payments, seals):
    """Press the button of each payment at the same instant, each from a browser of its own; return the last pages."""
    barrier = Barrier(len(payments))

    def press(number):
        device = Client()
        device.force_login(world.user)
        barrier.wait()
        address = reverse("payments:review", args=[payments[number].reference])
        try:
            return text_of(device.post(address, {"shown": seals[number]}, follow=True))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(payments)) as pool:
        return list(pool.map(press, range(len(payments))))


def test_row_15_a_double_click_is_one_charge_and_both_land_on_the_same_page(world):
    payment = world.begin("bank")
    seal = world.shown(payment)
    pages = at_once(world, [payment] * 4, [seal] * 4)
    assert sum("Your payment is on its way" in page for page in pages) >= 1
    assert all("on its way" in page or "do not pay again" in page for page in pages)
    assert len(world.asked(CONFIRM)) == 1
    assert world.books() == {"held": 2400}
    assert world.subjects() == ["Your payment is on its way"]


@pytest.mark.parametrize("method", ["card", "bank"])
def test_row_15_of_two_devices_one_pays_and_the_other_is_led_to_that_payment(world, method):
    payments = [world.begin(method) for _ in range(2)]
    pages = at_once(world, payments, [world.shown(payment) for payment in payments])
    (winner,) = Payment.objects.exclude(status="started")
    number = f"{winner.reference[:4]}"
    assert all(number in page for page in pages)
    assert sum("A payment for this was already sent. You were not charged again." in page for page in pages) == 1
    assert [cents for _, cents in world.at_gateway()] == [2400]
    assert len(world.asked(CONFIRM)) == 1
    assert len(world.subjects()) == 1


def test_row_16_a_form_sent_again_and_the_back_button_lead_to_the_receipt(world):
    payment = world.begin()
    seal = world.shown(payment)
    world.confirm(payment, seal)
    assert "Your payment is received" in world.confirm(payment, seal)
    for page in ("review", "details"):
        back = world.client.get(reverse(f"payments:{page}", args=[payment.reference]), follow=True)
        assert back.redirect_chain[-1][0] == reverse("payments:status", args=[payment.reference])
        assert "no-store" in back["Cache-Control"]
    token = world.sandbox.control("token", behaviour="card")["id"]
    assert "Your payment is received" in text_of(world.enter(payment, token))
    assert len(world.asked(CREATE)) == len(world.asked(CONFIRM)) == 1
    assert world.books() == {"settled": 2400}
    assert world.subjects() == PAID


def test_row_17_a_bill_that_changed_since_the_review_is_shown_again_and_nothing_is_asked(world, tmp_path):
    payment = world.begin()
    seal = world.shown(payment)
    lower_bill(world, tmp_path / "bills.csv", "20.00")
    said = world.confirm(payment, seal)
    assert "Your bills changed since you opened this page" in said
    assert "$20.00" in said
    assert "You were not charged" in said
    assert world.asked(CREATE) == []
    assert world.books() == {}
    assert world.subjects() == []
    assert "Your payment is received" in world.confirm(payment)
    assert world.books() == {"settled": 2400}


def lower_bill(world, file, dollars):
    """Let the agency send the bill again with another amount."""
    bill, member = world.bill, world.user.member
    head = "bill_number,household_id,period,issued_on,due_on,masshealth_id,description,amount"
    days = f"{bill.period:%Y-%m},{bill.issued_on},{bill.due_on}"
    row = f"{bill.number},{member.household.number},{days},{member.masshealth_id},Monthly premium,{dollars}"
    file.write_text(f"{head}\n{row}\n")
    call_command("import_bills", str(file), stdout=StringIO())


def test_row_18_a_token_that_expired_leads_back_to_the_details_and_the_payment_goes_on_from_there(world):
    payment = world.begin()
    seal = world.shown(payment)
    world.sandbox.control("token/expire", token=Payment.objects.get().token)
    said = world.confirm(payment, seal)
    assert "Enter your card details" in said
    assert "Too much time has passed" in said
    assert "You were not charged" in said
    payment.refresh_from_db()
    assert payment.status == "started"
    assert world.books() == {}
    world.enter(payment, world.sandbox.control("token", behaviour="card")["id"])
    assert "Your payment is received" in world.confirm(payment)
    assert world.at_gateway() == [("succeeded", 2400)]
    assert world.subjects() == PAID


def test_row_18_a_token_that_was_used_is_said_to_be_used(world):
    first, _ = world.pay()
    factories.bill(household=world.user.member.household)
    second = world.begin()
    said = text_of(world.enter(second, Payment.objects.get(pk=first.pk).token))
    assert "These details were used before" in said
    assert world.books() == {"settled": 2400}


def test_row_18_details_of_another_kind_than_chosen_are_not_taken(world):
    payment = world.begin("card")
    said = text_of(world.enter(payment, world.sandbox.control("token", behaviour="bank")["id"]))
    assert "Please enter the details for the way of paying that you chose" in said
    assert world.asked(CREATE) == []

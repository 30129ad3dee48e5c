"""Faults of what is charged later: autopay run twice, a bank that asks a member who is not there, a method gone bad."""

import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import requests
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from payments import services
from payments.gateway import gateway
from payments.models import AutopayDraw, Payment, SavedMethod
from tests import factories
from tests.faults.saving import chooses, listed, saves
from tests.faults.world import RETRIEVE, World, text_of

pytestmark = pytest.mark.django_db(transaction=True)
NOT_THIS_ONE = "This saved card or account can no longer be used. Please choose another way"


def test_row_42_a_card_detached_after_it_was_chosen_is_not_charged_and_another_way_is_offered(world):
    saved = saves(world)
    payment = chooses(world, saved)
    shown = world.shown(payment)
    gateway().forget(saved.gateway_id)
    said = world.confirm(payment, shown)
    assert NOT_THIS_ONE in said
    assert "You were not charged." in said
    assert "Pay another way" in said
    assert sorted(world.at_gateway()) == [("requires_payment_method", 2400), ("succeeded", 2400)]
    assert world.books() == {"settled": 2400}
    assert "(saved)" not in text_of(world.client.get(reverse("payments:new")))
    assert "Our payment company no longer keeps it." in listed(world)
    assert world.subjects() == ["Your payment is received"]
    _, said = world.pay()
    assert "Your payment is received" in said


def test_row_42_an_account_blocked_after_it_was_chosen_is_not_debited(world):
    saved = saves(world, "bank")
    payment = chooses(world, saved)
    shown = world.shown(payment)
    world.sandbox.control("block", payment_method=saved.gateway_id)
    said = world.confirm(payment, shown)
    assert "The bank could not find or use this account." in said
    assert "You were not charged." in said
    assert sorted(world.at_gateway()) == [("requires_payment_method", 2400), ("succeeded", 2400)]
    assert world.books() == {"settled": 2400}
    assert "Your bank does not let us take payments from this account." in listed(world)
    assert world.subjects() == ["Your payment is on its way", "Your payment is received"]


@pytest.mark.parametrize("happens", ["detach", "block", "revoke"])
def test_row_42_what_the_gateway_tells_in_time_is_seen_before_anything_is_sent(world, happens):
    saved = saves(world, "bank")
    payment = chooses(world, saved)
    shown = world.shown(payment)
    if happens == "detach":
        gateway().forget(saved.gateway_id)
    elif happens == "block":
        world.sandbox.control("block", payment_method=saved.gateway_id)
    else:
        mandate = next(m for m in world.state("mandates") if m["type"] == "multi_use")
        world.sandbox.control("mandate/revoke", mandate=mandate["id"])
    world.deliver()
    said = world.confirm(payment, shown)
    assert NOT_THIS_ONE in said
    assert "Choose how to pay" in said
    assert sorted(world.at_gateway()) == [("succeeded", 2400)]
    assert world.books() == {"settled": 2400}
    assert "You cannot pay with this one" in listed(world)
    assert world.subjects() == ["Your payment is on its way", "Your payment is received"]


def test_row_42_the_lost_answer_of_a_saved_card_is_asked_for_and_is_one_charge(world):
    saved = saves(world)
    payment = chooses(world, saved)
    shown = world.shown(payment)
    world.fault(method="POST", path="/confirm$", kind="truncate", when="after", times=1)
    assert "Your payment is received" in world.confirm(payment, shown)
    assert sorted(world.at_gateway()) == [("succeeded", 2400), ("succeeded", 2400)]
    assert world.books() == {"settled": 4800}
    assert world.subjects() == ["Your payment is received", "Your payment is received"]


# --- autopay ------------------------------------------------------------------------------------------------------
def announced(world: World, saved: SavedMethod) -> AutopayDraw:
    """Turn autopay on through its pages, and have the draw of the open bill announced; it is due today."""
    facts = {"method": saved.reference, "days_before": "0", "limit": ""}
    page = world.client.post(reverse("payments:enroll"), facts).content.decode()
    shown = re.search(r'name="shown" value="([^"]+)"', page)[1]
    said = text_of(world.client.post(reverse("payments:enroll"), {"shown": shown}, follow=True))
    assert "Autopay is on." in said
    run_autopay()
    AutopayDraw.objects.update(draw_on=timezone.localdate())
    return AutopayDraw.objects.get()


def run_autopay() -> dict[str, int]:
    """Run the command as the worker's clock does; return what it says."""
    said = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("run_autopay", "--json", stdout=said)
    return json.loads(said.getvalue()) | {"status": left.value.code}


def run_twice_at_once() -> list[services.Run]:
    """Let two workers run autopay at the same moment, each with a connection of its own; return what each did."""
    barrier = Barrier(2)

    def work(_: int) -> services.Run:
        try:
            barrier.wait()
            return services.run_autopay(timezone.localdate())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, range(2)))


def autopay_pages(world: World) -> str:
    return text_of(world.client.get(reverse("payments:autopay")))


def test_row_40_two_workers_at_once_announce_and_charge_once(world):
    saved = saves(world)
    draw = announced(world, saved)
    runs = run_twice_at_once()
    assert sorted((run.drawn, run.errors) for run in runs) == [(0, 0), (1, 0)]
    draw.refresh_from_db()
    assert sorted(world.at_gateway()) == [("succeeded", 2400), ("succeeded", 2400)]
    keys = [call["idempotency_key"] for call in world.asked("/confirm$")]
    assert keys.count(f"{draw.payment.uuid}:confirm:1") == 1
    assert len(keys) == 2
    assert draw.payment.uuid == services.key_of(draw)
    assert world.books() == {"settled": 4800}
    assert "Paid" in world.page(draw.payment)
    assert world.subjects().count("Your payment is received") == 2
    assert world.subjects().count("Your next autopay payment") == 1


def test_row_40_the_job_run_again_and_again_charges_once(world):
    draw = announced(world, saves(world, "bank"))
    assert [run_autopay()["drawn"] for _ in range(3)] == [1, 0, 0]
    draw.refresh_from_db()
    assert draw.payment.status == "processing"
    assert sorted(world.at_gateway()) == [("processing", 2400), ("succeeded", 2400)]
    assert world.books() == {"held": 2400, "settled": 2400}
    assert "It is not paid yet" in world.page(draw.payment)
    assert world.subjects()[-2:] == ["Your next autopay payment", "Your payment is on its way"]


def test_row_40_a_worker_killed_after_the_charge_is_made_good_by_the_next_run_and_the_sweep(world):
    draw = announced(world, saves(world))
    world.fault(method="POST", path="/confirm$", kind="drop", when="after", times=0)
    world.fault(method="GET", path=RETRIEVE, kind="drop", times=0)
    assert run_autopay()["unknown"] == 1
    assert run_autopay()["drawn"] == 0
    world.heal()
    draw.refresh_from_db()
    assert services.resolve(draw.payment).status == "paid"
    assert sorted(world.at_gateway()) == [("succeeded", 2400), ("succeeded", 2400)]
    assert world.books() == {"settled": 4800}
    assert "Your payment is received" in world.page(draw.payment)


def asking_card(world: World) -> SavedMethod:
    """Save a card whose bank asks at every charge; the member answers the first time."""
    world.client.post(reverse("payments:new"), {"choice": "all", "method": "card", "amount": ""})
    payment = Payment.objects.latest("pk")
    token = world.sandbox.control("token", payment_method="pm_card_authenticationRequired")["id"]
    world.client.post(reverse("payments:details", args=[payment.reference]), {"token": token, "save": "yes"})
    world.confirm(payment)
    payment.refresh_from_db()
    requests.post(payment.action_url, data={"answer": "complete"}, allow_redirects=False, timeout=10)
    world.client.get(reverse("payments:returned", args=[payment.reference]))
    world.bill = factories.bill(household=world.user.member.household)
    return SavedMethod.objects.get()


def test_row_41_a_bank_that_asks_a_member_who_is_not_there_charges_nothing_and_is_not_asked_again(world):
    draw = announced(world, asking_card(world))
    assert run_autopay() == {
        "stopped": 0, "announced": 0, "drawn": 0, "failed": 1, "unknown": 0, "later": 0, "errors": 0,
        "dry_run": False, "status": 1,
    }  # fmt: skip
    draw.refresh_from_db()
    assert (draw.payment.status, draw.payment.failure_code) == ("failed", "authentication_required")
    assert sorted(world.at_gateway()) == [("requires_payment_method", 2400), ("succeeded", 2400)]
    assert world.books() == {"settled": 2400}
    assert "Your bank wants to check that it is you." in world.page(draw.payment)
    mail = world.mails()[-1]
    assert mail["subject"] == "An autopay payment did not go through"
    assert "We will not try this bill again by ourselves." in mail["text"]
    link = re.search(r"Pay it now: (\S+)", mail["text"])[1]
    assert run_autopay()["failed"] == 0
    assert len(world.asked("/confirm$")) == 2
    assert "Choose how to pay" in text_of(world.client.get(link.removeprefix(world.url)))
    payment = chooses(world, draw.enrollment.saved_method)
    assert "Nothing is paid yet" in world.confirm(payment)
    payment.refresh_from_db()
    requests.post(payment.action_url, data={"answer": "complete"}, allow_redirects=False, timeout=10)
    said = text_of(world.client.get(reverse("payments:returned", args=[payment.reference]), follow=True))
    assert "Your payment is received" in said
    assert world.books() == {"settled": 4800}


def test_row_42_autopay_whose_account_was_detached_or_blocked_draws_nothing_and_ends(world):
    saved = saves(world, "bank")
    draw = announced(world, saved)
    world.sandbox.control("block", payment_method=saved.gateway_id)
    assert run_autopay()["failed"] == 1
    draw.refresh_from_db()
    assert draw.payment.status == "failed"
    assert sorted(world.at_gateway()) == [("requires_payment_method", 2400), ("succeeded", 2400)]
    assert world.books() == {"settled": 2400}
    assert "Autopay is off." in autopay_pages(world)
    assert sorted(world.subjects()[-2:]) == ["An autopay payment did not go through", "Autopay is off"]
    assert "Your bank does not let us take payments from this account." in listed(world)


@pytest.mark.parametrize("happens", ["detach", "revoke"])
def test_row_42_autopay_ends_when_the_gateway_tells_in_time(world, happens):
    saved = saves(world, "bank")
    announced(world, saved)
    if happens == "detach":
        gateway().forget(saved.gateway_id)
    else:
        mandate = next(m for m in world.state("mandates") if m["type"] == "multi_use")
        world.sandbox.control("mandate/revoke", mandate=mandate["id"])
    world.deliver()
    assert run_autopay()["drawn"] == 0
    assert sorted(world.at_gateway()) == [("succeeded", 2400)]
    assert "Autopay is off." in autopay_pages(world)
    assert world.subjects()[-1] == "Autopay is off"


def test_row_42_a_card_that_declines_once_it_is_saved_is_told_of_and_not_tried_again(world):
    draw = announced(world, saves(world, payment_method="pm_card_chargeCustomerFail"))
    assert run_autopay()["failed"] == 1
    assert run_autopay()["failed"] == 0
    draw.refresh_from_db()
    assert draw.payment.status == "failed"
    assert world.books() == {"settled": 2400}
    assert world.subjects()[-1] == "An autopay payment did not go through"

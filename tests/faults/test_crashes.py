"""Processes that are killed in the middle of a payment: after the sweep the gateway and our books agree."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from payments import tasks
from payments.models import AttentionItem, GatewayEvent
from tests.faults.world import CANCEL, CONFIRM, CREATE
from tests.parts import eventually

pytestmark = pytest.mark.django_db(transaction=True)
PAID = ["Your payment is received"]


@pytest.mark.parametrize(
    ("method", "books", "words"),
    [
        ("card", {"settled": 2400}, "Your payment is received"),
        ("bank", {"held": 2400}, "Your payment is on its way"),
    ],
)
def test_row_05_a_process_killed_after_the_answer_and_before_our_commit_costs_nothing_but_time(
    world, processes, method, books, words
):
    payment = world.begin(method)
    processes.confirm(payment, die_at="after confirm")
    assert "Please do not pay again" in world.page(payment)
    assert world.books() == {"held": 2400}
    assert world.subjects() == []
    processes.sweep(payment)
    assert world.books() == books
    assert words in world.page(payment)
    assert world.subjects() == [words]
    assert len(world.asked(CONFIRM)) == 1


def test_row_05_a_process_killed_while_the_answer_is_on_its_way_is_finished_by_the_sweep(world, processes):
    world.fault(method="POST", path=CONFIRM, kind="delay", when="after", seconds=3)
    payment = world.begin()
    pid = processes.start_confirming(payment)
    assert eventually(lambda: world.at_gateway() == [("succeeded", 2400)])
    processes.kill(pid)
    assert "Please do not pay again" in world.page(payment)
    processes.sweep(payment)
    assert payment.status == "paid"
    assert world.books() == {"settled": 2400}
    assert world.subjects() == PAID


def test_row_05_a_process_killed_in_the_middle_of_the_commit_leaves_no_half_of_it(world, processes):
    payment = world.begin()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE shared_outgoingmessage IN SHARE MODE")  # status, credit and receipt are written
        pid = processes.start_confirming(payment)
        assert eventually(lambda: someone_waits_for("shared_outgoingmessage"))
        processes.kill(pid)
    payment.refresh_from_db()
    assert payment.status == "submitting"
    assert not hasattr(payment, "receipt")
    assert world.books() == {"held": 2400}
    processes.sweep(payment)
    assert payment.status == "paid"
    assert world.books() == {"settled": 2400}
    assert world.subjects() == PAID


def someone_waits_for(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table])
        return cursor.fetchone()[0]


def test_row_05_a_process_killed_before_it_asked_to_charge_leaves_a_bill_that_is_free_again(world, processes):
    payment = world.begin()
    processes.confirm(payment, die_at="before confirm")
    assert world.at_gateway() == [("requires_payment_method", 2400)]
    processes.sweep(payment)
    assert payment.status == "canceled"
    assert world.at_gateway() == [("canceled", 2400)]
    assert world.books() == {}
    assert "You were not charged" in world.page(payment)
    assert world.subjects() == ["Your payment did not go through"]
    assert world.pay()[0].status == "paid"


@pytest.mark.parametrize("point", ["after intent", "before cancel", "after cancel"])
def test_row_05_a_sweep_that_is_killed_is_taken_up_by_the_next(world, processes, point):
    payment = world.begin()
    processes.confirm(payment, die_at="before confirm")
    processes.sweep(payment, die_at=point)
    assert payment.status == "submitting"
    processes.sweep(payment)
    assert payment.status == "canceled"
    assert world.at_gateway() == [("canceled", 2400)]
    assert world.books() == {}
    assert world.subjects() == ["Your payment did not go through"]


@pytest.mark.parametrize("point", ["before create", "after create"])
def test_row_06_a_process_killed_before_the_charge_has_an_id_here_lets_the_member_confirm_again(
    world, processes, point
):
    payment = world.begin()
    processes.confirm(payment, die_at=point)
    assert "Please do not pay again" in world.page(payment)
    processes.sweep(payment)
    assert payment.status == "started"
    assert world.books() == {}
    assert world.subjects() == []
    assert "Your payment is received" in world.confirm(payment)
    assert world.at_gateway() == [("succeeded", 2400)]
    assert world.keys(CREATE) == ["create"]
    assert world.subjects() == PAID
    assert not AttentionItem.objects.exists()


def test_row_06_after_a_day_the_key_is_forgotten_and_only_the_new_charge_is_made(world, processes):
    payment = world.begin()
    processes.confirm(payment, die_at="after create")
    processes.sweep(payment)
    world.sandbox.control("clock", days=1.1)
    world.enter(payment, world.sandbox.control("token", behaviour="card")["id"])
    assert "Your payment is received" in world.confirm(payment)
    assert world.at_gateway() == [("requires_payment_method", 2400), ("succeeded", 2400)]
    with time_machine.travel(timezone.now() + timedelta(days=1.2)):
        tasks.reconcile("intents")
        assert world.at_gateway() == [("canceled", 2400), ("succeeded", 2400)]
        tasks.reconcile("intents")
    assert len(world.asked(CANCEL)) == 1
    world.deliver()
    assert GatewayEvent.objects.get(type="payment_intent.canceled").status == "done"
    assert "Your payment is received" in world.page(payment)
    assert world.books() == {"settled": 2400}
    assert world.subjects() == PAID
    assert world.attention() == []

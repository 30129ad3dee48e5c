"""Workers that die or err, a broker that forgets, a database that is away: nothing is lost and nothing done twice."""

import os
import shutil
import signal
import subprocess
import sys
from datetime import timedelta

import psycopg2
import pytest
from celery import Celery
from django.contrib.auth.models import Group
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from payments import tasks
from payments.gateway import _made
from payments.models import GatewayEvent
from portal.shared import tasks as shared_tasks
from portal.shared.models import AuditEntry, OutgoingMessage
from tests import factories
from tests.faults.saving import chooses, listed, saves
from tests.faults.world import CONFIRM, text_of
from tests.parts import database_address, eventually, free_port, process, wait_for_port

pytestmark = pytest.mark.django_db(transaction=True)
BANK_PAID = ["Your payment is on its way", "Your payment is received"]


@pytest.fixture
def settled(world):
    """A bank payment that the bank has settled, and of which we have not heard yet."""
    payment, _ = world.pay("bank")
    world.deliver()
    world.sandbox.control("settle", intent=payment.intent_id)
    return payment


def let_leases_end():
    """Let the time pass after which an event in a worker's hand is taken for lost."""
    GatewayEvent.objects.filter(status="received").update(next_try_at=timezone.now())


def check_paid_once(world, payment):
    """Fail unless the gateway, the books, the page and the messages say that it was paid, once."""
    assert world.at_gateway() == [("succeeded", 2400)]
    assert world.books() == {"settled": 2400}
    assert "Your payment is received" in world.page(payment)
    assert list(payment.events.values_list("to_status", flat=True)) == ["started", "submitting", "processing", "paid"]
    assert world.subjects() == BANK_PAID


def test_row_29_a_bug_of_ours_backs_off_goes_to_staff_and_is_replayed_from_their_screen(world, settled, settings):
    settings.PAYMENT_GATEWAY = "tests.faults.gateways.BuggyGateway"
    assert {answer["status"] for answer in world.deliver()} == {200}
    event = GatewayEvent.objects.get(type="payment_intent.succeeded")
    waits = []
    while event.status == "received":
        waits.append(round((event.next_try_at - timezone.now()).total_seconds(), -1))
        let_leases_end()
        tasks.sweep_events()
        event.refresh_from_db()
    assert (event.status, event.error, event.tries) == ("dead", "ZeroDivisionError", 10)
    assert waits == sorted(waits)
    assert sum(waits) > timedelta(hours=1).total_seconds()
    assert set(world.attention()) == {"event not worked off"}
    assert world.books() == {"held": 2400}
    settings.PAYMENT_GATEWAY = "payments.gateway.stripe_adapter.StripeGateway"
    pressed = press_try_again(world, event)
    assert "is tried again" in pressed.content.decode()
    check_paid_once(world, settled)
    assert AuditEntry.objects.filter(action="event replayed", subject_id=str(event.pk)).count() == 1
    assert "nothing to do" in press_try_again(world, event).content.decode()


def press_try_again(world, event):
    """Let someone of the support team press *Try again* for an event in the staff's screen."""
    support = factories.user(is_staff=True)
    support.groups.add(Group.objects.get(name="support"))
    staff = Client()
    staff.force_login(support)
    address = reverse("admin:payments_gatewayevent_changelist")
    assert "payment_intent.succeeded" in staff.get(address, {"status__exact": event.status}).content.decode()
    return staff.post(address, {"action": "try_again", "_selected_action": [event.pk]}, follow=True)


def test_row_29_who_may_not_decide_may_not_replay(world, settled):
    world.deliver()
    support = factories.user(is_staff=True)
    viewer = Client()
    viewer.force_login(support)
    address = reverse("admin:payments_gatewayevent_changelist")
    assert viewer.post(address, {"action": "try_again", "_selected_action": [1]}).status_code == 403
    assert not AuditEntry.objects.filter(action="event replayed").exists()


@pytest.mark.broker
def test_row_30_a_worker_killed_in_the_middle_and_a_redis_that_forgets_lose_nothing(
    world, processes, settled, dead_broker, redis_url
):
    assert {answer["status"] for answer in world.deliver()} == {200}
    events = GatewayEvent.objects.filter(status="received", type="payment_intent.succeeded")
    assert events.count() == 1  # filed, and handed to nobody: the broker is away
    environment = os.environ | {
        "REDIS_URL": redis_url,
        "DATABASE_URL": database_address(),
        "DJANGO_SETTINGS_MODULE": "tests.faults.worker_settings",
        "SANDBOX_URL": world.sandbox.url,
        "EMAIL_URL": f"smtp://127.0.0.1:{world.sandbox.smtp_port}",
        "DIE_AT": "after intent",
    }
    command = [sys.executable, "-m", "celery", "-A", "portal", "worker", "--pool", "prefork", "-c", "1"]
    broker = Celery(broker=redis_url, set_as_current=False)
    with process(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        broker.send_task("payments.tasks.work_off_event", [events.first().pk])
        assert eventually(lambda: events.filter(tries=1).exists())  # in the worker's hand when it died
    subprocess.run([shutil.which("redis-cli"), "-u", redis_url, "flushall"], check=True, stdout=subprocess.DEVNULL)
    broker.close()
    assert world.books() == {"held": 2400}
    processes.run("payments.tasks.sweep_events")
    assert events.count() == 1  # for five minutes it is still in the dead worker's hand
    let_leases_end()
    processes.run("payments.tasks.sweep_events")
    shared_tasks.sweep_messages()
    assert not events.exists()
    check_paid_once(world, settled)


@pytest.mark.parametrize("point", ["before intent", "after intent"])
def test_row_30_a_sweep_killed_over_an_event_is_taken_up_by_the_next(world, processes, settled, dead_broker, point):
    world.deliver()
    processes.run("payments.tasks.sweep_events", die_at=point)
    let_leases_end()
    processes.run("payments.tasks.sweep_events")
    check_paid_once(world, settled)


def test_row_30_a_worker_killed_in_its_commit_leaves_no_half_of_it(world, processes, settled, dead_broker):
    world.deliver()
    event = GatewayEvent.objects.get(type="payment_intent.succeeded")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE shared_outgoingmessage IN SHARE MODE")
        pid = processes.start("run", task="payments.services.work_off", arguments=[event.pk])
        assert eventually(lambda: someone_waits_for("shared_outgoingmessage"))
        processes.kill(pid)
    assert world.books() == {"held": 2400}
    assert "It is not paid yet" in world.page(settled)
    let_leases_end()
    processes.run("payments.tasks.sweep_events")
    check_paid_once(world, settled)


def someone_waits_for(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table])
        return cursor.fetchone()[0]


def test_row_30_a_server_killed_between_filing_and_answering_is_sent_the_event_again(world, processes):
    payment, _ = world.pay("bank")
    world.deliver()
    port = free_port()
    world.sandbox.control("webhook", url=f"http://127.0.0.1:{port}/webhooks/stripe/")
    try:
        processes.start("serve", "before intent", port=port)
        wait_for_port(port)
        world.sandbox.control("settle", intent=payment.intent_id)
        assert 0 in {answer["status"] for answer in world.deliver()}
        assert processes.ended() == -signal.SIGKILL
        assert GatewayEvent.objects.filter(status="received", tries=1).count() == 1
        restarted = processes.start("serve", port=port)
        wait_for_port(port)
        assert {answer["status"] for answer in world.deliver()} == {200}
        processes.kill(restarted)
    finally:
        world.sandbox.control("webhook", url=f"{world.url}/webhooks/stripe/")
    let_leases_end()
    tasks.sweep_events()
    assert not GatewayEvent.objects.filter(status="received").exists()
    check_paid_once(world, payment)


def test_row_30_a_process_killed_after_the_mail_server_took_a_message_sends_it_once_more_under_the_same_id(
    world, processes, settled, dead_broker
):
    world.deliver()
    tasks.sweep_events()
    message = OutgoingMessage.objects.get(kind="payment_paid")
    processes.run("portal.shared.tasks.deliver", message.pk, die_at="after mail")
    message.refresh_from_db()
    assert message.status == "sending"
    processes.run("portal.shared.tasks.sweep_messages")
    assert world.subjects().count("Your payment is received") == 1  # for ten minutes it is another worker's
    OutgoingMessage.objects.filter(pk=message.pk).update(next_try_at=timezone.now())
    for _ in range(2):
        processes.run("portal.shared.tasks.sweep_messages")
    ids = [m["headers"]["Message-ID"] for m in world.mails() if m["subject"] == "Your payment is received"]
    assert len(ids) == 2
    assert len(set(ids)) == 1


@pytest.fixture
def database_away():
    """Return a function that cuts every connection to the database and refuses new ones, and one that lets them in."""
    address, name = database_address(), connection.settings_dict["NAME"]
    keeper = psycopg2.connect(address.replace(f"/{name}?", "/postgres?"))
    keeper.autocommit = True
    cursor = keeper.cursor()

    def away():
        cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

    def back():
        cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        connections.close_all()

    yield away, back
    back()
    keeper.close()


def test_row_31_an_event_that_comes_while_the_database_is_down_is_answered_500_and_taken_when_it_comes_again(
    world, settled, database_away
):
    away, back = database_away
    away()
    answers = world.deliver()
    page = Client(raise_request_exception=False).get(reverse("payments:status", args=[settled.reference]))
    back()
    assert {answer["status"] for answer in answers} == {500}
    assert page.status_code in (302, 503)
    assert not GatewayEvent.objects.filter(type="payment_intent.succeeded").exists()
    assert {answer["status"] for answer in world.deliver()} == {200}
    check_paid_once(world, settled)


def test_row_32_a_debit_that_the_bank_refuses_after_days_opens_the_bill_and_tells_the_member(world):
    payment, said = world.pay("bank", "bank_no_funds")
    assert "It is not paid yet" in said
    assert world.books() == {"held": 2400}
    world.sandbox.control("clock", business_days=5)
    world.deliver()
    assert world.at_gateway() == [("requires_payment_method", 2400)]
    said = world.page(payment)
    assert "This payment did not go through" in said
    assert "not enough money" in said
    assert world.books() == {}
    assert "$24.00" in world.bills()
    assert world.subjects() == ["Your payment is on its way", "Your payment did not go through"]
    assert world.pay("bank")[0].status == "processing"


@pytest.mark.parametrize(
    ("code", "words"),
    [("insufficient_funds", "not enough money"), ("account_closed", "closed")],
)
def test_row_32_a_saved_account_whose_debit_the_bank_refuses_is_flagged_and_not_debited_again(world, code, words):
    saved = saves(world, "bank")
    payment = chooses(world, saved)
    assert "It is not paid yet" in world.confirm(payment)
    payment.refresh_from_db()
    world.sandbox.control("fail", intent=payment.intent_id, code=code)
    world.deliver()
    saved.refresh_from_db()
    assert (saved.status, saved.problem) == ("flagged", "returned")
    assert world.at_gateway() == [("succeeded", 2400), ("requires_payment_method", 2400)]
    assert world.books() == {"settled": 2400}
    assert words in world.page(payment)
    assert "$24.00" in world.bills()
    assert "Your bank sent a payment back." in listed(world)
    assert "You cannot pay with this one" in listed(world)
    assert "(saved)" not in text_of(world.client.get(reverse("payments:new")))
    assert world.subjects()[2:] == ["Your payment is on its way", "Your payment did not go through"]
    assert words in world.mails()[-1]["text"]
    world.age(payment, days=3)
    for sweep in (tasks.sweep_stalled, tasks.sweep_processing, tasks.run_autopay):
        sweep()
    assert len(world.asked(CONFIRM)) == 2, "once to save it, once to pay: no try of our own"
    assert world.attention() == []


@pytest.fixture(autouse=True)
def fresh_gateways():
    """No gateway of another test, and none of these for another."""
    yield
    _made.cache_clear()

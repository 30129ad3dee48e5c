"""Reminders when much happens at once: two runs, a case, a change of the bill or of the household, a dead worker."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Member
from billing import services
from billing.models import Bill, Case
from portal.shared import tasks
from portal.shared.models import OutgoingMessage
from tests import factories

DUE, TODAY = date(2026, 12, 1), date(2026, 11, 24)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _morning(time_machine):
    time_machine.move_to("2026-11-24 15:00+00:00")


@pytest.fixture
def user():
    made = factories.texting_user(emails=["reminder"], texts=["reminder"])
    factories.bill(household=made.member.household, due_on=DUE)
    return made


def sent(today: date = TODAY) -> list[str]:
    return sorted(one.channel for one in services.send_reminders(today).reminders)


def statuses() -> set[str]:
    return set(OutgoingMessage.objects.filter(kind="reminder").values_list("status", flat=True))


def case_about_the_bill(user) -> Case:
    return services.open_case(user, kind="charge", text="Wrong", about=services.About(bills=list(Bill.objects.all())))


def answered(case: Case, status: str) -> None:
    services.reply_to_case(factories.user(is_staff=True), case, text="We looked into it.", status=status)


@pytest.mark.django_db(transaction=True)
def test_four_runs_at_once_queue_each_reminder_once():
    users = [
        factories.texting_user(emails=["reminder"], texts=["reminder"], number=f"+161755501{n:02}") for n in range(9)
    ]
    for one in users:
        factories.bill(household=one.member.household, due_on=DUE)
    barrier = Barrier(4, timeout=30)

    def run(_number: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            services.send_reminders(TODAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    rows = OutgoingMessage.objects.filter(kind="reminder")
    assert rows.count() == rows.values("about__user", "channel").distinct().count() == 18


def test_a_case_about_the_bill_keeps_it_silent_until_it_is_answered(user):
    case = case_about_the_bill(user)
    assert sent() == []
    answered(case, "waiting")
    assert sent() == []
    answered(case, "answered")
    assert sent() == ["email", "text"]


def test_a_case_about_something_else_does_not(user):
    services.open_case(user, kind="other", text="Hello")
    assert sent() == ["email", "text"]


def test_a_reminder_that_waited_is_taken_back_when_a_case_is_opened_over_night(user, time_machine, mailoutbox):
    time_machine.move_to("2026-11-25 04:00+00:00")
    assert sent() == ["email", "text"]
    case_about_the_bill(user)
    time_machine.move_to("2026-11-25 13:30+00:00")
    tasks.sweep_messages()
    assert statuses() == {"canceled"}
    assert [mail for mail in mailoutbox if "due" in mail.subject] == []


def test_a_bill_that_the_agency_lowered_to_nothing_asks_for_nothing(user):
    Bill.objects.update(total_cents=0)
    assert sent() == []


def test_a_credit_that_covers_the_bill_asks_for_nothing(user):
    household = user.member.household
    services.hold(household=household, source="P1", amount_cents=5000)
    services.settle(source="P1")
    assert sent() == []


def test_who_moved_to_another_household_hears_of_its_bills_and_no_longer_of_the_old_ones(user):
    elsewhere = factories.household()
    there = factories.bill(household=elsewhere, due_on=DUE)
    Member.objects.filter(pk=user.member_id).update(household=elsewhere)
    assert {one.bill for one in services.send_reminders(TODAY).reminders} == {there.pk}


def test_a_worker_that_died_with_a_reminder_in_hand_sends_no_second_one(user, mailoutbox):
    sent()
    row = OutgoingMessage.objects.get(channel="email")
    OutgoingMessage.objects.filter(pk=row.pk).update(status="sending", tries=1, handed_at=timezone.now())
    for _ in range(2):
        tasks.sweep_messages()
    row.refresh_from_db()
    assert (row.status, mailoutbox) == ("unknown", [])
    assert sent() == []


@pytest.mark.parametrize(
    ("now", "goes_out"),
    [
        ("2026-11-01 12:30+00:00", "2026-11-01 13:00+00:00"),  # 7:30 on the day on which clocks go back
        ("2027-03-14 11:30+00:00", "2027-03-14 12:00+00:00"),  # 7:30 on the day on which they go forward
        ("2027-03-14 05:00+00:00", "2027-03-14 12:00+00:00"),  # midnight before it: seven hours and no eight
        ("2026-11-01 05:30+00:00", "2026-11-01 13:00+00:00"),  # half past one, the first time
        ("2026-11-02 01:10+00:00", "2026-11-02 13:00+00:00"),  # 20:10 on that evening
    ],
)
def test_it_goes_out_at_eight_in_boston_also_when_the_clocks_change(user, time_machine, mailoutbox, now, goes_out):
    time_machine.move_to(now, tick=False)
    today = timezone.localdate()
    Bill.objects.update(due_on=today.replace(day=today.day + 7))
    assert sent(today) == ["email", "text"]
    waiting = OutgoingMessage.objects.values_list("next_try_at", flat=True).distinct()
    assert list(waiting) == [datetime.fromisoformat(goes_out).astimezone(UTC)]
    tasks.sweep_messages()
    assert mailoutbox == []
    time_machine.move_to(goes_out, tick=False)
    tasks.sweep_messages()
    assert len(mailoutbox) == 1

"""From 8 in the morning to 8 in the evening, Boston time, on both sides of the clock change."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from portal.shared import messages, tasks
from portal.shared.models import OutgoingMessage
from portal.shared.quiet_hours import next_allowed


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        ("2026-11-24 12:59:59+00:00", "2026-11-24 13:00+00:00"),  # 7:59:59 in winter
        ("2026-11-24 13:00+00:00", "2026-11-24 13:00+00:00"),
        ("2026-11-25 00:59:59+00:00", "2026-11-25 00:59:59+00:00"),  # 19:59:59
        ("2026-11-25 01:00+00:00", "2026-11-25 13:00+00:00"),  # 20:00 goes to the next morning
        ("2026-11-25 05:30+00:00", "2026-11-25 13:00+00:00"),  # half past midnight: the same day's morning
        ("2027-03-14 01:30+00:00", "2027-03-14 12:00+00:00"),  # the evening before clocks go forward: 8 is 12 UTC
        ("2026-11-01 00:30+00:00", "2026-11-01 13:00+00:00"),  # the evening before clocks go back: 8 is 13 UTC
        ("2026-07-01 12:00+00:00", "2026-07-01 12:00+00:00"),  # 8:00 in summer
        ("2026-07-02 00:00+00:00", "2026-07-02 12:00+00:00"),
    ],
)
def test_the_next_allowed_moment(moment, allowed):
    assert next_allowed(datetime.fromisoformat(moment)) == datetime.fromisoformat(allowed)


def test_a_message_of_the_night_waits_for_the_morning_and_counts_no_try(db, time_machine, mailoutbox):
    time_machine.move_to("2026-11-25 03:00+00:00")
    messages.post(key="one", kind="account_unlocked", to="testa@example.test", keeps_hours=True)
    messages.post(key="two", kind="account_unlocked", to="testa@example.test")
    tasks.sweep_messages()
    assert len(mailoutbox) == 1
    assert OutgoingMessage.objects.get(key="one").next_try_at == datetime.fromisoformat("2026-11-25 13:00+00:00")
    time_machine.move_to("2026-11-25 13:00:10+00:00")
    tasks.sweep_messages()
    assert len(mailoutbox) == 2


def test_a_message_that_the_evening_overtook_waits_for_the_morning_too(db, time_machine, mailoutbox, settings):
    time_machine.move_to("2026-11-25 00:59+00:00")
    messages.post(key="one", kind="account_unlocked", to="testa@example.test", keeps_hours=True)
    time_machine.move_to("2026-11-25 01:01+00:00")
    tasks.sweep_messages()
    row = OutgoingMessage.objects.get()
    assert (row.status, row.tries, mailoutbox) == ("waiting", 0, [])
    assert row.next_try_at - timezone.now() == pytest.approx(timedelta(hours=11, minutes=59), abs=timedelta(seconds=5))

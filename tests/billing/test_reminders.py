"""Reminders: who gets which, each once, and none that is not true any more when it goes out."""

import json
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Member, Preferences, TextConsent, User
from accounts.tokens import unsubscriber
from billing import rules, services
from billing.models import Credit
from portal.shared import tasks
from portal.shared.models import OutgoingMessage
from tests import factories

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _morning(time_machine):
    time_machine.move_to("2026-11-24 15:00+00:00")  # a week before DUE, 10 in Boston


@pytest.fixture
def user():
    made = factories.texting_user(emails=["reminder"], texts=["reminder"])
    factories.bill(household=made.member.household, due_on=DUE)
    return made


def bill_of(user):
    from billing.models import Bill

    return Bill.objects.get(household=user.member.household)


def send(today: date = date(2026, 11, 24)) -> list[tuple[str, int]]:
    return sorted((one.channel, one.when) for one in services.send_reminders(today).reminders)


@pytest.mark.parametrize(
    ("today", "which"),
    [
        (date(2026, 11, 23), None),
        (date(2026, 11, 24), 7),
        (date(2026, 11, 25), 7),  # nothing ran the day before
        (date(2026, 11, 26), None),
        (date(2026, 11, 30), 1),
        (date(2026, 12, 1), 1),
        (date(2026, 12, 2), None),
        (date(2026, 12, 4), -3),
        (date(2026, 12, 5), -3),
        (date(2026, 12, 6), None),
    ],
)
def test_the_day_of_each_reminder(today, which):
    assert rules.reminder_on(today, due_on=DUE, days_before=[7, 1]) == which


def test_a_reminder_goes_out_by_each_channel_and_says_little(user, mailoutbox, textoutbox):
    assert send() == [("email", 7), ("text", 7)]
    tasks.sweep_messages()
    (mail,), (text,) = mailoutbox, textoutbox
    assert (mail.subject, mail.to) == ("Your bill is due soon", [user.email])
    assert "Dec. 1, 2026" in mail.body
    assert "testserver/bills/" in mail.body
    assert "(800) 841-2900" in mail.body
    said = mail.body.replace("MassHealth Bill Pay", "") + mail.alternatives[0].content.replace(
        "MassHealth Bill Pay", ""
    )
    assert "$" not in said
    assert "24.00" not in said
    assert "CommonHealth" not in said
    assert text.body == (
        "MA Bill Pay: Your bill is due Dec. 1, 2026. testserver/bills/ or call (800) 841-2900. Reply STOP to end texts."
    )


def test_the_email_can_be_ended_with_one_click_and_a_receipt_cannot(user, mailoutbox, client):
    send()
    tasks.sweep_messages()
    headers = mailoutbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>")
    assert address in mailoutbox[0].body
    client.post(address.removeprefix("http://testserver"))
    assert Preferences.objects.get().emails == []
    from accounts import notices

    notices.password_changed(user, key="one")
    tasks.sweep_messages()
    assert "List-Unsubscribe" not in mailoutbox[1].extra_headers


def test_running_again_on_the_day_and_the_day_after_sends_nothing_twice(user):
    assert len(send()) == 2
    assert send() == []
    assert send(date(2026, 11, 25)) == []
    assert [send(date(2026, 11, 24) + timedelta(days=day)) for day in range(2, 13)] == [
        *([[]] * 4),
        [("email", 1), ("text", 1)],
        *([[]] * 3),
        [("email", -3), ("text", -3)],
        *([[]] * 2),
    ]
    assert OutgoingMessage.objects.count() == 6


def test_a_run_that_crashed_half_way_is_finished_by_the_next(user):
    services.send_reminders(date(2026, 11, 24))
    OutgoingMessage.objects.filter(channel="text").delete()  # as if it had died before the second one
    assert send() == [("text", 7)]


def test_only_those_who_asked_are_reminded_on_the_days_they_chose():
    silent = factories.user()
    factories.bill(household=silent.member.household, due_on=DUE)
    chooser = factories.user()
    Preferences.objects.create(user=chooser, emails=["reminder"], days_before=[14, 3])
    factories.bill(household=chooser.member.household, due_on=DUE)
    assert send() == []
    assert send(date(2026, 11, 17)) == [("email", 14)]
    assert send(date(2026, 11, 28)) == [("email", 3)]


@pytest.mark.parametrize("how", ["held", "settled", "disputed", "released"])
def test_money_on_its_way_or_looked_into_keeps_it_silent(user, how):
    household = user.member.household
    services.hold(household=household, source="P1", amount_cents=2400)
    if how in ("settled", "disputed"):
        services.settle(source="P1")
    if how == "disputed":
        Credit.objects.update(status="disputed")
    if how == "released":
        services.release(source="P1")
    assert len(send()) == (2 if how == "released" else 0)


def test_part_of_a_bill_on_its_way_keeps_it_silent_too(user):
    services.hold(household=user.member.household, source="P1", amount_cents=1000)
    assert send() == []


def test_part_of_a_bill_paid_does_not(user):
    factories.pay(user.member.household, "P1", 1000)
    assert len(send()) == 2


@pytest.mark.parametrize("fields", [{"responsible": False}])
def test_who_is_no_longer_responsible_hears_nothing(user, fields):
    Member.objects.update(**fields)
    assert send() == []


@pytest.mark.parametrize("fields", [{"is_active": False}, {"email_confirmed_at": None}])
def test_who_cannot_log_in_hears_nothing(user, fields):
    User.objects.update(**fields)
    assert send() == []


def test_a_dead_address_gets_no_more_and_the_other_way_goes_on(user):
    User.objects.update(email_failed_at=timezone.now() + timedelta(seconds=1))
    assert send() == [("text", 7)]


def test_what_somebody_else_takes_care_of_is_left_alone(user):
    bill = bill_of(user)

    def cared_for(bills, today):
        return {bill.pk}

    services.taken_care_of.append(cared_for)
    try:
        assert send() == []
    finally:
        services.taken_care_of.remove(cared_for)
    assert len(send()) == 2


# --- just before it goes out -----------------------------------------------------------------------------------------
def statuses() -> dict[str, str]:
    return dict(OutgoingMessage.objects.values_list("channel", "status"))


@pytest.fixture
def at_night(user, time_machine):
    """Reminders queued at 11 in the evening; the test goes on at half past 8 in the morning, when they are due."""
    time_machine.move_to("2026-11-25 04:00+00:00")
    assert len(send(timezone.localdate())) == 2

    def morning():
        time_machine.move_to("2026-11-25 13:30+00:00")
        tasks.sweep_messages()

    return morning


def test_a_reminder_of_the_night_goes_out_in_the_morning(at_night, mailoutbox, textoutbox):
    tasks.sweep_messages()
    assert (mailoutbox, textoutbox) == ([], [])
    at_night()
    assert (len(mailoutbox), len(textoutbox)) == (1, 1)


def test_what_was_paid_at_seven_is_not_asked_for_at_eight(user, at_night, mailoutbox, textoutbox):
    factories.pay(user.member.household, "P1", 2400)
    at_night()
    assert statuses() == {"email": "canceled", "text": "canceled"}
    assert (mailoutbox, textoutbox) == ([], [])
    at_night()
    assert send(date(2026, 11, 25)) == []


def test_who_left_over_night_is_not_written_to(at_night, mailoutbox, textoutbox):
    Member.objects.update(responsible=False)
    at_night()
    assert (mailoutbox, textoutbox) == ([], [])


def test_who_changed_their_mind_over_night_is_not_written_to(at_night, mailoutbox, textoutbox):
    Preferences.objects.update(emails=[])
    TextConsent.objects.update(ended_at=timezone.now())
    at_night()
    assert statuses() == {"email": "canceled", "text": "canceled"}


def test_no_reminder_says_that_a_day_in_the_past_is_to_come(user, time_machine, mailoutbox):
    send(date(2026, 11, 30))
    OutgoingMessage.objects.update(next_try_at=timezone.now())
    time_machine.move_to("2026-12-02 15:00+00:00")  # the mail server was away for two days
    tasks.sweep_messages()
    assert mailoutbox == []
    assert statuses()["email"] == "canceled"


# --- the command -----------------------------------------------------------------------------------------------------
def test_a_dry_run_says_who_would_get_what_by_numbers_alone_and_queues_nothing(user, capsys):
    bill, household = bill_of(user), user.member.household
    call_command("send_reminders", "--dry-run")
    said = capsys.readouterr().out
    assert f"household {household.pk}, log-in {user.pk}: bill {bill.pk}, email, 7 days before" in said
    assert "Tried, nothing queued: 1 by email, 1 by text." in said
    assert user.username not in said
    assert user.member.last_name not in said
    assert not OutgoingMessage.objects.exists()


def test_the_command_queues_and_says_how_many_in_one_line_of_json(user, capsys):
    call_command("send_reminders", "--json")
    assert json.loads(capsys.readouterr().out) == {"email": 1, "text": 1, "dry_run": False}
    call_command("send_reminders")
    assert capsys.readouterr().out == "Queued: 0 by email, 0 by text.\n"


def test_many_log_ins_take_few_questions(django_assert_max_num_queries):
    for _ in range(30):
        other = factories.user()
        Preferences.objects.create(user=other, emails=["reminder"])
        factories.bill(household=other.member.household, due_on=DUE)
    with django_assert_max_num_queries(12):
        run = services.send_reminders(date(2026, 11, 24), dry_run=True)
    assert len(run.reminders) == 30
    with django_assert_max_num_queries(16):
        services.send_reminders(date(2026, 11, 24))
    assert OutgoingMessage.objects.count() == 30


def test_everyones_link_to_stop_is_their_own_and_the_words_their_language():
    for language in ("en", "en", "es"):
        other = factories.user(language=language)
        Preferences.objects.create(user=other, emails=["reminder"])
        factories.bill(household=other.member.household, due_on=DUE)
    send()
    rows = OutgoingMessage.objects.order_by("pk")
    links = {row.unsubscribe_url for row in rows}
    assert len(links) == 3
    for row in rows:
        owner = User.objects.get(email=row.recipient)
        assert unsubscriber(row.unsubscribe_url.rstrip("/").rpartition("/")[2]) == owner.pk == row.about["user"]
        assert [link for link in links if link in row.body_text] == [row.unsubscribe_url]
        assert f'href="{row.unsubscribe_url}"' in row.body_html
    assert sorted(row.language for row in rows) == ["en", "en", "es"]


def test_without_a_text_service_no_text_is_queued(user, settings):
    settings.TEXT_SENDER = ""
    assert send() == [("email", 7)]
    assert OutgoingMessage.objects.count() == 1

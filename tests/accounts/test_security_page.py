"""The owner's security page: devices, and what happened."""

from datetime import timedelta

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import LoginRecord, SessionRecord, User
from accounts.tasks import purge, sweep
from billing import services as billing
from billing.models import Case
from portal.shared import audit
from portal.shared.models import AuditEntry
from tests import factories
from tests.accounts.conftest import IPHONE, device, is_inside, log_in

pytestmark = pytest.mark.django_db
SECURITY = "/accounts/security/"
OTHERS = "/accounts/security/sessions/end/"
PRIVATE = "/payments/"
NEW = "violet tram harbor onion"


def page(client, query=""):
    response = client.get(SECURITY + query)
    assert response.status_code == 200
    return response.content.decode()


def test_each_device_is_named_in_plain_words_with_a_coarse_network(owner):
    laptop = device(owner)
    device(owner, agent=IPHONE, address="2001:db8:12:34::56")
    device(owner, agent="curl/8")
    text = page(laptop)
    for said in (
        "Firefox on Windows",
        "(this device)",
        "203.0.113.x",
        "Safari on iPhone",
        "2001:db8:12:x",
        "Another browser",
    ):
        assert said in text
    assert "203.0.113.77" not in text


def test_a_log_in_shows_on_the_menu_of_every_page(owner):
    assert f'href="{SECURITY}"' in device(owner).get("/help/").content.decode()


def test_logging_out_a_device_kills_its_session_on_the_server(owner, engine):
    laptop, phone = device(owner), device(owner, agent=IPHONE)
    key = phone.session.session_key
    record = SessionRecord.objects.get(browser="Safari")
    response = laptop.post(f"/accounts/security/sessions/{record.pk}/end/", follow=True)
    assert "That device is logged out." in response.content.decode()
    assert not Session.objects.filter(session_key=key).exists()
    assert not is_inside(phone)
    assert is_inside(laptop)
    assert "Safari on iPhone" not in page(laptop)


def test_logging_out_everywhere_else_leaves_this_device_alone(owner, engine):
    laptop, *others = [device(owner) for _ in range(4)]
    assert "3 other devices are logged out." in laptop.post(OTHERS, follow=True).content.decode()
    assert [is_inside(client) for client in (laptop, *others)] == [True, False, False, False]
    assert "Log out all other devices" not in page(laptop)
    assert "No other device was logged in." in laptop.post(OTHERS, follow=True).content.decode()


def test_a_session_that_came_back_by_a_cache_is_out_at_the_next_look(owner, time_machine):
    time_machine.move_to("2026-11-25 12:00:00+00:00", tick=False)
    phone = device(owner)
    SessionRecord.objects.update(ended_at=timezone.now())  # the record is ended, and the session still there
    time_machine.move_to("2026-11-25 12:03:00+00:00", tick=False)
    assert phone.get(PRIVATE)["Location"].startswith("/accounts/login/?ended=1")


def test_nobody_ends_someone_elses_session(owner):
    mine = device(owner)
    other = factories.user()
    theirs = device(other)
    record = SessionRecord.objects.get(user=other)
    for pk in (record.pk, record.pk + 1000, 10**30):
        assert mine.post(f"/accounts/security/sessions/{pk}/end/").status_code == 404
    assert is_inside(theirs)


def test_a_second_press_says_the_same_and_is_one_act(owner):
    laptop = device(owner)
    device(owner, agent=IPHONE)
    record = SessionRecord.objects.get(browser="Safari")
    for _ in range(2):
        answer = laptop.post(f"/accounts/security/sessions/{record.pk}/end/", follow=True)
        assert "That device is logged out." in answer.content.decode()
    assert AuditEntry.objects.filter(action="end_session").count() == 1


def test_ending_this_very_session_logs_out(owner):
    laptop = device(owner)
    response = laptop.post(f"/accounts/security/sessions/{SessionRecord.objects.get().pk}/end/")
    assert response["Location"] == "/"
    assert not is_inside(laptop)


@pytest.mark.parametrize("path", [OTHERS, "/accounts/security/sessions/1/end/"])
def test_a_link_ends_nothing(owner, path):
    assert device(owner).get(path).status_code == 405


def test_log_out_takes_the_device_off_the_list(owner):
    laptop, phone = device(owner), device(owner, agent=IPHONE)
    phone.post("/accounts/logout/")
    assert "Safari on iPhone" not in page(laptop)


def test_a_device_that_was_away_too_long_is_not_listed(owner, time_machine):
    time_machine.move_to("2026-11-25 12:00:00+00:00", tick=False)
    device(owner, agent=IPHONE)
    time_machine.move_to("2026-11-25 12:20:00+00:00", tick=False)
    assert "Safari on iPhone" not in page(device(owner))


def test_last_use_is_noted_every_three_minutes_and_not_on_each_page(owner, time_machine):
    time_machine.move_to("2026-11-25 12:00:00+00:00", tick=False)
    laptop = device(owner)
    noted = []
    for minute in (1, 2, 4, 5):
        time_machine.move_to(f"2026-11-25 12:0{minute}:00+00:00", tick=False)
        laptop.get(PRIVATE)
        noted.append(SessionRecord.objects.get().last_used_at.minute)
    assert noted == [0, 0, 4, 4]


def test_a_session_from_before_there_were_records_gets_one(owner, time_machine):
    time_machine.move_to("2026-11-25 12:00:00+00:00", tick=False)
    laptop = device(owner)
    SessionRecord.objects.all().delete()
    session = laptop.session
    del session["session_record"], session["noted_at"]
    session.save()
    assert "Firefox on Windows" in page(laptop)


def test_a_reset_by_email_ends_all_sessions_and_is_listed(owner, client):
    laptop = device(owner)
    services.reset_password(
        user_id=owner.pk, token=default_token_generator.make_token(User.objects.get()), password=NEW
    )
    assert not is_inside(laptop)
    assert not SessionRecord.objects.filter(ended_at=None).exists()
    log_in(client, owner.username, NEW)
    assert "changed with a link from an email" in page(client)


def test_what_happened_is_told_in_plain_words(owner):
    for _ in range(5):
        log_in(Client(REMOTE_ADDR="198.51.100.9"), owner.username, "wrong")
    User.objects.filter(pk=owner.pk).update(locked_at=timezone.now() - timedelta(minutes=1))
    sweep()
    staff = factories.user(is_staff=True, is_superuser=True)
    services.unlock(user=owner, reason="Called", actor=staff)
    audit.record("view_user", owner, actor=staff)
    audit.record("view_member", owner.member, actor=staff)
    audit.record("view_user", factories.user(), actor=staff)
    text = page(device(owner))
    for said in ("Your account was locked after wrong tries", "Support unlocked your account", "198.51.100.x"):
        assert said in text
    assert text.count("A log-in or a password was refused") == 5
    assert "support opened your account, bills, payments or cases 2 times" in text


def test_the_activity_has_pages_that_lose_and_repeat_nothing(owner):
    laptop = device(owner)
    LoginRecord.objects.all().delete()
    now = timezone.now()
    for number in range(20):  # in pairs of the same moment
        LoginRecord.objects.create(
            user=owner, succeeded=True, address=f"10.0.{number}.1", at=now - timedelta(hours=number // 2)
        )
    for _ in range(10):
        audit.record("end_other_sessions", owner, actor=owner)
    seen, query = [], ""
    while True:
        response = laptop.get(SECURITY + query)
        seen += [row["network"] + row["text"] for row in response.context["events"]]
        query = response.context["older_url"]
        if not query:
            break
    assert len(seen) == 30
    assert len({text for text in seen if text.startswith("10.0.")}) == 20


@pytest.mark.parametrize(
    "before", ["x", "~~", "2026-01-01~try~1", "2026-01-01T00:00:00+00:00~try~9" + "9" * 30, "\x00"]
)
def test_an_odd_page_address_begins_at_the_newest(owner, before):
    response = device(owner).get(SECURITY, {"before": before})
    assert len(response.context["events"]) == 1


def test_five_hundred_events_and_sessions_take_no_more_queries(owner, django_assert_max_num_queries):
    laptop = device(owner)
    LoginRecord.objects.bulk_create(LoginRecord(user=owner, succeeded=False) for _ in range(500))
    SessionRecord.objects.bulk_create(SessionRecord(user=owner, key_hash=f"{n:064}") for n in range(500))
    with django_assert_max_num_queries(9):
        text = page(laptop)
    assert text.count('class="ma__panel"') == 12


def test_the_devices_have_pages_that_lose_and_repeat_nothing(owner):
    laptop = device(owner)
    SessionRecord.objects.bulk_create(SessionRecord(user=owner, key_hash=f"{n:064}") for n in range(29))
    seen, query = [], ""
    for _ in range(3):
        answer = laptop.get(SECURITY + query)
        seen += [row["pk"] for row in answer.context["devices"]]
        query = answer.context["devices_older_url"]
    assert query == ""
    assert len(seen) == len(set(seen)) == 30
    assert "Log out all other devices" in answer.content.decode()
    for odd in ("x", "-1", "9" * 30):
        assert len(laptop.get(SECURITY, {"devices": odd}).context["devices"]) == 12


def test_a_look_at_the_members_bill_or_case_counts_and_nobody_elses(owner):
    staff, stranger = factories.user(is_staff=True), factories.user()
    for who in (owner, stranger):
        case = billing.open_case(who, kind="other", text="x")
        for subject in (factories.bill(household=who.member.household), case):
            audit.record(f"view_{subject._meta.model_name}", subject, actor=staff)
    assert "bills, payments or cases 2 times" in page(device(owner))


def test_the_page_needs_a_log_in(client):
    for name in ("security", "password_change"):
        assert client.get(reverse(f"accounts:{name}"))["Location"].startswith("/accounts/login/")


def test_staff_have_the_page_too(client):
    client.force_login(factories.user(is_staff=True))
    assert "Change my password" in page(client)


def test_old_records_are_forgotten(owner):
    SessionRecord.objects.create(user=owner, key_hash="a", last_used_at=timezone.now() - timedelta(days=31))
    SessionRecord.objects.create(user=owner, key_hash="b", last_used_at=timezone.now() - timedelta(days=29))
    purge()
    assert list(SessionRecord.objects.values_list("key_hash", flat=True)) == ["b"]


def test_a_suspicious_message_becomes_a_case_and_a_change_of_contact_is_listed(owner):
    laptop = device(owner)
    audit.record("change_contact", owner, actor=owner)
    text = page(laptop)
    assert "Your contact details were changed" in text
    assert 'href="/cases/new/suspicious/"' in text
    answer = laptop.post("/cases/new/suspicious/", {"text": "A text message asked for my password."}, follow=True)
    assert answer.status_code == 200
    assert Case.objects.get().kind == "suspicious"

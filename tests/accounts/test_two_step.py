"""Turning two-step log-in on and off, and recovery codes, as the owner does it."""

import base64
import re

import pytest
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import RecoveryCode, SessionRecord, User
from portal.shared.models import AuditEntry, OutgoingMessage
from tests import factories
from tests.accounts.conftest import code_of, device, is_inside, log_in, turn_on

pytestmark = pytest.mark.django_db
SECURITY, CODE = "/accounts/security/", "/accounts/login/code/"
ON, OFF, CODES = (f"/accounts/security/two-step/{name}/" for name in ("on", "off", "codes"))


def post(client, path, current=factories.PASSWORD, code=""):
    return client.post(path, {"current_password": current, "code": code})


def text_of(response):
    return response.content.decode()


def told():
    return list(OutgoingMessage.objects.order_by("pk").values_list("kind", flat=True))


def test_the_whole_way_from_the_key_on_the_page_to_a_log_in_with_a_code(owner):
    laptop, phone = device(owner), device(owner)
    assert "It is off." in text_of(laptop.get(SECURITY))
    page = text_of(laptop.get(ON))
    key = re.search(r'class="ma__key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    secret = base64.b32decode(key + "=" * (-len(key) % 8))
    answer = post(laptop, ON, code=f"{totp(secret, t0=30):06d}")
    codes = re.findall(r'class="ma__key">([A-Z2-9-]{13})<', text_of(answer))
    assert len(set(codes)) == 10
    assert "no-store" in answer["Cache-Control"]
    assert is_inside(laptop)
    assert not is_inside(phone)
    assert told() == ["two_step_on"]
    assert "You have 10 recovery codes left." in text_of(laptop.get(SECURITY))

    stranger = Client()
    assert log_in(stranger, owner.username, factories.PASSWORD)["Location"] == CODE
    assert not is_inside(stranger)
    assert stranger.post(CODE, {"code": f"{totp(secret):06d}"})["Location"] == "/bills/"
    assert is_inside(stranger)


def test_the_picture_holds_the_key_and_needs_no_style(owner):
    laptop = device(owner)
    response = laptop.get(ON)
    picture = re.search(r"<svg.*?</svg>", text_of(response), re.S)[0]
    assert "style" not in picture
    assert TOTPDevice.objects.get().config_url.startswith("otpauth://totp/MassHealth%20Bill%20Pay%3A")
    assert "unsafe-inline" not in response["Content-Security-Policy"]


def test_opening_the_page_alone_turns_nothing_on(owner):
    device(owner).get(ON)
    assert log_in(Client(), owner.username, factories.PASSWORD)["Location"] == "/bills/"


def test_a_page_that_was_left_is_given_a_new_key_and_one_that_is_typed_into_keeps_it(owner, time_machine):
    time_machine.move_to("2026-11-25 12:00:00+00:00", tick=False)
    laptop = device(owner)
    keys = []
    for minute in (0, 10, 31):
        time_machine.move_to(f"2026-11-25 12:{minute:02}:00+00:00", tick=False)
        laptop.get(ON) if minute != 10 else post(laptop, ON, code="000000")
        keys.append(TOTPDevice.objects.get().key)
        laptop.get("/help/")
        time_machine.move_to(f"2026-11-25 12:{minute + 9:02}:00+00:00", tick=False)
        laptop.get("/help/")
    assert keys[0] == keys[1] != keys[2]


def test_a_wrong_first_code_turns_nothing_on_and_costs_no_try(owner):
    laptop = device(owner)
    laptop.get(ON)
    for _ in range(6):
        assert "This code is not right" in text_of(post(laptop, ON, code="000000"))
    owner.refresh_from_db()
    assert (owner.second_step_at, owner.failed_logins) == (None, 0)


@pytest.mark.parametrize("path", [ON, OFF, CODES])
def test_the_password_is_asked_again_and_wrong_ones_lock(owner, path):
    laptop = device(owner)
    if path == ON:
        laptop.get(ON)
    else:
        turn_on(laptop)
    for _ in range(4):
        assert "This is not your password." in text_of(post(laptop, path, current="wrong", code=code_of(owner)))
    assert post(laptop, path, current="wrong", code=code_of(owner))["Location"] == "/accounts/login/"
    assert not is_inside(laptop)
    assert User.objects.get().is_locked


@pytest.mark.parametrize("path", [OFF, CODES])
def test_wrong_codes_inside_are_counted_too(owner, path):
    laptop = device(owner)
    turn_on(laptop)
    for _ in range(4):
        assert "This code is not right" in text_of(post(laptop, path, code="000000"))
    assert post(laptop, path, code="000000")["Location"] == "/accounts/login/"
    assert User.objects.get().is_locked


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("", "Enter a code."),
        ("12345", "Enter the 6 digits"),
        ("1234567", "Enter the 6 digits"),
        ("٣٣٣٣٣٣٣", "Enter the 6 digits"),
        ("ABCD-EFGH-JKM", "Enter the 6 digits"),
        ("x" * 41, "Enter the 6 digits"),
        ("nul\x00", "Enter the 6 digits"),
    ],
)
def test_what_cannot_be_a_code_is_said_so_and_costs_no_try(owner, code, said):
    laptop = device(owner)
    turn_on(laptop)
    page = text_of(post(laptop, OFF, code=code))
    assert said in page
    assert 'href="#id_code"' in page
    assert User.objects.get().failed_logins == 0


def test_turning_off_takes_both_and_then_the_password_alone_logs_in(owner):
    laptop = device(owner)
    turn_on(laptop)
    answer = laptop.post(OFF, {"current_password": factories.PASSWORD, "code": code_of(owner)}, follow=True)
    assert "Two-step log-in is off." in text_of(answer)
    assert told() == ["two_step_on", "two_step_off"]
    assert not TOTPDevice.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert log_in(Client(), owner.username, factories.PASSWORD)["Location"] == "/bills/"
    assert "You turned two-step log-in off" in text_of(laptop.get(SECURITY))


def test_new_recovery_codes_replace_the_old_ones(owner):
    laptop = device(owner)
    old = turn_on(laptop)
    new = post(laptop, CODES, code=code_of(owner)).context["codes"]
    assert len(set(new) - set(old)) == 10
    assert "This code is not right" in text_of(post(laptop, OFF, code=old[0]))
    assert post(laptop, OFF, code=new[0].lower().replace("-", " "))["Location"] == SECURITY
    assert told() == ["two_step_on", "recovery_codes_new", "recovery_code_used", "two_step_off"]


def test_a_recovery_code_is_kept_as_a_hash_alone_and_works_once(owner):
    laptop = device(owner)
    code = turn_on(laptop)[0]
    kept = " ".join(RecoveryCode.objects.values_list("code_hash", flat=True))
    assert code.replace("-", "") not in kept
    assert post(laptop, CODES, code=code).context["codes"]
    assert RecoveryCode.objects.filter(used_at=None).count() == 10


def test_reloading_the_page_with_the_codes_shows_none_again(owner):
    laptop = device(owner)
    codes = turn_on(laptop)
    again = laptop.post(ON, {"current_password": factories.PASSWORD, "code": code_of(owner)}, follow=True)
    assert "Two-step log-in is on." in text_of(again)
    assert codes[0] not in text_of(again)
    assert User.objects.get().second_step_at is not None


def test_a_second_app_replaces_the_first_and_its_sessions(owner):
    laptop = device(owner)
    turn_on(laptop)
    post(laptop, OFF, code=code_of(owner))
    phone = device(owner)
    turn_on(laptop)
    assert not is_inside(phone)
    assert is_inside(laptop)
    assert SessionRecord.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize("path", [OFF, CODES])
def test_what_is_off_has_nothing_to_turn_off(owner, path):
    assert device(owner).get(path)["Location"] == SECURITY


def test_the_trail_names_each_act_and_no_secret(owner):
    laptop = device(owner)
    codes = turn_on(laptop)
    post(laptop, OFF, code=codes[0])
    entries = AuditEntry.objects.order_by("pk").values_list("action", "actor", "data")
    assert list(entries) == [(name, owner.pk, {}) for name in ("two_step_on", "use_recovery_code", "two_step_off")]

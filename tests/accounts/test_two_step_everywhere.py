"""No door leads around the second step: not one address of the portal, and not Django admin."""

import re
import subprocess
import sys

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from portal import deploy_check
from portal.shared.models import AuditEntry, OutgoingMessage
from tests import factories
from tests.accounts.conftest import code_of, device, is_inside, log_in, turn_on

pytestmark = pytest.mark.django_db
CODE, ON = "/accounts/login/code/", "/accounts/security/two-step/on/"
ADMIN_LOGIN = "/admin/login/"


def addresses(patterns, before=""):
    """Yield every address of the portal with something plausible in its gaps, and its view."""
    for pattern in patterns:
        route = before + str(pattern.pattern).lstrip("^").replace("\\Z", "").rstrip("$")
        if isinstance(pattern, URLPattern):
            filled = re.sub(r"<(?:int:)?pk>|\(\?P<object_id>[^)]*\)", "1", route)
            filled = re.sub(r"\(\?P<app_label>[^)]*\)", "accounts", filled)
            filled = re.sub(r"\(\?P<\w+>[^)]*\)", "x", re.sub(r"<(?:path|str):object_id>", "1", filled))
            filled = re.sub(r"<int:\w+>", "2026", re.sub(r"<(?:str|slug|path|uuid):?\w*>|<\w+>", "ABCD", filled))
            yield "/" + filled, pattern.callback
        else:
            yield from addresses(pattern.url_patterns, route)


ALL = list(addresses(get_resolver().url_patterns))
PRIVATE = [(path, view) for path, view in ALL if getattr(view, "login_required", True)]


def test_the_walk_finds_the_pages():
    paths = {path for path, _ in PRIVATE}
    assert len(paths) > 60
    assert {
        "/bills/",
        "/payments/",
        "/payments/new/",
        "/accounts/security/",
        "/admin/",
        "/admin/accounts/user/",
    } <= paths


@pytest.mark.parametrize("is_staff", [False, True])
def test_no_private_address_opens_without_the_second_step(is_staff):
    user = factories.user(is_staff=is_staff, is_superuser=is_staff, second_step_at=timezone.now())
    client, opened = Client(), []
    for path, _view in PRIVATE:
        for method in (client.get, client.post):
            client.force_login(user)
            response = method(path)
            leads_out = response.status_code == 302 and "/login/" in response["Location"]
            if not (leads_out or response.status_code == 404) or "_auth_user_id" in client.session:
                opened.append((path, response.status_code))
    assert opened == []


def test_the_same_walk_opens_pages_for_who_is_all_the_way_in():
    """So the walk above would see an open door."""
    user = factories.user(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user)
    opened = [path for path, _ in PRIVATE if "logout" not in path and client.get(path).status_code == 200]
    assert len(opened) > 20


def test_a_public_page_shows_a_half_open_session_as_nobodys(client):
    client.force_login(factories.user(second_step_at=timezone.now()))
    page = client.get("/help/")
    assert page.status_code == 200
    assert "Log out" not in page.content.decode()


def test_the_admin_door_asks_for_the_code_too():
    staff = factories.user(is_staff=True, is_superuser=True)
    turn_on(device(staff))
    client = Client()
    typed = {"username": staff.username, "password": factories.PASSWORD, "next": "/admin/accounts/user/"}
    assert client.post(ADMIN_LOGIN, typed)["Location"] == CODE
    assert client.get("/admin/")["Location"].startswith(ADMIN_LOGIN)
    assert client.post(CODE, {"code": code_of(staff)})["Location"] == "/admin/accounts/user/"
    assert client.get("/admin/accounts/user/").status_code == 200
    assert client.get(ADMIN_LOGIN)["Location"] == "/admin/"


def test_staff_without_a_second_step_are_led_to_turn_it_on_before_admin_opens(settings):
    settings.STAFF_SECOND_STEP = True
    staff = factories.user(is_staff=True, is_superuser=True)
    client = device(staff)
    for path in ("/admin/", "/admin/accounts/user/", "/admin/jsi18n/"):
        assert client.get(path)["Location"] == ON
    turn_on(client)
    assert client.get("/admin/").status_code == 200


def test_staff_can_still_log_out_of_admin_before_they_turned_it_on(settings):
    settings.STAFF_SECOND_STEP = True
    client = device(factories.user(is_staff=True, is_superuser=True))
    client.post("/admin/logout/")
    assert "_auth_user_id" not in client.session


def test_members_need_no_second_step_where_staff_do(settings, owner):
    settings.STAFF_SECOND_STEP = True
    assert is_inside(device(owner))


def test_admin_does_not_show_the_secret_of_an_app(client):
    staff = factories.user(is_staff=True, is_superuser=True)
    client.force_login(staff)
    turn_on(device(factories.user()))
    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404
    assert "otp_totp" not in client.get("/admin/").content.decode()


def support():
    """Return a client of somebody in the group `support`."""
    staff = factories.user(is_staff=True)
    staff.groups.add(Group.objects.get(name="support"))
    client = Client()
    client.force_login(staff)
    client.user = staff
    return client


def remove(client, user, **typed):
    data = {"action": "remove_two_step", "_selected_action": user.pk} | typed
    return client.post("/admin/accounts/user/", data, follow=True).content.decode()


def test_support_removes_the_second_step_with_a_reason_and_the_owner_is_told(owner):
    inside = device(owner)
    turn_on(inside)
    client = support()
    assert "Remove two-step log-in" in client.get(f"/admin/accounts/user/{owner.pk}/change/").content.decode()
    assert "A reason is needed." in remove(client, owner, reason=" ")
    assert User.objects.get(pk=owner.pk).second_step_at is not None
    assert "1 removed." in remove(client, owner, reason="Called, three facts right, ticket 7")
    assert not TOTPDevice.objects.exists()
    assert not is_inside(inside)
    entry = AuditEntry.objects.get(action="remove_two_step")
    assert (entry.actor, entry.reason) == (client.user, "Called, three facts right, ticket 7")
    assert OutgoingMessage.objects.filter(kind="two_step_removed", recipient=owner.email).count() == 1
    assert log_in(Client(), owner.username, factories.PASSWORD)["Location"] == "/bills/"
    assert "Nothing was removed" in remove(client, owner, reason="again")


def test_support_cannot_weaken_a_colleague_and_a_superuser_can():
    colleague = factories.user(is_staff=True, is_superuser=True, second_step_at=timezone.now())
    assert "only a superuser may do this" in remove(support(), colleague)
    assert "Nothing was removed" in remove(support(), colleague, reason="Please")
    assert User.objects.get(pk=colleague.pk).second_step_at is not None
    boss = Client()
    boss.force_login(factories.user(is_staff=True, is_superuser=True))
    assert "1 removed." in remove(boss, colleague, reason="Lost phone, seen in person")


def test_who_may_only_look_cannot_remove_it(owner):
    turn_on(device(owner))
    staff = factories.user(is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="view_user"))
    client = Client()
    client.force_login(staff)
    remove(client, owner, reason="x")
    assert User.objects.get(pk=owner.pk).second_step_at is not None


def test_production_asks_it_of_staff():
    asked = "from portal.settings import production; print(production.STAFF_SECOND_STEP)"
    environment = {"PATH": "", **deploy_check.ENVIRONMENT, "STAFF_SECOND_STEP": "false"}
    command = [sys.executable, "-c", asked]
    told = subprocess.run(
        command, cwd=deploy_check.ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout.strip() == "True"

"""Logging in to Django admin: the same gate, and the same words, as for members."""

import pytest
from django.urls import reverse

from accounts.models import LoginRecord, User
from tests import factories

pytestmark = pytest.mark.django_db
WRONG = "not the password at all"


def test_admin_goes_through_the_same_gate(client):
    staff = factories.user(is_staff=True, is_superuser=True)
    for _ in range(5):
        client.post("/admin/login/", {"username": staff.username, "password": WRONG})
    assert User.objects.get(pk=staff.pk).is_locked
    response = client.post("/admin/login/", {"username": staff.username, "password": factories.PASSWORD})
    assert response.status_code == 200
    assert "(800) 841-2900" in response.content.decode()


def test_a_member_cannot_enter_admin_and_hears_no_more_than_a_stranger(client):
    user = factories.user()
    response = client.post("/admin/login/", {"username": user.username, "password": factories.PASSWORD})
    assert response.status_code == 200
    assert "We could not log you in" in response.content.decode()
    assert list(LoginRecord.objects.values_list("user", "succeeded")) == [(user.pk, False)]
    assert not User.objects.get(pk=user.pk).is_locked


def test_the_admin_door_names_the_ways_out_that_its_message_promises(client):
    page = client.post("/admin/login/", {"username": "nobody", "password": WRONG}).content.decode()
    assert "You can get a new password or your username below" in page
    below = page.split('type="submit"')[1]
    for way in ("password_forgot", "username_forgot"):
        assert f'href="{reverse(f"accounts:{way}")}"' in below
    assert "(800) 841-2900" in below


@pytest.mark.parametrize("address", ["accounts/user", "payments/payment", "billing/case", "shared/outgoingmessage"])
def test_what_no_row_and_no_filter_can_be_leads_to_the_list_and_is_no_fault(client, db, address):
    client.force_login(factories.user(is_staff=True, is_superuser=True))
    page = f"/admin/{address}/"
    for odd in ("x", "\0", "²", "9" * 30, ""):
        answer = client.post(page, {"action": "reply", "_selected_action": [odd]}, follow=True)
        assert answer.status_code == 200
        assert "Nothing was done" in answer.content.decode() or "No action selected" in answer.content.decode()
    for field in ("status", "kind", "given_by", "q", "locked_at__isempty"):
        assert client.get(page, {field: "\0"}, follow=True).status_code == 200
    assert client.get("/admin/shared/auditentry/", {"subject_type": "\0"}, follow=True).status_code == 200

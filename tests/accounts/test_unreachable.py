"""An address at which nothing arrives: the member's banner, the staff's task, and how both end."""

import json

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import Unreachable, User
from portal.shared import messages, tasks
from portal.shared.models import AuditEntry, OutgoingMessage
from tests import factories

pytestmark = pytest.mark.django_db
SECRET = "bounces for tests alone"


def bounce(client, said, secret=SECRET):
    body = said if isinstance(said, str) else json.dumps(said)
    headers = {"Authorization": f"Bearer {secret}"}
    return client.post("/webhooks/bounce/", body, content_type="application/json", headers=headers).status_code


@pytest.fixture
def support(client):
    user = factories.user(is_staff=True)
    user.groups.add(Group.objects.get(name="support"))
    client.force_login(user)
    return client


def test_a_permanent_bounce_raises_the_banner_on_every_page_until_the_address_is_confirmed(member_client):
    user = member_client.user
    assert bounce(member_client, {"recipient": user.email.upper(), "kind": "permanent"}) == 204
    for page in ("/bills/", "/payments/", "/help/", "/accounts/notifications/"):
        assert f"Our email to {user.email} came back." in member_client.get(page).content.decode()
    User.objects.update(email_confirmed_at=timezone.now())
    assert "came back" not in member_client.get("/bills/").content.decode()


def test_the_banner_costs_no_question(member_client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    member_client.get("/help/")
    with CaptureQueriesContext(connection) as before:
        member_client.get("/help/")
    User.objects.update(email_failed_at=timezone.now(), phone="+16175550100", phone_failed_at=timezone.now())
    with django_assert_num_queries(len(before)):
        page = member_client.get("/help/").content.decode()
    assert "+1 617-555-0100" in page or "+16175550100" in page


def test_a_bounce_told_twice_is_one_entry_in_the_trail(client):
    user = factories.user()
    for _ in range(2):
        bounce(client, {"recipient": user.email, "kind": "permanent"})
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject_id, entry.data) == ("address_is_dead", str(user.pk), {"channel": "email"})


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"recipient": "person@example.test", "kind": "transient"}, 204),
        ({"recipient": "nobody@example.test", "kind": "permanent"}, 204),
        ({"recipient": "", "kind": "permanent"}, 204),
        ({"recipient": "a\x00b", "kind": "permanent"}, 204),
        ({"kind": "permanent"}, 400),
        ("[]", 400),
        ("{", 400),
        ("[" * 100_000, 400),
        ('{"recipient": ' * 10_000, 400),
        ("", 400),
    ],
)
def test_what_is_no_word_of_a_dead_address_changes_nothing(client, said, status):
    factories.user(email="person@example.test")
    assert bounce(client, said) == status
    assert not Unreachable.objects.exists()


@pytest.mark.parametrize("secret", ["", "wrong", "b\u00fcnces"])
def test_without_the_secret_nobody_is_heard(client, secret, settings):
    user = factories.user()
    said = {"recipient": user.email, "kind": "permanent"}
    assert bounce(client, said, secret) == 403
    settings.BOUNCE_WEBHOOK_SECRET = ""
    assert bounce(client, said, "") == 403
    assert not Unreachable.objects.exists()


def test_an_address_that_the_mail_server_refuses_for_good_is_given_up_and_noted(settings, refusing_server):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", refusing_server
    gone, full = factories.user(email="gone@example.test"), factories.user(email="full@example.test")
    for user in (gone, full):
        messages.post(key=user.email, kind="account_unlocked", to=user.email)
    tasks.sweep_messages()
    rows = dict(OutgoingMessage.objects.values_list("key", "status"))
    assert rows == {"gone@example.test": "failed", "full@example.test": "waiting"}
    assert OutgoingMessage.objects.get(key="gone@example.test").error == "smtp 550"
    assert [user.email for user in Unreachable.objects.all()] == ["gone@example.test"]


@pytest.fixture
def refusing_server():
    """A real mail server that knows nobody called gone, and whose box called full is full for now."""
    from aiosmtpd.controller import Controller

    from tests.parts import free_port

    class Handler:
        async def handle_RCPT(self, server, session, envelope, address, options):
            if address.startswith("gone"):
                return "550 5.1.1 No such user"
            if address.startswith("full"):
                return "452 4.2.2 Mailbox full"
            envelope.rcpt_tos.append(address)
            return "250 OK"

    controller = Controller(Handler(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller.port
    controller.stop()


def test_staff_have_a_list_of_whom_to_reach_another_way(support):
    user = factories.user(email_failed_at=timezone.now(), confirmed=False)
    factories.user()
    page = support.get("/admin/accounts/unreachable/").content.decode()
    assert f"/admin/accounts/user/{user.pk}/change/" in page
    assert page.count("open</a>") == 1
    User.objects.filter(pk=user.pk).update(email_confirmed_at=timezone.now())
    assert "open</a>" not in support.get("/admin/accounts/unreachable/").content.decode()


def test_support_sees_what_was_sent_without_its_words_and_what_was_agreed_to(support):
    factories.texting_user(texts=["new_bill"])
    messages.post(
        key="one", kind="password_reset", to="testa@example.test", context={"reset_url": "SECRET-LINK", "minutes": 60}
    )
    row = OutgoingMessage.objects.get()
    page = support.get(f"/admin/shared/outgoingmessage/{row.pk}/change/").content.decode()
    assert "testa@example.test" in page
    assert "SECRET-LINK" not in page
    for name in ("shared/outgoingmessage", "accounts/textconsent", "accounts/preferences", "accounts/policynotice"):
        assert support.get(f"/admin/{name}/").status_code == 200
    assert support.post(f"/admin/shared/outgoingmessage/{row.pk}/delete/").status_code == 403

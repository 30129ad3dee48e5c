"""What support sees of contact details: their history, and what waits for proof."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts import services
from accounts.models import ContactChange, PendingContact
from tests import factories

pytestmark = pytest.mark.django_db
CHANGES, WAITING = (
    reverse("admin:accounts_contactchange_changelist"),
    reverse("admin:accounts_pendingcontact_changelist"),
)


@pytest.fixture
def support(client):
    client.user = factories.user(is_staff=True, username="supporter")
    client.user.groups.add(Group.objects.get(name="support"))
    client.force_login(client.user)
    return client


def test_support_finds_changes_by_person_and_sees_old_and_new(support):
    user = factories.user(username="rivergoat")
    services.change_contact(user=user, kind="large_print", new={"large_print": True}, address="192.0.2.7")
    services.change_contact(user=factories.user(), kind="language", new={"language": "es"})
    found = support.get(CHANGES, {"q": "rivergoat"}).context["cl"].result_list
    assert [change.kind for change in found] == ["large_print"]
    page = support.get(reverse("admin:accounts_contactchange_change", args=[found[0].pk])).content.decode()
    for words in (">no<", ">yes<", "192.0.2.7", "not yet"):
        assert words in page


def test_support_sees_what_waits_for_proof_and_never_its_secret(support):
    user = factories.user()
    services.ask_for_contact(user=user, kind="email", value="new@example.test", address="192.0.2.7")
    (waiting,) = support.get(WAITING, {"user": user.pk}).context["cl"].result_list
    page = support.get(reverse("admin:accounts_pendingcontact_change", args=[waiting.pk])).content.decode()
    assert "new@example.test" in page
    assert waiting.digest not in page


def test_nobody_changes_adds_or_deletes_either(support):
    support.user.is_superuser = True
    support.user.save()
    user = factories.user()
    services.change_contact(user=user, kind="language", new={"language": "es"})
    services.ask_for_contact(user=user, kind="email", value="new@example.test")
    for name, row in (("contactchange", ContactChange.objects.get()), ("pendingcontact", PendingContact.objects.get())):
        assert support.get(reverse(f"admin:accounts_{name}_add")).status_code == 403
        assert support.post(reverse(f"admin:accounts_{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
        assert support.post(reverse(f"admin:accounts_{name}_change", args=[row.pk]), {"kind": "x"}).status_code == 403


def test_a_list_of_five_hundred_changes_needs_as_few_queries_as_one_of_none(support, django_assert_max_num_queries):
    user = factories.user()
    for number in range(500):
        ContactChange.objects.create(
            user=user,
            kind="language",
            old={"language": "en"},
            new={"language": f"x{number}"},
            asked_at=user.date_joined,
        )
    with django_assert_max_num_queries(12):
        assert support.get(CHANGES, {"user": user.pk}).status_code == 200

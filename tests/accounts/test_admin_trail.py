"""The audit trail in admin, and the acts that a page of one person offers."""

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.html import strip_tags

from portal.shared import audit
from portal.shared.models import AuditEntry, OutgoingMessage
from tests import factories

pytestmark = pytest.mark.django_db
TRAIL = "/admin/shared/auditentry/"
USERS = "/admin/accounts/user/"
REASON = "Owner called, named address and birthday, ticket 12"


@pytest.fixture
def support(client):
    client.user = factories.user(is_staff=True, username="supporter")
    client.user.groups.add(Group.objects.get(name="support"))
    client.force_login(client.user)
    return client


@pytest.fixture
def unlocked(support):
    """Someone whom support has just unlocked."""
    user = factories.user(username="rivergoat", locked_at=timezone.now(), failed_logins=5)
    action = {"action": "unlock_accounts", "_selected_action": user.pk, "reason": REASON}
    support.answer = support.post(USERS, action, follow=True)
    return user


def text_of(response):
    assert response.status_code == 200
    return " ".join(strip_tags(response.content.decode()).split())


def test_support_reads_who_did_what_with_whom_and_why(support, unlocked):
    page = support.get(TRAIL, {"kind": "acts"})
    assert f'href="{USERS}{unlocked.pk}/change/"' in page.content.decode()
    for word in ("supporter", "unlock_account", REASON):
        assert word in text_of(page)


def test_the_entries_about_someone_stand_on_their_page_with_a_way_to_all_of_them(support, unlocked):
    page = support.get(f"{USERS}{unlocked.pk}/change/")
    assert REASON in text_of(page)
    assert f"{TRAIL}?subject_type=accounts.user&amp;subject_id={unlocked.pk}" in page.content.decode()
    entries = support.get(f"{TRAIL}?subject_type=accounts.user&subject_id={unlocked.pk}")
    assert {entry.subject_id for entry in entries.context["cl"].result_list} == {str(unlocked.pk)}
    other = support.get(f"{USERS}{factories.user().pk}/change/")
    assert REASON not in text_of(other)


@pytest.mark.parametrize(("kind", "actions"), [("acts", {"unlock_account"}), ("views", {"view_user"})])
def test_acts_are_told_from_looking(support, unlocked, kind, actions):
    entries = support.get(TRAIL, {"kind": kind}).context["cl"].result_list
    assert {entry.action for entry in entries} == actions


@pytest.mark.parametrize(("term", "count"), [("supporter", 1), ("unlock", 1), ("rivergoat", 0)])
def test_entries_are_found_by_who_acted_and_by_what_was_done(support, unlocked, term, count):
    entries = support.get(TRAIL, {"q": term, "kind": "acts"}).context["cl"].result_list
    assert len(entries) == count


def test_nobody_changes_adds_or_removes_an_entry(client):
    client.force_login(factories.user(is_staff=True, is_superuser=True))
    entry = audit.record("unlock_account", factories.user(), reason=REASON)
    client.post(f"{TRAIL}{entry.pk}/change/", {"reason": "another"})
    assert client.post(f"{TRAIL}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"{TRAIL}add/").status_code == 403
    assert AuditEntry.objects.get(pk=entry.pk).reason == REASON


def test_an_entry_about_what_has_no_page_is_shown_all_the_same(support):
    AuditEntry.objects.create(action="something done", subject_type="gone.thing", subject_id="77")
    assert "thing 77" in text_of(support.get(TRAIL))


def test_staff_without_the_right_see_no_trail(support, unlocked):
    support.user.groups.clear()
    assert support.get(TRAIL).status_code == 403


def test_unlocking_leads_back_to_the_person_and_says_that_an_email_goes_out(support, unlocked):
    assert support.answer.redirect_chain[-1][0] == f"{USERS}{unlocked.pk}/change/"
    assert "1 unlocked. Each owner gets an email." in text_of(support.answer)


def test_nothing_locked_means_no_email_and_no_word_of_one(support):
    user = factories.user()
    action = {"action": "unlock_accounts", "_selected_action": user.pk, "reason": REASON}
    text = text_of(support.post(USERS, action, follow=True))
    assert "Nothing was locked. Nothing changed, and no email goes out." in text
    assert not OutgoingMessage.objects.exists()


def test_the_page_of_a_locked_person_has_the_button_and_that_of_an_open_one_has_none(support):
    locked = factories.user(locked_at=timezone.now(), failed_logins=5)
    page = support.get(f"{USERS}{locked.pk}/change/").content.decode()
    assert '<input type="submit" value="Unlock account">' in page
    assert f'name="_selected_action" value="{locked.pk}"' in page
    assert "Unlock account" not in support.get(f"{USERS}{factories.user().pk}/change/").content.decode()

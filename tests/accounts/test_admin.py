"""What support can find, see and do."""

import json
from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import admin as accounts_admin
from accounts.models import LoginRecord, Member, User
from portal.shared.models import AuditEntry, OutgoingMessage
from tests import factories

pytestmark = pytest.mark.django_db
REASON = "Owner called, named address and birthday, ticket 12"


@pytest.fixture
def support(client):
    """A client logged in as someone of the support group that the migrations made."""
    client.user = factories.user(is_staff=True, username="supporter")
    client.user.groups.add(Group.objects.get(name="support"))
    client.force_login(client.user)
    return client


@pytest.fixture
def boss(client):
    client.user = factories.user(is_staff=True, is_superuser=True, username="superuser")
    client.force_login(client.user)
    return client


def locked_user(**fields):
    return factories.user(locked_at=timezone.now(), failed_logins=5, **fields)


def found(client, model, term):
    response = client.get(f"/admin/accounts/{model}/", {"q": term})
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


def test_the_support_group_comes_with_the_migrations_and_only_its_rights():
    rights = Group.objects.get(name="support").permissions.filter(content_type__app_label="accounts")
    assert set(rights.values_list("codename", flat=True)) == {
        "view_household",
        "view_member",
        "view_user",
        "remove_second_step",
        "unlock_user",
        "view_contactchange",
        "view_pendingcontact",
        "view_policynotice",
        "view_preferences",
        "view_textconsent",
        "view_unreachable",
    }


@pytest.mark.parametrize(
    "term", ["123400000042", "1234 0000 0042", "1234-0000-0042", "josé beispiel", "BEISPIEL jose", "beisp"]
)
def test_a_member_is_found_by_id_and_name_however_typed(support, term):
    wanted = factories.member(
        masshealth_id="123400000042", first_name="José", last_name="Beispiel", search_name="jose beispiel"
    )
    factories.member(last_name="Muster")
    assert found(support, "member", term) == [wanted]


@pytest.mark.parametrize("model", ["user", "member", "household"])
@pytest.mark.parametrize("term", ["1234 0000-0042", "José O'Beispiel", "RiverGoat", "Goat@Example.test"])
def test_every_list_finds_by_id_name_username_and_email(support, term, model):
    person = factories.member(masshealth_id="123400000042", search_name="jose obeispiel")
    user = factories.user(member=person, username="rivergoat", email="goat@example.test")
    factories.user()
    wanted = {"user": user, "member": person, "household": person.household}[model]
    assert found(support, model, term) == [wanted]


def test_rooms_above_can_find_households_by_their_own_numbers(support):
    wanted, _other = factories.user(), factories.user()

    def finder(term):
        return [wanted.member.household_id] if term == "ABCD-EFGH" else []

    accounts_admin.household_finders.append(finder)
    try:
        assert found(support, "user", "ABCD-EFGH") == [wanted]
        assert found(support, "member", "ABCD-EFGH") == [wanted.member]
        assert found(support, "household", "ABCD-EFGH") == [wanted.member.household]
    finally:
        accounts_admin.household_finders.remove(finder)


@pytest.mark.parametrize("term", ["'; drop table", "%", "-", "\u0661" * 12, "x" * 3000])
@pytest.mark.parametrize("model", ["user", "member", "household"])
def test_odd_searches_find_nothing_and_break_nothing(support, model, term):
    factories.user()
    assert found(support, model, term) == []


def test_a_household_is_found_by_number_and_shows_its_people(support):
    member = factories.member(first_name="Anna", household=factories.household(number="H-77"))
    assert found(support, "household", "H-77") == [member.household]
    assert "Anna" in support.get(f"/admin/accounts/household/{member.household.pk}/change/").content.decode()


def test_an_account_shows_its_lock_and_last_tries(support):
    user = locked_user()
    LoginRecord.objects.create(user=user, succeeded=False, address="192.0.2.44")
    page = support.get(f"/admin/accounts/user/{user.pk}/change/").content.decode()
    assert "192.0.2.44" in page
    assert "refused" in page
    assert user.member.last_name in page


@pytest.mark.parametrize(("model", "attribute"), [("user", None), ("member", "member"), ("household", "household")])
def test_looking_at_someone_leaves_an_audit_entry(support, model, attribute):
    user = factories.user()
    subject = {"user": user, "member": user.member, "household": user.member.household}[model]
    support.get(f"/admin/accounts/{model}/{subject.pk}/change/")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.subject_id) == (f"view_{model}", support.user, str(subject.pk))
    assert entry.address == "127.0.0.1"


def test_support_unlocks_with_a_reason_that_is_kept_and_the_owner_is_told(support):
    user = locked_user()
    asked = support.post("/admin/accounts/user/", {"action": "unlock_accounts", "_selected_action": user.pk})
    assert "reason" in asked.content.decode()
    user.refresh_from_db()
    assert user.is_locked
    support.post("/admin/accounts/user/", {"action": "unlock_accounts", "_selected_action": user.pk, "reason": REASON})
    user.refresh_from_db()
    assert (user.is_locked, user.failed_logins) == (False, 0)
    entry = AuditEntry.objects.get(action="unlock_account")
    assert (entry.actor, entry.reason, entry.subject_id) == (support.user, REASON, str(user.pk))
    message = OutgoingMessage.objects.get()
    assert (message.recipient, message.subject) == (user.email, "Your account is unlocked")


def test_no_reason_no_unlocking(support):
    user = locked_user()
    page = support.post(
        "/admin/accounts/user/", {"action": "unlock_accounts", "_selected_action": user.pk, "reason": "  "}
    )
    assert "A reason is needed" in page.content.decode()
    user.refresh_from_db()
    assert user.is_locked


def test_staff_without_the_right_have_no_unlock_action(support):
    support.user.groups.clear()
    support.user.user_permissions.add(Permission.objects.get(codename="view_user", content_type__app_label="accounts"))
    user = locked_user()
    support.post("/admin/accounts/user/", {"action": "unlock_accounts", "_selected_action": user.pk, "reason": REASON})
    user.refresh_from_db()
    assert user.is_locked


def test_support_can_change_nobody_and_give_itself_no_rights(support):
    user = factories.user()
    for path in (f"/admin/accounts/user/{user.pk}/change/", f"/admin/accounts/user/{support.user.pk}/change/"):
        support.post(
            path, {"username": "taken-over", "is_superuser": "on", "is_staff": "on", "email": "x@example.test"}
        )
    assert not User.objects.filter(is_superuser=True).exists()
    assert not User.objects.filter(username="taken-over").exists()
    for path in (
        f"/admin/accounts/user/{user.pk}/password/",
        f"/admin/accounts/user/{user.pk}/delete/",
        "/admin/accounts/user/add/",
        "/admin/accounts/member/add/",
        f"/admin/accounts/member/{user.member.pk}/delete/",
        "/admin/auth/group/",
    ):
        assert support.get(path).status_code == 403, path


def test_the_roster_is_read_only_for_superusers_too(boss):
    member = factories.member()
    boss.post(f"/admin/accounts/member/{member.pk}/change/", {"first_name": "Changed", "responsible": ""})
    assert Member.objects.get(pk=member.pk).first_name == "Testa"
    assert boss.get("/admin/accounts/member/add/").status_code == 403


def test_a_superuser_makes_staff_with_a_good_password(boss):
    facts = {"username": "New Staff", "email": "staff@example.test"}
    weak = boss.post("/admin/accounts/user/add/", facts | {"password1": "short", "password2": "short"})
    assert weak.status_code == 200
    facts["username"] = "NewStaff"
    good = "river lamp orbit canoe"
    boss.post("/admin/accounts/user/add/", facts | {"password1": good, "password2": good})
    user = User.objects.get(username="newstaff")
    assert (user.is_staff, user.is_superuser, user.member) == (True, False, None)
    assert user.check_password(good)
    boss.logout()
    assert boss.post("/admin/login/", {"username": "NEWSTAFF", "password": good}).status_code == 302


def test_nobody_chooses_a_members_password(boss):
    user = factories.user()
    assert boss.get(f"/admin/accounts/user/{user.pk}/password/").status_code == 403
    staff = factories.user(is_staff=True)
    assert boss.get(f"/admin/accounts/user/{staff.pk}/password/").status_code == 200


def test_a_superuser_closes_a_members_account_and_changes_nothing_else_of_it(boss):
    user = factories.user(username="member1")
    boss.post(f"/admin/accounts/user/{user.pk}/change/", {"username": "other", "is_staff": "on", "is_superuser": "on"})
    user.refresh_from_db()
    assert (user.username, user.is_active, user.is_staff, user.is_superuser) == ("member1", False, False, False)
    assert AuditEntry.objects.filter(action="change_user", actor=boss.user).count() == 1


def test_a_member_sees_nothing_of_admin(member_client):
    assert member_client.get("/admin/")["Location"].startswith("/admin/login/")


def test_the_command_unlocks_with_a_reason():
    user = locked_user(username="rivergoat")
    out = StringIO()
    call_command("unlock_account", "RiverGoat", "--reason", REASON, "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"unlocked": True, "dry_run": False}
    user.refresh_from_db()
    assert not user.is_locked
    assert AuditEntry.objects.get().reason == REASON
    assert OutgoingMessage.objects.get().recipient == user.email


def test_the_command_says_when_there_is_nothing_to_unlock():
    factories.user(username="rivergoat")
    out = StringIO()
    call_command("unlock_account", "rivergoat", "--reason", REASON, stdout=out)
    assert "not locked" in out.getvalue()
    assert not AuditEntry.objects.exists()
    with pytest.raises(CommandError) as failed:
        call_command("unlock_account", "nobody", "--reason", REASON)
    assert failed.value.returncode == 2
    with pytest.raises(CommandError):
        call_command("unlock_account", "rivergoat", "--reason", " ")


def test_a_dry_run_of_the_command_unlocks_nothing():
    user = locked_user(username="rivergoat")
    out = StringIO()
    call_command("unlock_account", "rivergoat", "--reason", REASON, "--dry-run", stdout=out)
    user.refresh_from_db()
    assert user.is_locked
    assert "would be unlocked" in out.getvalue()


def test_nobody_guesses_at_the_old_password_in_admin(client, db):
    client.force_login(factories.user(is_staff=True, is_superuser=True))
    assert client.post("/admin/password_change/", {"old_password": "x"}).status_code in (302, 405)
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/forgot/"

"""Each thing that we write about has a switch of its own where it may be refused, and none where it must be told."""

import re

import pytest
from django.utils import timezone

from accounts import notices, services
from accounts.models import Kind, PolicyNotice, PolicyText, Preferences, User
from billing import services as billing
from portal.shared.models import OutgoingMessage
from tests import factories

pytestmark = pytest.mark.django_db
MAY_BE_REFUSED = {"reminder", "new_bill", "payment_failed", "policy"}
TOLD = {  # what each kind's messages are called, by email and by text
    "new_bill": ("new_bill", "new_bill"),
    "account_locked": ("account_locked", "account_locked"),
    "account_unlocked": ("account_unlocked", "account_unlocked"),
    "contact_changed": ("contact_changed", "contact_changed"),
    "password_changed": ("password_changed", "password_changed"),
    "policy": ("policy", "policy"),
}


def happens(what: str, user: User) -> None:
    """Let something happen that this log-in is told of."""
    if what == "new_bill":
        factories.bill(household=user.member.household, notice_due=True)
        billing.tell_of_new_bills()
    elif what == "account_locked":
        user.locked_at = timezone.now()
        notices.account_locked(user)
    elif what == "account_unlocked":
        User.objects.filter(pk=user.pk).update(locked_at=timezone.now())
        services.unlock(user=User.objects.get(pk=user.pk), reason="Called.")
    elif what == "contact_changed":
        services.change_contact(user=user, kind="address", new=dict.fromkeys(ADDRESS, "") | {"country": "Austria"})
    elif what == "password_changed":
        notices.password_changed(user, key="one")
    else:
        notice = PolicyNotice.objects.create(title="New rules")
        PolicyText.objects.create(notice=notice, language="en", subject="A change", body="Read this.")
        services.approve(notice=notice, actor=None, expected=services.audience_of(notice).members)
        services.send_some()


ADDRESS = ("address_line1", "address_line2", "city", "state", "zip_code", "address_abroad", "country")


def told() -> set[tuple[str, str]]:
    return set(OutgoingMessage.objects.values_list("channel", "kind"))


def switch_of(what: str) -> str:
    return "account_locked" if what == "account_unlocked" else what


@pytest.mark.parametrize("what", TOLD)
def test_all_that_is_chosen_is_told_both_ways(what):
    user = factories.texting_user(emails=[switch_of(what)], texts=[switch_of(what)])
    happens(what, user)
    by_email, by_text = TOLD[what]
    assert told() == {("email", by_email), ("text", by_text)}


@pytest.mark.parametrize("what", TOLD)
def test_with_every_switch_off_only_what_must_be_told_is_told_and_by_email_alone(what):
    user = factories.texting_user(emails=[], texts=[])
    other = factories.user()  # a notice must reach someone
    Preferences.objects.create(user=other, emails=["policy"])
    happens(what, user)
    mine = set(OutgoingMessage.objects.exclude(recipient=other.email).values_list("channel", "kind"))
    assert mine == (set() if what in MAY_BE_REFUSED else {("email", TOLD[what][0])})


@pytest.mark.parametrize("what", TOLD)
def test_one_switch_turns_on_nothing_else(what):
    others = [kind.value for kind in Kind if kind.value != switch_of(what)]
    user = factories.texting_user(emails=others, texts=others)
    reader = factories.user()
    Preferences.objects.create(user=reader, emails=["policy"])
    happens(what, user)
    texts = OutgoingMessage.objects.filter(channel="text")
    assert texts.count() == 0
    emails = OutgoingMessage.objects.exclude(recipient=reader.email)
    assert emails.exists() == (what not in MAY_BE_REFUSED)


def test_the_page_has_a_switch_for_each_kind_and_says_which_are_always_told(client):
    client.force_login(factories.texting_user())
    page = client.get("/accounts/notifications/").content.decode()
    assert set(re.findall(r'name="emails" value="(\w+)"', page)) == MAY_BE_REFUSED
    assert set(re.findall(r'name="texts" value="(\w+)"', page)) == {kind.value for kind in Kind}

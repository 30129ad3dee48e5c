"""Journeys of what members hear: reminders by text, chosen and ended by STOP; and a notice of staff about the rules."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from accounts import tasks as accounts
from billing import tasks as billing
from portal.shared import tasks
from portal.shared.models import AuditEntry
from tests import factories
from tests.texting import call

pytestmark = pytest.mark.django_db
CHOICES = "/accounts/notifications/"
NUMBER = "+16175550100"


@pytest.fixture
def owner(client, time_machine):
    """A member with a proved mobile number, logged in at 10 in the morning, and a bill that is due in a week."""
    time_machine.move_to("2026-11-24 15:00+00:00")
    client.user = factories.user(phone=NUMBER, phone_confirmed_at=timezone.now(), phone_is_mobile=True)
    factories.bill(household=client.user.member.household, due_on=timezone.localdate() + timedelta(days=7))
    client.force_login(client.user)
    return client


def text_of(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def day_passes() -> None:
    """Do what beat does."""
    billing.send_reminders()
    accounts.send_policy_notices()
    tasks.sweep_messages()


def test_from_the_tick_to_the_reminder_to_stop(owner, textoutbox, mailoutbox, time_machine):
    assert 'href="/accounts/notifications/"' in owner.get("/bills/").content.decode()
    day_passes()
    assert (textoutbox, mailoutbox) == ([], [])  # nobody asked for any
    chosen = {"emails": ["reminder"], "texts": ["reminder"], "days_before": ["7", "1"], "agree": "on"}
    assert "Saved." in text_of(owner.post(CHOICES, chosen, follow=True))
    day_passes()
    day_passes()
    assert [(text.to, text.body.split(". ")[0]) for text in textoutbox] == [
        (NUMBER, "MA Bill Pay: Your bill is due Dec")
    ]
    assert [mail.subject for mail in mailoutbox] == ["Your bill is due soon"]

    assert call(Client(), From=NUMBER, Body="STOP").status_code == 200
    assert "You agreed on" not in text_of(owner.get(CHOICES))
    time_machine.move_to("2026-11-30 15:00+00:00")
    day_passes()
    assert len(textoutbox) == 1
    assert len(mailoutbox) == 2
    link = mailoutbox[1].extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    assert Client().post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    time_machine.move_to("2026-12-04 15:00+00:00")  # three days after the due date
    day_passes()
    assert len(mailoutbox) == 2
    acts = AuditEntry.objects.filter(subject_id=str(owner.user.pk)).values_list("action", flat=True)
    assert {"change_notifications", "stop_texts", "unsubscribe_reminders"} <= set(acts)


def test_a_notice_is_written_counted_confirmed_and_read(owner, mailoutbox):
    desk = Client()
    writer = factories.user(is_staff=True)
    writer.groups.add(Group.objects.get(name="notices"))
    desk.force_login(writer)
    facts = {"title": "Rules", "coverage_type": "", "texts-TOTAL_FORMS": 1, "texts-INITIAL_FORMS": 0}
    facts |= {"texts-0-language": "en", "texts-0-subject": "A change for you", "texts-0-body": "Read this."}
    desk.post("/admin/accounts/policynotice/add/", facts)
    listed = desk.get("/admin/accounts/policynotice/").content.decode()
    send = re.search(r"/admin/accounts/policynotice/\d+/", listed)[0] + "send/"
    assert "1 member, by 1 email" in text_of(desk.get(send)) or "1 members, by 1 emails" in text_of(desk.get(send))
    desk.post(send, {"number": "1"})
    day_passes()
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [([owner.user.email], "A change for you")]
    assert "Read this." in mailoutbox[0].body

"""A notice about rules: written by staff, seen and counted before, confirmed twice, sent once to each member."""

import pytest
from django.contrib.auth.models import Group

from accounts import services, tasks
from accounts.models import PolicyNotice, PolicyText, Preferences, User
from portal.shared.models import AuditEntry, OutgoingMessage
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/admin/accounts/policynotice/"


@pytest.fixture
def writer(client):
    client.user = factories.user(is_staff=True)
    client.user.groups.add(Group.objects.get(name="notices"))
    client.force_login(client.user)
    return client


@pytest.fixture
def notice():
    made = PolicyNotice.objects.create(title="New rules")
    PolicyText.objects.create(notice=made, language="en", subject="A change for you", body="First.\n\n<b>Second.</b>")
    return made


def form(**changes):
    facts = {"title": "New rules", "coverage_type": "", "texts-TOTAL_FORMS": 1, "texts-INITIAL_FORMS": 0}
    facts |= {"texts-0-language": "en", "texts-0-subject": "A change for you", "texts-0-body": "Read this."}
    return facts | changes


def test_staff_write_a_notice_and_the_trail_says_who(writer):
    assert writer.post(f"{LIST}add/", form()).status_code == 302
    notice = PolicyNotice.objects.get()
    assert (notice.status, notice.written_by, notice.texts.get().body) == ("draft", writer.user, "Read this.")
    assert AuditEntry.objects.get(action="write_policy_notice").actor == writer.user


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"texts-0-subject": "You owe $24.00"}, "names no amount"),
        ({"texts-0-language": "xx"}, "An English text is needed"),
        ({"coverage_type": "Nothing"}, "not one of the available choices"),
        ({"texts-0-body": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_sent_is_not_saved_and_stays_typed(writer, changes, words):
    page = writer.post(f"{LIST}add/", form(**changes)).content.decode()
    assert words in page
    assert 'value="New rules"' in page
    assert not PolicyNotice.objects.exists()


def test_it_is_seen_and_counted_confirmed_by_number_and_sent_once(writer, notice):
    first, second = factories.user(), factories.texting_user(texts=["policy"], emails=["policy"])
    refuser = factories.user()
    Preferences.objects.create(user=refuser, emails=[])
    User.objects.filter(pk=first.pk).update(language="es")
    send = f"{LIST}{notice.pk}/send/"
    page = writer.get(send).content.decode()
    assert "2 members, by 2 emails and 1 texts." in page
    assert "1 of them read another language" in page
    assert "A change for you" in page
    confirming = writer.post(send).content.decode()
    assert "Type how many members it goes to" in confirming
    assert "It would reach 2 members now." in writer.post(send, {"number": "3"}).content.decode()
    assert PolicyNotice.objects.get().status == "draft"
    writer.post(send, {"number": "2"})
    writer.post(send, {"number": "2"})
    for _ in range(2):
        tasks.send_policy_notices()
    rows = OutgoingMessage.objects.filter(kind="policy").order_by("channel", "recipient")
    sent = [(row.channel, row.recipient) for row in rows]
    assert sent == [*sorted(("email", user.email) for user in (first, second)), ("text", "+16175550100")]
    notice.refresh_from_db()
    assert (notice.status, notice.members_count, notice.sent_by) == ("sent", 2, writer.user)
    entry = AuditEntry.objects.get(action="send_policy_notice")
    assert (entry.actor, entry.data) == (writer.user, {"members": 2})
    spanish, english = (
        OutgoingMessage.objects.get(recipient=first.email),
        OutgoingMessage.objects.get(recipient=second.email),
    )
    assert "(800) 841-2900" in spanish.body_text.split("First.")[0]
    assert english.body_text.startswith("First.")
    assert "&lt;b&gt;Second." in english.body_html


def test_what_was_sent_is_history(writer, notice):
    factories.user()
    services.approve(notice=notice, actor=writer.user, expected=1)
    answer = writer.post(f"{LIST}{notice.pk}/change/", form(title="Other"))
    assert answer.status_code == 403
    assert PolicyNotice.objects.get().title == "New rules"
    assert "sent before" in writer.post(f"{LIST}{notice.pk}/send/", {"number": "1"}, follow=True).content.decode()


def test_support_sees_notices_and_sends_none(client, notice):
    user = factories.user(is_staff=True)
    user.groups.add(Group.objects.get(name="support"))
    client.force_login(user)
    assert client.get(LIST).status_code == 200
    assert client.get(f"{LIST}{notice.pk}/send/").status_code == 403
    assert client.post(f"{LIST}add/", form()).status_code == 403


def test_a_coverage_type_reaches_the_households_that_have_it(notice):
    notice.coverage_type = "CHIP"
    child = factories.member(coverage_type="CHIP", responsible=False)
    parent = factories.user(member=factories.member(household=child.household))
    factories.user()
    notice.save()
    assert services.audience_of(notice) == services.Audience(members=1, emails=1)
    services.approve(notice=notice, actor=parent, expected=1)
    services.send_some()
    assert OutgoingMessage.objects.get().recipient == parent.email


def test_a_batch_that_died_is_sent_again_without_doubles(notice):
    for _ in range(3):
        factories.user()
    services.approve(notice=notice, actor=None, expected=3)
    services.send_some(limit=1)
    PolicyNotice.objects.update(reached=0, status="sending")  # as if the batch's end had not been written down
    services.send_some()
    assert OutgoingMessage.objects.count() == 3


def test_hundreds_take_few_questions(notice, django_assert_max_num_queries):
    for _ in range(60):
        factories.user()
    services.approve(notice=notice, actor=None, expected=60)
    with django_assert_max_num_queries(20):
        services.send_some()
    assert OutgoingMessage.objects.count() == 60

"""A form is pressed twice: one case, one answer, one reply, and both presses lead to it."""

import re
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from billing import services
from billing.models import Case, CaseAttachment, CaseMessage
from portal.shared.models import AuditEntry, OutgoingMessage
from tests import factories
from tests.billing.test_races import all_at_once
from tests.billing.uploads import document, picture


def report(client, **facts):
    return client.post("/cases/new/other/", {"text": "I am billed twice."} | facts, follow=True)


def key_in(answer) -> str:
    return re.search(r'name="form_key" value="([^"]+)"', answer.content.decode())[1]


def test_a_double_press_opens_one_case_and_leads_to_it(member_client, django_capture_on_commit_callbacks):
    form = member_client.get("/cases/new/other/")
    with django_capture_on_commit_callbacks(execute=True):
        pages = [report(member_client, form_key=key_in(form)) for _ in range(2)]
    case = Case.objects.get()
    assert [page.redirect_chain[-1][0] for page in pages] == [f"/cases/{case.number}/"] * 2
    assert CaseMessage.objects.count() == OutgoingMessage.objects.filter(kind="case").count() == 1


def test_other_words_another_form_and_another_member_make_another_case(member_client, db):
    key = key_in(member_client.get("/cases/new/other/"))
    report(member_client, form_key=key)
    report(member_client, form_key=key, text="And I have one more question.")
    report(member_client, form_key=key_in(member_client.get("/cases/new/other/")))
    other = Client()
    other.force_login(factories.user())
    report(other, form_key=key)
    assert Case.objects.count() == 4


@pytest.mark.parametrize("key", ["", "x" * 2000])
def test_without_a_key_that_we_gave_every_press_counts(member_client, key):
    for _ in range(2):
        report(member_client, form_key=key)
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/bills/help-paying/waiver/", {"grounds": ["income"]}),
        ("/bills/help-paying/plan/", {"amount": "10", "day": "15"}),
        ("/payments/missing/", {"text": "It never came."}),
    ],
)
def test_a_request_and_a_missing_payment_are_sent_once_too(member_client, path, typed):
    factories.bill(household=member_client.user.member.household)
    typed = typed | {"form_key": key_in(member_client.get(path))}
    if "amount" in typed:
        shown = member_client.post(path, typed)
        assert key_in(shown) == typed["form_key"]
        typed["shown"] = re.search(r'name="shown" value="([^"]+)"', shown.content.decode())[1]
    for _ in range(2):
        member_client.post(path, typed)
    assert Case.objects.count() == 1


def test_another_file_or_another_bill_with_the_same_words_is_another_case(member_client, folder):
    bills = [factories.bill(household=member_client.user.member.household) for _ in range(2)]
    key = key_in(member_client.get("/cases/new/other/"))
    for file in (picture(), picture(), document(), document(), picture(size=(30, 30))):
        report(member_client, form_key=key, attachments=[file])
    for bill in (*bills, *bills):
        member_client.post(f"/cases/new/other/?bill={bill.number}", {"text": "I am billed twice.", "form_key": key})
    assert Case.objects.count() == 3 + 2


# --- within a case ------------------------------------------------------------------------------------------------
@pytest.fixture
def case(member_client):
    return services.open_case(member_client.user, kind="other", text="Hello")


def answer(client, case, **facts):
    return client.post(f"/cases/{case.number}/", {"text": "Here it is."} | facts, follow=True)


def test_an_answer_is_sent_once_however_often_it_is_pressed(member_client, case, folder):
    key = key_in(member_client.get(f"/cases/{case.number}/"))
    for _ in range(3):
        page = answer(member_client, case, form_key=key, attachments=[picture()])
        assert page.redirect_chain[-1][0] == f"/cases/{case.number}/"
    assert [said.text for said in case.messages.all()] == ["Hello", "Here it is."]
    assert CaseAttachment.objects.count() == len(list(folder.iterdir())) == 1
    assert AuditEntry.objects.filter(action="answer_case").count() == 1


def test_the_same_words_in_a_form_of_its_own_in_another_case_or_with_another_file_are_said(member_client, case, folder):
    key = key_in(member_client.get(f"/cases/{case.number}/"))
    other = services.open_case(member_client.user, kind="other", text="Hello")
    answer(member_client, case, form_key=key)
    answer(member_client, case, form_key=key, attachments=[picture()])
    answer(member_client, case, form_key=key_in(member_client.get(f"/cases/{case.number}/")))
    answer(member_client, other, form_key=key)
    assert (case.messages.count(), other.messages.count()) == (1 + 3, 1 + 1)


def test_a_second_press_that_comes_after_staff_closed_the_case_loses_nothing_and_opens_nothing(member_client, case):
    key = key_in(member_client.get(f"/cases/{case.number}/"))
    answer(member_client, case, form_key=key)
    services.reply_to_case(factories.user(is_staff=True), case, text="Done.", status="closed")
    answer(member_client, case, form_key=key)
    case.refresh_from_db()
    assert (case.status, case.messages.count()) == ("closed", 3)


def test_what_did_not_come_through_keeps_its_key_and_is_sent_once_mended(member_client, case):
    key = key_in(member_client.get(f"/cases/{case.number}/"))
    assert key_in(answer(member_client, case, form_key=key, text="")) == key
    for _ in range(2):
        answer(member_client, case, form_key=key)
    assert case.messages.count() == 2


@pytest.mark.django_db(transaction=True)
def test_ten_presses_at_once_open_one_case(member_client):
    key = uuid4()
    opened = all_at_once(lambda _: services.open_case(member_client.user, kind="other", text="H", form_key=key).pk)
    assert len(set(opened)) == 1
    assert CaseMessage.objects.count() == OutgoingMessage.objects.filter(kind="case").count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_presses_at_once_make_one_answer(member_client, case):
    key = uuid4()
    said = all_at_once(lambda _: services.answer_case(member_client.user, case, text="Here.", form_key=key).pk)
    assert len(set(said)) == 1
    assert case.messages.count() == 2


def test_a_reply_of_staff_is_sent_once_too(client, case):
    staff = factories.user(is_staff=True)
    staff.groups.add(Group.objects.get(name="support"))
    client.force_login(staff)
    chosen = {"action": "reply", "_selected_action": [case.pk]}
    key = key_in(client.post("/admin/billing/case/", chosen))
    for _ in range(2):
        client.post("/admin/billing/case/", chosen | {"text": "We looked into it.", "form_key": key})
    assert CaseMessage.objects.filter(is_staff=True).count() == 1
    assert OutgoingMessage.objects.filter(kind="case").count() == 2  # opened, answered

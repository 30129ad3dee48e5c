"""A form that opens a case is pressed twice: one case, and both presses lead to it."""

import re

import pytest
from django.test import Client

from billing.models import Case, CaseMessage
from portal.shared.models import OutgoingMessage
from tests import factories


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

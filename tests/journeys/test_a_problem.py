"""Journeys of who has a problem with a bill, or cannot pay it: link by link as a member goes, without scripting."""

import re

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client

from billing.models import Case
from billing.selectors import bills_in_question
from portal.shared.references import spaced
from tests import factories
from tests.billing.uploads import picture


def links(page) -> dict[str, str]:
    """Return the addresses of a page's links by their words."""
    found = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', page.content.decode(), re.S)
    return {re.sub(r"<[^>]+>", "", words).strip(): url.replace("&amp;", "&") for url, words in found}


def text_of(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


@pytest.fixture
def bill(member_client):
    return factories.bill(household=member_client.user.member.household)


@pytest.fixture
def support(db):
    client = Client()
    client.user = factories.user(is_staff=True)
    client.user.groups.add(Group.objects.get(name="support"))
    client.force_login(client.user)
    return client


def test_from_a_wrong_line_to_an_answer_and_back(member_client, bill, support, django_capture_on_commit_callbacks):
    page = member_client.get(f"/bills/{bill.reference}/")
    form = next(url for words, url in links(page).items() if words.startswith("Report it"))
    assert member_client.get(form).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        page = member_client.post(form, {"text": "Ilona moved out."}, follow=True)
    case = Case.objects.get()
    assert spaced(case.number) in text_of(page)
    assert mail.outbox[-1].subject == "Your case number"
    assert bills_in_question([bill.pk]) == {bill.pk}

    found = support.get(f"/admin/billing/case/?q={spaced(case.number)}")
    assert [row.pk for row in found.context["cl"].result_list] == [case.pk]
    reply = {"action": "ask", "_selected_action": [case.pk], "text": "When did she move?"}
    with django_capture_on_commit_callbacks(execute=True):
        support.post("/admin/billing/case/", reply)
    told = mail.outbox[-1]
    assert (told.to, told.subject) == ([member_client.user.email], "We have a question for you")
    assert "When did she move?" not in told.body

    page = member_client.get(re.search(r"http://testserver(/cases/\S+)", told.body)[1])
    assert "When did she move?" in text_of(page)
    member_client.post(f"/cases/{case.number}/", {"text": "On November 2."})
    assert "On November 2." in support.get(f"/admin/billing/case/{case.pk}/change/").content.decode()
    reply = {"action": "close", "_selected_action": [case.pk], "text": "We took it off."}
    support.post("/admin/billing/case/", reply)
    assert "Closed" in text_of(member_client.get("/cases/"))
    assert bills_in_question([bill.pk]) == set()


def test_from_i_cannot_pay_to_a_plan_that_is_asked_for_and_not_promised(member_client, bill):
    page = member_client.get(links(member_client.get(f"/bills/{bill.reference}/"))["I can't pay this"])
    plan = links(page)["Ask for a payment plan"]
    shown = member_client.post(plan, {"amount": "10", "day": "15"})
    seal = re.search(r'name="shown" value="([^"]+)"', shown.content.decode())[1]
    page = member_client.post(plan, {"amount": "10", "day": "15", "shown": seal}, follow=True)
    text = text_of(page)
    assert "We sent your request." in text
    assert [row["amount"] for row in page.context["plan"]] == ["$10.00", "$10.00", "$4.00"]
    assert "Nothing is agreed yet." in text
    assert links(member_client.get("/bills/"))["Cases"] == "/cases/"
    assert "Request for a payment plan" in text_of(member_client.get("/cases/"))


def test_a_photo_goes_with_a_report_to_staff_and_comes_back_as_a_file(member_client, bill, support, settings, tmp_path):
    settings.ATTACHMENTS_FOLDER = tmp_path / "attachments"
    typed = {"text": "See the letter.", "attachments": [picture()]}
    page = member_client.post(f"/cases/new/charge/?bill={bill.reference}", typed, follow=True)
    case = Case.objects.get()
    file = next(url for url in links(page).values() if "/files/" in url)
    mine = member_client.get(file)
    assert mine["Content-Disposition"].startswith("attachment")
    assert mine["Content-Type"] != "text/html"
    seen = support.get(f"/admin/billing/case/{case.pk}/change/")
    theirs = next(url for url in links(seen).values() if "/file" in url)
    assert b"".join(support.get(theirs).streaming_content) == b"".join(mine.streaming_content)
    stranger = Client()
    stranger.force_login(factories.user())
    assert stranger.get(file).status_code == 404
    assert "1 time" in text_of(member_client.get("/accounts/security/"))

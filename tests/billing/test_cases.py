"""Reporting a problem, through the pages: a number at once, a conversation, and nobody else's case."""

import re

import pytest
from django.test import Client

from billing import services
from billing.models import Case, CaseMessage
from portal.shared.models import AuditEntry, OutgoingMessage
from portal.shared.references import spaced
from portal.shared.throttle import allow
from tests import factories
from tests.billing.uploads import document, picture


@pytest.fixture
def bill(member_client):
    return factories.bill(household=member_client.user.member.household)


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def report(client, kind="charge", query="", **facts):
    return client.post(f"/cases/new/{kind}/{query}", {"text": "I am billed twice."} | facts, follow=True)


def opened(client, **facts) -> Case:
    facts = {"kind": "other", "text": "Hello"} | facts
    return services.open_case(client.user, **facts)


def reply(case, status="answered", text="We looked into it."):
    return services.reply_to_case(factories.user(is_staff=True), case, text=text, status=status)


# --- opening ------------------------------------------------------------------------------------------------------
def test_a_reported_problem_gets_its_number_at_once_by_page_and_email(member_client, bill):
    page = report(member_client, query=f"?bill={bill.reference}&line=1")
    case = Case.objects.get()
    assert page.redirect_chain == [(f"/cases/{case.number}/", 302)]
    text = text_of(page)
    assert f"Your case number is {spaced(case.number)}" in text
    assert "I am billed twice." in text
    assert f"November 2026 ({bill.number})" in text
    assert "Your household: Monthly premium, $24.00" in text
    mail = OutgoingMessage.objects.get(kind="case")
    assert mail.subject == "Your case number"
    assert spaced(case.number) in mail.body_text
    assert f"http://testserver/cases/{case.number}/" in mail.body_text
    assert "billed twice" not in mail.body_text + mail.body_html
    assert AuditEntry.objects.filter(action="open_case", subject_id=str(case.pk), actor=member_client.user).count() == 1


def test_the_way_leads_from_each_line_of_a_bill_to_a_form_that_names_it(member_client, bill):
    page = member_client.get(f"/bills/{bill.reference}/").content.decode()
    link = re.search(r'href="(/cases/new/charge/[^"]+)"', page)[1].replace("&amp;", "&")
    assert "Your household: Monthly premium, $24.00" in text_of(member_client.get(link))
    assert f'href="/cases/new/?bill={bill.reference}"' in page


def test_every_kind_of_problem_is_offered_and_keeps_what_it_is_about(member_client, bill):
    page = member_client.get(f"/cases/new/?bill={bill.reference}").content.decode()
    for path in (
        "/cases/new/charge/",
        "/payments/missing/",
        "/cases/new/person/",
        "/cases/new/suspicious/",
        "/cases/new/other/",
    ):
        assert f'href="{path}?bill={bill.reference}"' in page


def test_the_page_says_that_reminders_pause_and_legal_deadlines_do_not(member_client, bill):
    words = "Legal deadlines do not pause"
    assert words in text_of(member_client.get(f"/cases/new/charge/?bill={bill.reference}"))
    text = text_of(report(member_client, query=f"?bill={bill.reference}"))
    assert "We do not remind you of a bill that a case is about until we have answered." in text
    assert words in text


def test_without_words_nothing_is_sent_and_a_message_says_how_to_mend_it(member_client, db):
    page = report(member_client, text=" ")
    assert "Tell us in your own words. A short sentence is enough." in text_of(page)
    assert "<title>Error:" in page.content.decode()
    assert Case.objects.count() == 0


def test_another_households_bill_in_the_address_counts_for_nothing(member_client, db):
    other = factories.bill(household=factories.household())
    report(member_client, query=f"?bill={other.reference}&line=1")
    case = Case.objects.get()
    assert not case.bills.exists()
    assert case.line is None


@pytest.mark.parametrize("query", ["?bill=%00", "?bill=x&line=-1", "?line=99999999999999999999", "?about=nonsense"])
def test_nonsense_in_the_address_counts_for_nothing(member_client, bill, query):
    assert member_client.get(f"/cases/new/charge/{query}").status_code == 200
    assert member_client.get("/cases/new/payments/").status_code == 404


# --- files --------------------------------------------------------------------------------------------------------
def test_a_file_is_taken_along_as_a_download_that_says_nothing(member_client, folder, bill):
    page = report(member_client, attachments=[picture(name="testa at home.png"), document()])
    links = re.findall(r'href="(/cases/\w+/files/\w+/)"', page.content.decode())
    assert len(links) == 2
    answer = member_client.get(links[0])
    assert answer["Content-Disposition"].startswith('attachment; filename="file-')
    assert answer["Content-Disposition"].endswith('.png"')
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert "home" not in page.content.decode()


def test_what_was_typed_stays_when_a_file_is_refused(member_client, folder, bill):
    page = report(member_client, text="My long story", attachments=[picture(), picture(name="x.exe", kind="GIF")])
    text = text_of(page)
    assert "File 2 is not a PDF, JPEG or PNG. Choose a file of one of these kinds." in text
    assert "My long story" in text
    assert 'href="#id_attachments"' in page.content.decode()
    assert Case.objects.count() == 0
    assert not folder.exists() or not list(folder.iterdir())


def test_six_files_are_one_too_many(member_client, folder, bill):
    page = report(member_client, attachments=[picture() for _ in range(6)])
    assert "You chose 6 files. Choose five or fewer." in text_of(page)


def test_files_that_the_browser_dropped_are_asked_for_again(member_client, folder, bill):
    page = report(member_client, text="", attachments=[picture()])
    assert "Choose your files again. The browser could not keep them." in text_of(page)


def test_a_form_that_is_far_too_large_gets_a_page_of_its_own(member_client, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    page = report(member_client, text="x" * 2000)
    assert page.status_code == 413
    assert "That was too much to send" in text_of(page)
    assert Case.objects.count() == 0


def test_a_page_that_takes_no_files_is_sent_none(client, db):
    page = client.post("/accounts/login/", {"username": "x", "password": picture(size=(10, 10)), "y": "z" * 300_000})
    assert page.status_code == 413


def test_a_log_in_sends_only_so_many_files_a_day(member_client, folder, bill):
    for _ in range(40):
        allow("case-files", str(member_client.user.pk))
    page = report(member_client, attachments=[picture()])
    assert "You sent many files today." in text_of(page)


# --- the conversation ---------------------------------------------------------------------------------------------
def test_a_member_reads_the_answer_and_writes_again(member_client, db):
    case = opened(member_client)
    reply(case)
    text = text_of(member_client.get(f"/cases/{case.number}/"))
    assert "Status Answered" in text
    assert "We looked into it." in text
    page = member_client.post(f"/cases/{case.number}/", {"text": "Thank <b>you</b>"}, follow=True)
    assert "Status Open. We will answer." in text_of(page)
    assert "Thank &lt;b&gt;you&lt;/b&gt;" in page.content.decode()
    assert AuditEntry.objects.filter(action="answer_case", subject_id=str(case.pk)).count() == 1


@pytest.mark.parametrize(
    ("status", "subject", "shown"),
    [
        ("answered", "There is an answer for you", "Answered"),
        ("waiting", "We have a question for you", "Waiting for you"),
        ("closed", "Your case is closed", "Closed"),
    ],
)
def test_the_member_is_told_by_email_that_there_is_something_to_read_and_not_what(
    member_client, status, subject, shown
):
    case = opened(member_client)
    reply(case, status, text="Your premium is $12.00")
    mail = OutgoingMessage.objects.filter(kind="case").latest("pk")
    assert (mail.subject, mail.recipient) == (subject, member_client.user.email)
    assert "12.00" not in mail.body_text + mail.body_html
    assert f"Status {shown}" in text_of(member_client.get(f"/cases/{case.number}/"))


def test_a_closed_case_opens_again_by_an_answer_within_thirty_days(member_client, time_machine):
    time_machine.move_to("2026-11-01 15:00:00+00:00")
    case = opened(member_client)
    reply(case, "closed")
    time_machine.move_to("2026-11-30 15:00:00+00:00")
    member_client.force_login(member_client.user)
    assert "within 30 days after it was closed" in text_of(member_client.get(f"/cases/{case.number}/"))
    member_client.post(f"/cases/{case.number}/", {"text": "It came back"})
    case.refresh_from_db()
    assert (case.status, case.closed_at) == ("open", None)


def test_a_case_closed_longer_ago_stays_closed_and_keeps_what_was_typed(member_client, time_machine):
    time_machine.move_to("2026-11-01 15:00:00+00:00")
    case = opened(member_client)
    reply(case, "closed")
    time_machine.move_to("2026-12-02 15:00:00+00:00")
    member_client.force_login(member_client.user)
    assert "Write to us" not in text_of(member_client.get(f"/cases/{case.number}/"))
    page = text_of(member_client.post(f"/cases/{case.number}/", {"text": "It came back"}))
    assert "This case is closed for good. Please copy your message into a new case." in page
    assert "It came back" in page
    assert CaseMessage.objects.count() == 2


def test_who_writes_too_often_is_asked_to_wait_and_loses_nothing(member_client, db):
    for _ in range(20):
        report(member_client, "other")
    page = report(member_client, "other", text="Number twenty-one")
    assert "You sent many messages in a short time." in text_of(page)
    assert "Number twenty-one" in text_of(page)
    assert Case.objects.count() == 20


# --- whose it is --------------------------------------------------------------------------------------------------
def test_a_case_and_its_files_do_not_exist_for_anyone_else(member_client, folder, bill):
    report(member_client, attachments=[picture()])
    case = Case.objects.get()
    file = case.messages.get().attachments.get().reference
    for stranger in (factories.user(), factories.user(is_staff=True)):
        client = Client()
        client.force_login(stranger)
        for path in (f"/cases/{case.number}/", f"/cases/{case.number}/files/{file}/"):
            answer = client.get(path)
            assert answer.status_code == 404 or "No bills for this log-in" in answer.content.decode()
            assert "billed twice" not in answer.content.decode()
        assert client.post(f"/cases/{case.number}/", {"text": "Mine now"}).status_code in (200, 404)
    assert CaseMessage.objects.count() == 1
    other = services.open_case(factories.user(), kind="other", text="x")
    assert member_client.get(f"/cases/{other.number}/files/{file}/").status_code == 404


def test_a_household_shares_its_cases_but_not_the_private_ones(member_client, db):
    partner = factories.user(member=factories.member(household=member_client.user.member.household))
    shared = opened(member_client)
    private = [opened(member_client, kind=kind) for kind in ("suspicious", "waiver")]
    client = Client()
    client.force_login(partner)
    assert "Your household wrote" in text_of(client.get(f"/cases/{shared.number}/"))
    assert [client.get(f"/cases/{case.number}/").status_code for case in private] == [404, 404]
    assert [row["url"] for row in client.get("/cases/").context["rows"]] == [f"/cases/{shared.number}/"]
    assert member_client.get(f"/cases/{private[0].number}/").status_code == 200


def test_who_may_not_see_the_bill_any_more_sees_only_own_cases(member_client, db):
    household = member_client.user.member.household
    partner = factories.user(member=factories.member(household=household))
    services.open_case(partner, kind="other", text="x")
    own = opened(member_client)
    member_client.user.member.responsible = False
    member_client.user.member.save()
    assert [row["url"] for row in member_client.get("/cases/").context["rows"]] == [f"/cases/{own.number}/"]

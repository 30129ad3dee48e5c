"""Staff answer cases by named acts; what was said is shown and never edited."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from billing import services
from billing.models import Case, CaseMessage
from billing.services import clean_file
from portal.shared.models import AuditEntry, OutgoingMessage
from tests import factories
from tests.billing.uploads import picture

LIST = "/admin/billing/case/"


@pytest.fixture
def support(db):
    client = Client()
    client.user = factories.user(is_staff=True)
    client.user.groups.add(Group.objects.get(name="support"))
    client.force_login(client.user)
    return client


@pytest.fixture
def case(db, folder) -> Case:
    user = factories.user()
    bill = factories.bill(household=user.member.household)
    about = services.About(bills=[bill])
    text = "Twice <script>alert(1)</script>"
    return services.open_case(user, kind="charge", text=text, about=about, files=[clean_file(picture())])


def act(client, name, *cases, **facts):
    return client.post(LIST, {"action": name, "_selected_action": [case.pk for case in cases]} | facts, follow=True)


def test_the_list_filters_by_status_and_kind_and_finds_by_every_number(support, case):
    services.open_case(factories.user(), kind="waiver", text="")
    for query in (f"q={case.number.lower()}", f"q={case.household.number}", "status__exact=open&kind__exact=charge"):
        assert [found.pk for found in support.get(f"{LIST}?{query}").context["cl"].result_list] == [case.pk]


def test_one_case_shows_the_conversation_harmlessly_and_who_looked_is_written_down(support, case):
    page = support.get(f"{LIST}{case.pk}/change/").content.decode()
    assert "Twice &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Reply and close" in page
    assert AuditEntry.objects.filter(action="view_case", subject_id=str(case.pk), actor=support.user).count() == 1


@pytest.mark.parametrize(("name", "status"), [("reply", "answered"), ("ask", "waiting"), ("close", "closed")])
def test_a_named_act_answers_moves_the_case_tells_the_member_and_is_audited(support, case, name, status):
    assert "Message to the member" in act(support, name, case).content.decode()
    assert CaseMessage.objects.filter(is_staff=True).count() == 0
    act(support, name, case, text="We looked into it.")
    case.refresh_from_db()
    assert case.status == status
    said = CaseMessage.objects.get(is_staff=True)
    assert (said.text, said.author) == ("We looked into it.", support.user)
    entry = AuditEntry.objects.get(action="reply_to_case", subject_id=str(case.pk))
    assert (entry.actor, entry.data) == (support.user, {"status": status})
    assert OutgoingMessage.objects.filter(kind="case", recipient=case.opened_by.email).count() == 2


def test_an_empty_answer_and_two_cases_at_once_are_refused(support, case):
    assert "Write something to the member." in act(support, "reply", case, text=" ").content.decode()
    other = services.open_case(factories.user(), kind="other", text="x")
    assert "Choose one case" in act(support, "reply", case, other, text="To all").content.decode()
    assert CaseMessage.objects.filter(is_staff=True).count() == 0


def test_staff_without_the_right_can_look_and_not_answer(support, case):
    support.user.groups.clear()
    support.user.user_permissions.add(*Permission.objects.filter(codename__in=["view_case", "view_casemessage"]))
    assert "Reply and close" not in support.get(f"{LIST}{case.pk}/change/").content.decode()
    act(support, "reply", case, text="Not allowed")
    assert CaseMessage.objects.filter(is_staff=True).count() == 0


def test_nobody_edits_adds_or_deletes_what_was_said(support, case):
    admin = Client()
    admin.force_login(factories.user(is_staff=True, is_superuser=True))
    for client in (support, admin):
        assert client.get(f"{LIST}add/").status_code == 403
        assert client.post(f"{LIST}{case.pk}/delete/", {"post": "yes"}).status_code == 403
        assert client.post(f"{LIST}{case.pk}/change/", {"status": "closed"}).status_code == 403
    assert Case.objects.get().status == "open"


def test_permitted_staff_take_a_file_along_and_it_is_written_down(support, case):
    file = case.messages.get().attachments.get()
    url = reverse("admin:billing_case_file", args=[file.pk])
    assert f'href="{url}"' in support.get(f"{LIST}{case.pk}/change/").content.decode()
    answer = support.get(url)
    assert answer["Content-Disposition"] == f'attachment; filename="file-{file.reference}.png"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert AuditEntry.objects.filter(action="download_attachment", actor=support.user).count() == 1
    support.user.groups.clear()
    assert support.get(url).status_code == 404
    assert support.get(reverse("admin:billing_case_file", args=[999_999])).status_code == 404


def test_a_log_ins_page_leads_to_the_cases_of_its_household(support, case):
    services.open_case(factories.user(), kind="other", text="x")
    page = support.get(f"/admin/accounts/user/{case.opened_by_id}/change/").content.decode()
    url = f"{LIST}?household={case.household_id}"
    assert f'href="{url}"' in page
    assert [found.pk for found in support.get(url).context["cl"].result_list] == [case.pk]

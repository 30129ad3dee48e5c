"""Journeys of who looks at coverage and at the security of the log-in, link by link, without scripting."""

import re

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client

from billing.models import Case
from portal.shared.models import AuditEntry
from tests import factories
from tests.accounts.conftest import IPHONE, PromptClient, device, is_inside, log_in
from tests.journeys.test_a_problem import links, text_of

pytestmark = pytest.mark.django_db
NEW = "violet tram harbor onion"


@pytest.fixture
def owner():
    return factories.user(username="testa", email="testa@example.test")


@pytest.fixture
def support():
    client = Client()
    client.user = factories.user(is_staff=True)
    client.user.groups.add(Group.objects.get(name="support"))
    client.force_login(client.user)
    return client


def inside(owner, agent="") -> Client:
    client = PromptClient(HTTP_USER_AGENT=agent)
    client.force_login(owner)
    return client


def test_from_the_menu_to_a_masked_id_to_a_wrong_person_that_support_sees(owner, support):
    child = factories.member(
        household=owner.member.household, first_name="Ilona", last_name="Muster", responsible=False,
        masshealth_id="123456789012", coverage_type="Family Assistance", coverage_status="active",
    )  # fmt: skip
    client = inside(owner)
    coverage = links(client.get("/bills/"))["Coverage"]
    page = client.get(coverage)
    assert "Ilona Muster Coverage type Family Assistance Status Active" in text_of(page)
    assert "1234 5678 9012" not in text_of(page)
    assert "1234 5678 9012" in text_of(client.post(coverage, {"person": child.pk}))
    looked = AuditEntry.objects.get(action="show_masshealth_id")
    assert (looked.actor, looked.subject_id) == (owner, str(child.pk))

    kinds = client.get(links(client.get(coverage))["Report a problem"])
    form = next(url for words, url in links(kinds).items() if "person" in words)
    page = client.post(form, {"text": "Ilona moved out in May."}, follow=True)
    case = Case.objects.get()
    assert (case.kind, case.place) == ("person", "coverage")
    assert "About Coverage" in text_of(page)
    assert mail.outbox[-1].subject == "Your case number"

    assert "Ilona moved out in May." in support.get(f"/admin/billing/case/{case.pk}/change/").content.decode()
    trail = support.get(f"/admin/shared/auditentry/?subject_type=accounts.member&subject_id={child.pk}")
    assert "show_masshealth_id" in trail.content.decode()
    assert "1 time" in text_of(client.get("/accounts/security/"))  # that support looked


def test_from_a_strange_device_to_a_new_password_and_a_report(owner, support):
    laptop, phone = device(owner), device(owner, agent=IPHONE)
    security = links(laptop.get("/bills/"))["Security"]
    page = laptop.get(security)
    assert "Firefox on Windows (this device)" in text_of(page)
    strange = re.search(r'action="([^"]+/end/)">(?:(?!</form>).)*Safari on iPhone', page.content.decode(), re.S)[1]
    assert "That device is logged out." in text_of(laptop.post(strange, follow=True))
    assert (is_inside(phone), is_inside(laptop)) == (False, True)

    form = links(laptop.get(security))["Change my password"]
    wrong = laptop.post(form, {"current_password": "not mine at all, no", "password": NEW})
    assert wrong.status_code == 200
    laptop.post(form, {"current_password": factories.PASSWORD, "password": NEW})
    assert "Your password was changed" in text_of(laptop.get(security))
    assert log_in(Client(), "testa", factories.PASSWORD).status_code == 200
    assert log_in(Client(), "testa", NEW).status_code == 302

    report = links(laptop.get(security))["Report something suspicious"]
    laptop.post(report, {"text": "A text asked for my card."})
    case = Case.objects.get()
    assert (case.kind, case.place) == ("suspicious", "security")
    found = support.get("/admin/billing/case/?kind__exact=suspicious")
    assert [row.pk for row in found.context["cl"].result_list] == [case.pk]
    other = factories.user(member=factories.member(household=owner.member.household))
    assert inside(other).get(f"/cases/{case.number}/").status_code == 404  # theirs alone who wrote it

"""Journeys of contact details: a phone is proved and lets its owner back in; a change is seen and handed over."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests import factories
from tests.accounts.conftest import PromptClient, log_in

pytestmark = pytest.mark.django_db


def page(name, *args):
    return reverse(f"accounts:{name}", args=args)


def code_in(text):
    return re.search(r"\b\d{6}\b", text)[0]


@pytest.fixture
def testa(textoutbox):
    client = PromptClient()
    factories.user(username="testa", email="testa@example.test")
    log_in(client, "testa", factories.PASSWORD)
    return client


def prove_phone(testa, texts):
    asked = {"phone": "617 555 0199", "is_mobile": "on", "password": factories.PASSWORD}
    answer = testa.post(page("change_phone"), asked, follow=True)
    assert "We sent a text message" in answer.content.decode()
    testa.post(page("prove_phone"), {"code": code_in(texts[-1].body)})


def test_a_proved_phone_lets_its_owner_back_in_two_days_later(testa, textoutbox):
    prove_phone(testa, textoutbox)
    testa.post(page("logout"))
    testa.post(page("username_by_text"), {"phone": "617-555-0199"})
    assert len(textoutbox) == 1  # proved a moment ago: not yet
    User.objects.update(phone_confirmed_at=timezone.now() - timedelta(days=2))
    testa.post(page("username_by_text"), {"phone": "617-555-0199"})
    assert (
        "<strong>testa</strong>"
        in testa.post(page("recovery_code"), {"code": code_in(textoutbox[-1].body)}).content.decode()
    )
    testa.post(page("password_by_text"), {"username": "testa"})
    choose = testa.post(page("recovery_code"), {"code": code_in(textoutbox[-1].body)})["Location"]
    testa.post(choose, {"password": "canoe orbit lamp river"})
    assert log_in(testa, "testa", "canoe orbit lamp river")["Location"] == reverse("billing:overview")
    assert [message.subject for message in mail.outbox].count("A code by text was used for your account") == 2


def test_a_change_is_seen_by_support_and_handed_to_the_agency(testa, textoutbox):
    prove_phone(testa, textoutbox)
    address = {"where": "us", "address_line1": "2 Invented Road", "city": "Lowell", "state": "MA", "zip_code": "01850"}
    testa.post(page("change_address"), address)
    desk = PromptClient()
    helper = factories.user(username="helper", is_staff=True)
    helper.groups.add(Group.objects.get(name="support"))
    desk.force_login(helper)
    testas = User.objects.get(username="testa")
    person = desk.get(reverse("admin:accounts_user_change", args=[testas.pk])).content.decode()
    history = f"{reverse('admin:accounts_contactchange_changelist')}?user={testas.pk}"
    assert history in person
    listed = desk.get(history).content.decode()
    for words in ("+16175550199 (mobile)", "2 Invented Road, Lowell, MA, 01850", "not yet"):
        assert words in listed
    out = StringIO()
    call_command("export_contact_changes", stdout=out, stderr=StringIO())
    handed = [(row["kind"], row["phone"] or row["city"]) for row in csv.DictReader(StringIO(out.getvalue()))]
    assert handed == [("phone", "16175550199"), ("address", "Lowell")]
    assert "not yet" not in desk.get(history).content.decode()

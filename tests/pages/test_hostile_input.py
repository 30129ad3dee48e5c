"""What nobody types by mistake, into every form and address of a stranger and of a member: nothing is a fault."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from bench.pages import Member
from billing import services as billing
from portal.shared.models import TryCount
from tests.pages.test_five_hundred_of_everything import plain_pages

pytestmark = pytest.mark.django_db
FORM = re.compile(r'<form method="post"([^>]*)>(.*?)</form>', re.S)
NAME = re.compile(r'\bname="([^"]+)"')
ASKED = [
    "before",
    "after",
    "year",
    "kind",
    "next",
    "bill",
    "payment",
    "line",
    "about",
    "saved",
    "part",
    "again",
    "number",
]
ODD = {
    "a zero byte": b"a%00b",
    "no UTF-8": b"%ff%fe",
    "a number without end": b"9" * 400,
    "the reading turned round": "\u202e<script>{{7*7}}%s".encode(),
    "twice": b"a&{name}=b",
}


def forms_of(client: Client, address: str) -> list[tuple[str, list[str]]]:
    """Return where each form of a page is sent, and the names of its fields."""
    found = FORM.findall(client.get(address).content.decode())
    forms = []
    for attributes, inside in found:
        action = re.search(r'action="([^"]+)"', attributes)
        forms.append((action[1] if action else address, sorted(set(NAME.findall(inside)))))
    return [(target, names) for target, names in forms if target != reverse("accounts:logout")]


def body_of(names: list[str], odd: bytes) -> bytes:
    return b"&".join(name.encode() + b"=" + odd.replace(b"{name}", name.encode()) for name in names)


@pytest.mark.parametrize("who", ["stranger", "member"])
def test_no_form_and_no_address_ends_in_a_fault(who):
    member = Member.with_bills(2) if who == "member" else None
    client = member.client if member else Client()
    client.raise_request_exception = False
    addresses = plain_pages(client) | (member.pages() if member else {})
    if member:
        case = billing.open_case(member.user, kind="other", text="Hello")
        addresses |= {"cases:case": reverse("cases:case", args=[case.number]), "report": "/cases/new/charge/"}
    faults, sent = [], 0
    for name, address in addresses.items():
        if member:  # wrong passwords lock, and some buttons log out
            User.objects.update(locked_at=None, failed_logins=0)
            client.force_login(member.user)
        forms = forms_of(client, address)
        for what, odd in ODD.items():
            asked = client.get(address, QUERY_STRING=body_of(ASKED, odd[:600]).decode("latin-1"))
            answers = [asked]
            for target, names in forms:
                TryCount.objects.all().delete()
                kind = "application/x-www-form-urlencoded"
                answers.append(client.generic("POST", target, body_of(names, odd), content_type=kind))
            faults += [(name, what, one.status_code) for one in answers if one.status_code >= 500]
            sent += len(answers)
    assert faults == []
    assert sent > (350 if member else 100)

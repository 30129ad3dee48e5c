"""The staff's desk: a refund as support asks for it in Django admin, over HTTP, and a payment to refund."""

import re

from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from payments.models import Payment
from tests import factories
from tests.faults.world import World, text_of

REFUND = r"^/v1/refunds$"


def new_desk() -> Client:
    """Return a person of support at the staff's pages."""
    person = factories.user(is_staff=True)
    person.groups.add(Group.objects.get(name="support"))
    client = Client()
    client.force_login(person)
    return client


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of a form."""
    return dict(re.findall(r'<input type="hidden" name="(uuid|seen|amount|reason)" value="([^"]*)"', page))


def asked_for(desk: Client, payment: Payment, amount: str) -> dict[str, str]:
    """Fill in the page of a refund; return what its confirm button sends."""
    address = reverse("admin:payments_payment_refund", args=[payment.pk])
    facts = hidden(desk.get(address).content.decode()) | {"amount": amount, "reason": "Paid twice", "check": "1"}
    return hidden(desk.post(address, facts).content.decode()) | {"confirm": "1"}


def refund(desk: Client, payment: Payment, amount: str = "10.00", facts: dict[str, str] | None = None) -> str:
    """Ask for a refund and confirm it; return what the next page says."""
    address = reverse("admin:payments_payment_refund", args=[payment.pk])
    return text_of(desk.post(address, facts or asked_for(desk, payment, amount), follow=True))


def paid(world: World, method: str = "card", behaviour: str = "") -> Payment:
    """A payment that the gateway has paid."""
    payment, _ = world.pay(method, behaviour)
    if method == "bank":
        world.sandbox.control("settle", intent=payment.intent_id)
    world.deliver()
    payment.refresh_from_db()
    assert payment.status == "paid"
    return payment


def refunds_at_gateway(world: World) -> list[tuple[str, int]]:
    """Return status and cents of every refund at the gateway."""
    return [(found["status"], found["amount"]) for found in world.state("refunds")]

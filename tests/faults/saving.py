"""A member who saves a card or an account and pays with it, over HTTP."""

from django.urls import reverse

from payments.models import Payment, SavedMethod
from tests import factories
from tests.faults.world import World, text_of


def saves(world: World, method: str = "card", **token: str) -> SavedMethod:
    """Pay the bill and save what it was paid with; a new bill of $24.00 is then due."""
    world.client.post(reverse("payments:new"), {"choice": "all", "method": method, "amount": ""})
    payment = Payment.objects.latest("pk")
    facts = {"token": world.sandbox.control("token", **(token or {"behaviour": method}))["id"], "save": "yes"}
    world.client.post(reverse("payments:details", args=[payment.reference]), facts)
    world.confirm(payment)
    payment.refresh_from_db()
    if payment.status == "processing":
        world.sandbox.control("settle", intent=payment.intent_id)
        world.deliver()
    world.bill = factories.bill(household=world.user.member.household)
    return SavedMethod.objects.get()


def chooses(world: World, saved: SavedMethod) -> Payment:
    """Choose the saved method; the review is next."""
    world.client.post(reverse("payments:new"), {"choice": "all", "method": saved.reference, "amount": ""})
    return Payment.objects.latest("pk")


def listed(world: World) -> str:
    return text_of(world.client.get(reverse("payments:methods")))

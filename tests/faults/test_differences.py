"""A charge at the gateway that is not the one we asked for: nothing is posted from it, and a person looks."""

import pytest
import requests
from django.urls import reverse

from payments import tasks
from payments.models import AttentionItem, Payment

pytestmark = pytest.mark.django_db(transaction=True)


def ask(world, path, **facts):
    """Ask the gateway with our own key, as another program with the same account would."""
    headers = {"Authorization": "Bearer sk_test_sandbox_tests"}
    answer = requests.post(f"{world.sandbox.url}/v1/payment_intents/{path}", data=facts, headers=headers, timeout=10)
    assert answer.ok, answer.text


@pytest.mark.parametrize(("name", "other", "cents"), [("amount", 100, 100), ("currency", "cad", 2400)])
def test_row_19_a_charge_of_another_amount_or_currency_is_not_posted_and_waits_for_a_person(
    world, processes, name, other, cents
):
    payment = world.begin()
    processes.confirm(payment, die_at="before confirm")
    payment.refresh_from_db()
    ask(world, payment.intent_id, **{name: other})
    ask(world, f"{payment.intent_id}/confirm", payment_method="pm_card_visa", return_url="http://127.0.0.1/")
    world.deliver()
    processes.sweep(payment)
    (charge,) = world.state()
    assert (charge["status"], charge[name], charge["amount_received"]) == ("succeeded", other, cents)
    assert payment.status == "submitting"
    assert world.books() == {"held": 2400}
    assert "Please do not pay again" in world.page(payment)
    assert "on its way" in world.bills()
    assert world.subjects() == []
    assert world.attention() == ["charge differs"]
    assert f"but {name} is not what we asked for" in AttentionItem.objects.get().detail
    world.client.post(reverse("payments:new"), {"choice": "all", "method": "card", "amount": ""})
    assert Payment.objects.get() == payment, "the bill stays locked"


@pytest.mark.parametrize("name", ["payment", "deployment"])
def test_row_19_a_charge_that_names_another_payment_or_deployment_is_not_posted(world, name):
    payment, _ = world.pay("bank")
    world.deliver()
    ask(world, payment.intent_id, **{f"metadata[{name}]": "somebody else's"})
    world.sandbox.control("settle", intent=payment.intent_id)
    world.deliver()
    world.age(payment, minutes=60)
    tasks.sweep_processing()
    assert f"{name} is not what we asked for" in AttentionItem.objects.get(kind="charge differs").detail
    assert world.at_gateway() == [("succeeded", 2400)]
    assert world.books() == {"held": 2400}
    assert "It is not paid yet" in world.page(payment)
    assert world.subjects() == ["Your payment is on its way"]
    ask(world, payment.intent_id, **{f"metadata[{name}]": {"payment": str(payment.uuid)}.get(name, "tests")})
    world.age(payment, minutes=60)
    tasks.sweep_processing()
    assert world.books() == {"settled": 2400}
    assert "Your payment is received" in world.page(payment)
    assert world.subjects() == ["Your payment is on its way", "Your payment is received"]

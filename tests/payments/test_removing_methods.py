"""Removing a saved card or account, and whose it is; with the gateway in memory."""

import pytest
from django.urls import reverse

from payments import services, tasks
from payments.models import SavedMethod
from payments.states import Status
from tests import factories
from tests.payments.steps import text_of
from tests.payments.test_saved_methods import LOST, listed, pays_with, saved_card


def test_removing_a_card_lets_the_gateway_forget_it(at_pay):
    saved = saved_card(at_pay)
    address = reverse("payments:remove_method", args=[saved.reference])
    assert "Remove Visa ending in 4242?" in text_of(at_pay.get(address))
    assert SavedMethod.objects.get().is_usable
    page = at_pay.post(address, follow=True)
    assert "Removed." in text_of(page)
    assert "Nothing is saved" in text_of(page)
    assert at_pay.fake.methods[saved.gateway_id][0].customer_id == ""
    assert at_pay.get(address).status_code == 404


def test_a_second_press_says_the_same_and_removes_nothing_else(at_pay):
    saved = saved_card(at_pay)
    address = reverse("payments:remove_method", args=[saved.reference])
    pages = [text_of(at_pay.post(address, follow=True)) for _ in range(2)]
    assert ["Removed." in page for page in pages] == [True, True]
    assert at_pay.fake.calls.count("forget") == 1


@pytest.mark.parametrize("after_effect", [False, True])
def test_when_the_gateway_does_not_answer_the_card_is_unusable_at_once_and_the_sweep_finishes(at_pay, after_effect):
    saved = saved_card(at_pay)
    at_pay.fake.fail_next("forget", LOST, after_effect=after_effect)
    page = at_pay.post(reverse("payments:remove_method", args=[saved.reference]), follow=True)
    assert "We will not use it any more." in text_of(page)
    assert "Nothing is saved" in text_of(page)
    SavedMethod.objects.update(changed_at="2020-01-01T00:00Z")
    tasks.sweep_stalled()
    assert SavedMethod.objects.get().status == "removed"
    assert at_pay.fake.methods[saved.gateway_id][0].customer_id == ""


def test_a_payment_on_its_way_goes_on_when_its_account_is_removed(at_pay):
    saved = saved_card(at_pay, "bank")
    payment, _ = pays_with(at_pay, saved)
    payment.refresh_from_db()
    at_pay.post(reverse("payments:remove_method", args=[saved.reference]))
    at_pay.fake.settle(payment.intent_id)
    assert services.refresh(payment, via="webhook").status == Status.PAID
    assert SavedMethod.objects.get().status == "removed"


def test_a_saved_card_is_not_there_for_another_member_of_the_household(at_pay, client):
    saved = saved_card(at_pay)
    other = factories.user(member=factories.member(household=at_pay.user.member.household))
    client.force_login(other)
    assert "Nothing is saved" in listed(client)
    assert "(saved)" not in text_of(client.get(reverse("payments:new")))
    page = client.post(reverse("payments:new"), {"choice": "all", "method": saved.reference, "amount": ""})
    assert "Choose a card or a bank account from the list." in text_of(page)
    for method in (client.get, client.post):
        assert method(reverse("payments:remove_method", args=[saved.reference])).status_code == 404
    with pytest.raises(services.CannotUse):
        services.start(user=other, household=other.member.household, amount_cents=2400, method="card", saved=saved)
    assert SavedMethod.objects.get().is_usable


def test_who_is_not_responsible_any_more_can_still_remove_what_is_theirs(at_pay):
    saved = saved_card(at_pay)
    type(at_pay.user.member).objects.filter(pk=at_pay.user.member_id).update(responsible=False)
    assert "Visa ending in 4242" in listed(at_pay)
    at_pay.post(reverse("payments:remove_method", args=[saved.reference]))
    assert "Nothing is saved" in listed(at_pay)


def test_staff_have_no_such_pages(client, db):
    client.force_login(factories.user(is_staff=True))
    assert client.get(reverse("payments:methods")).status_code == 404

"""Someone saved five hundred cards: every page that lists them stays short, and each of them can still be used."""

import re

import pytest
from django.urls import reverse

from payments.models import AutopayEnrollment, Payment, SavedMethod
from tests import factories
from tests.payments.steps import text_of

NEW, ENROLL, METHODS = reverse("payments:new"), reverse("payments:enroll"), reverse("payments:methods")


@pytest.fixture
def cards(at_pay):
    """Five hundred saved cards, the newest first."""
    facts = {"user": at_pay.user, "method": "card", "brand": "visa"}
    rows = [SavedMethod(gateway_id=f"pm_{number}", last4=f"{number:04}", **facts) for number in range(500)]
    SavedMethod.objects.bulk_create(rows)
    return list(SavedMethod.objects.all())


def offered(page) -> list[str]:
    return re.findall(r'name="method" value="([A-Z0-9]{11})"', page.content.decode())


@pytest.mark.parametrize("address", [NEW, ENROLL])
def test_a_form_offers_the_newest_ten_and_the_way_to_all(at_pay, cards, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        page = at_pay.get(address)
    assert offered(page) == [card.reference for card in cards[:10]]
    assert f'href="{METHODS}">See all your saved cards and accounts' in page.content.decode()


@pytest.mark.parametrize("address", [NEW, ENROLL])
def test_with_a_few_there_is_no_such_way(at_pay, cards, address):
    SavedMethod.objects.exclude(pk__in=[card.pk for card in cards[:9]]).delete()
    page = at_pay.get(address)
    assert len(offered(page)) == 9
    assert "See all your saved" not in page.content.decode()


def test_the_list_of_all_leads_to_the_form_with_any_of_them_chosen(at_pay, cards):
    oldest = cards[-1]
    last_page = at_pay.get(f"{METHODS}?before={cards[-3].reference}").content.decode()
    assert f'href="{NEW}?saved={oldest.reference}">Pay with this' in last_page
    page = at_pay.get(f"{NEW}?saved={oldest.reference}")
    assert offered(page) == [oldest.reference, *(card.reference for card in cards[:10])]
    assert re.search(rf'value="{oldest.reference}"[^>]*checked', page.content.decode())


def test_the_oldest_pays(at_pay, cards):
    at_pay.post(f"{NEW}?saved={cards[-1].reference}", {"choice": "all", "method": cards[-1].reference})
    assert Payment.objects.get().saved_method == cards[-1]


def test_the_oldest_is_what_autopay_draws_from(at_pay, cards):
    oldest = cards[-1]
    address = f"{ENROLL}?saved={oldest.reference}"
    assert re.search(rf'value="{oldest.reference}"[^>]*checked', at_pay.get(address).content.decode())
    page = at_pay.post(address, {"method": oldest.reference, "days_before": "0", "limit": ""})
    shown = re.search(r'name="shown" value="([^"]+)"', page.content.decode())[1]
    at_pay.post(ENROLL, {"shown": shown})
    assert AutopayEnrollment.objects.get().saved_method == oldest
    assert "Use for autopay" not in at_pay.get(METHODS).content.decode()


@pytest.mark.parametrize("named", ["", "x", "a" * 5000, "\0", "ABCDEFGHJKM"])
def test_a_number_that_is_none_of_theirs_changes_nothing(at_pay, cards, named):
    stranger = SavedMethod.objects.create(user=factories.user(), gateway_id="pm_other", method="card")
    for reference in (named, stranger.reference):
        page = at_pay.get(NEW, {"saved": reference})
        assert offered(page) == [card.reference for card in cards[:10]]
        assert 'value="card"' in page.content.decode()


def test_what_cannot_be_used_is_not_offered(at_pay, cards):
    SavedMethod.objects.filter(pk=cards[0].pk).update(status="flagged", problem="returned")
    SavedMethod.objects.filter(pk=cards[1].pk).update(expires_on="2020-01-31")
    assert offered(at_pay.get(f"{NEW}?saved={cards[0].reference}")) == [card.reference for card in cards[2:12]]
    first = at_pay.get(METHODS).content.decode()
    assert f"saved={cards[0].reference}" not in first
    assert f"saved={cards[1].reference}" not in first
    assert f"saved={cards[2].reference}" in first


def test_who_may_no_longer_pay_the_household_s_bill_may_still_remove(at_pay, cards):
    member = at_pay.user.member
    member.responsible = False
    member.save()
    page = at_pay.get(METHODS)
    assert "Pay with this" not in text_of(page)
    assert "Remove" in text_of(page)

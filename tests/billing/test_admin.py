"""What support finds of bills, and that no one can change money by hand."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from billing import services
from billing.models import Bill, Credit
from portal.shared.models import AuditEntry
from tests import factories

BILLS = "/admin/billing/bill/"


@pytest.fixture
def bill(db):
    member = factories.member(first_name="Örla", last_name="Musterfrau", search_name="orla musterfrau")
    return factories.bill(household=member.household)


@pytest.fixture
def support_client(client, db):
    staff = factories.user(is_staff=True)
    staff.groups.add(Group.objects.get(name="support"))
    client.force_login(staff)
    return client


@pytest.fixture
def superuser_client(client, db):
    client.force_login(factories.user(is_staff=True, is_superuser=True))
    return client


def test_support_finds_a_bill_by_number_household_id_and_name(support_client, bill):
    other = factories.bill(household=factories.household())
    member = bill.household.members.get()
    for term in (
        bill.number,
        bill.reference,
        bill.household.number,
        member.masshealth_id,
        f"{member.masshealth_id[:4]} {member.masshealth_id[4:8]}-{member.masshealth_id[8:]}",
        "musterfrau orla",
    ):
        html = support_client.get(BILLS, {"q": term}).content.decode()
        assert bill.number in html, term
        assert other.number not in html, term


def test_a_search_for_anything_odd_finds_nothing_and_does_not_break(support_client, bill):
    for term in ("'", "%", "-", "\\", "٣", "x" * 300):
        response = support_client.get(BILLS, {"q": term})
        assert response.status_code == 200, term
        assert bill.number not in response.content.decode(), term


def test_support_sees_standing_lines_and_money_of_a_bill_and_leaves_a_trace(support_client, bill):
    services.hold(household=bill.household, source="AAAA", amount_cents=1000)
    services.settle(source="AAAA")
    html = support_client.get(f"{BILLS}{bill.pk}/change/").content.decode()
    for words in ("$24.00", "$14.00", "household: Monthly premium, $24.00", "AAAA", "$10.00", "settled"):
        assert words in html
    assert AuditEntry.objects.get(action="view_bill").subject_id == str(bill.pk)


def test_support_finds_money_by_its_confirmation_number_however_it_is_typed(support_client, bill):
    source = bill.reference  # any well-formed reference will do
    services.hold(household=bill.household, source=source, amount_cents=1000)
    html = support_client.get("/admin/billing/credit/", {"q": f"{source[:4]}-{source[4:8]}-{source[8:].lower()}"})
    assert "$10.00" in html.content.decode()


def test_support_finds_a_household_by_a_bill_number(support_client, bill):
    html = support_client.get("/admin/accounts/household/", {"q": bill.number}).content.decode()
    assert bill.household.number in html


@pytest.mark.parametrize("model", ["bill", "credit"])
def test_not_even_a_superuser_adds_changes_or_deletes_by_hand(superuser_client, bill, model):
    services.hold(household=bill.household, source="AAAA", amount_cents=1000)
    pk = {"bill": bill.pk, "credit": Credit.objects.get().pk}[model]
    folder = f"/admin/billing/{model}/"
    assert superuser_client.get(f"{folder}{pk}/change/").status_code == 200
    for url in (f"{folder}add/", f"{folder}{pk}/change/", f"{folder}{pk}/delete/"):
        response = superuser_client.post(url, {"total_cents": 1, "amount_cents": 1, "status": "settled"})
        assert response.status_code == 403, url
    assert Bill.objects.get().total_cents == 2400
    assert Credit.objects.get().status == "held"


def test_the_list_of_bills_needs_few_queries(support_client, bill, django_assert_max_num_queries):
    for _ in range(20):
        factories.bill(household=factories.household())
    with django_assert_max_num_queries(12):
        support_client.get(BILLS)


def test_staff_outside_the_group_see_no_bills(client, bill):
    client.force_login(factories.user(is_staff=True))
    assert client.get(BILLS).status_code == 403
    assert client.get(reverse("admin:index")).status_code == 200

"""What a member and support see of an adjustment: a line of its own, with its reason in plain words."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from billing import services
from billing.models import Bill
from tests import factories
from tests.payments.test_pages import text_of

HEADER = "adjustment_id,bill_number,masshealth_id,kind,reason,amount,effective_on"


@pytest.fixture
def adjust(member_client, tmp_path):
    """Return adjust(kind, amount, reason, ...), which takes in an adjustment of the member's own bill of $24.00."""
    member_client.bill = factories.bill(household=member_client.user.member.household)

    def take_in(kind, amount, reason="Hardship waiver", masshealth_id=""):
        path = tmp_path / "adjustments.csv"
        cells = ("A-1", member_client.bill.number, masshealth_id, kind, reason, amount, "2026-11-10")
        path.write_text(f"{HEADER}\n{','.join(cells)}\n", encoding="utf-8")
        assert services.import_adjustments(path=path).refused == []

    return take_in


def bill_page(client):
    return text_of(client.get(reverse("billing:bill", args=[client.bill.reference])))


@pytest.mark.parametrize(
    ("kind", "word"),
    [("waiver", "Waiver"), ("credit", "Credit"), ("correction", "Correction"), ("write_off", "No longer owed")],
)
def test_the_bill_shows_the_adjustment_with_its_reason_and_from_when_it_counts(member_client, adjust, kind, word):
    adjust(kind, "-5.00", reason="Rent & <b>food</b> went up")
    text = bill_page(member_client)
    assert f"{word}: Rent &amp; &lt;b&gt;food&lt;/b&gt; went up" in text
    assert "MassHealth took this off your bill. It counts from Nov. 10, 2026. -$5.00" in text
    assert "Bill total $19.00" in text
    assert "the total was $24.00" in text


def test_a_correction_that_raises_the_bill_says_so(member_client, adjust):
    adjust("correction", "3.50")
    text = bill_page(member_client)
    assert "MassHealth added this to your bill. It counts from Nov. 10, 2026. $3.50" in text
    assert "Bill total $27.50" in text


def test_the_person_whom_it_is_for_is_named(member_client, adjust):
    member = member_client.user.member
    adjust("waiver", "-5.00", masshealth_id=member.masshealth_id)
    assert f"{member} Waiver: Hardship waiver" in bill_page(member_client)


def test_a_bill_taken_down_to_nothing_is_no_longer_due(member_client, adjust):
    adjust("write_off", "-24.00")
    text = text_of(member_client.get(reverse("billing:overview")))
    assert "Nothing is due today" in text


def test_an_adjusted_line_is_what_changed_since_last_month(member_client, adjust):
    factories.bill(household=member_client.user.member.household, period="2026-10-01", due_on="2026-11-01")
    adjust("waiver", "-5.00")
    text = bill_page(member_client)
    assert "Your household Waiver: Hardship waiver Not on the bill -$5.00" in text


def test_support_sees_the_adjustment_and_can_change_nothing(member_client, adjust):
    adjust("waiver", "-5.00")
    staff = factories.user(is_staff=True)
    staff.groups.add(Group.objects.get(name="support"))
    member_client.force_login(staff)
    address = reverse("admin:billing_bill_change", args=[Bill.objects.get().pk])
    html = member_client.get(address).content.decode()
    assert "Hardship waiver" in html
    assert "-$5.00" in html
    assert 'name="adjustments-0-reason"' not in html

"""What support can do with payments in Django admin, and what no one can."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import Member
from payments.models import AttentionItem
from portal.shared.models import AuditEntry, OutgoingMessage
from portal.shared.references import spaced
from tests import factories
from tests.payments.steps import kinds_sent

PAYMENTS, BILLS = "admin:payments_payment_changelist", "admin:billing_bill_changelist"
LIST = reverse(PAYMENTS)


@pytest.fixture
def support(client, db):
    client.user = factories.user(is_staff=True)
    client.user.groups.add(Group.objects.get(name="support"))
    client.force_login(client.user)
    return client


@pytest.mark.parametrize(
    "by", ["reference", "masshealth_id", "spaced_id", "name", "apostrophe", "username", "email", "intent"]
)
def test_support_finds_a_payment_by_what_a_caller_can_tell(support, paying, by):
    payment, other = paying.pay(cents=1000), factories.user()
    member = paying.user.member
    Member.objects.filter(pk=member.pk).update(search_name=f"testa {member.last_name.lower()} obeispiel")
    term = {
        "reference": spaced(payment.reference).lower(),
        "masshealth_id": member.masshealth_id,
        "spaced_id": f"{member.masshealth_id[:4]} {member.masshealth_id[4:8]}-{member.masshealth_id[8:]}",
        "name": member.last_name,
        "apostrophe": "O'Beispiel",
        "username": paying.user.username,
        "email": paying.user.email,
        "intent": payment.intent_id,
    }[by]
    assert spaced(payment.reference) in support.get(LIST, {"q": term}).content.decode()
    assert spaced(payment.reference) not in support.get(LIST, {"q": other.username}).content.decode()


def test_support_finds_the_person_by_confirmation_number(support, paying):
    payment = paying.pay()
    people = reverse("admin:accounts_user_changelist")
    assert paying.user.username in support.get(people, {"q": spaced(payment.reference)}).content.decode()


def test_looking_at_a_payment_shows_its_timeline_and_leaves_an_audit_entry(support, paying):
    payment = paying.pay()
    page = support.get(reverse("admin:payments_payment_change", args=[payment.pk])).content.decode()
    assert "submitting" in page
    assert payment.token not in page
    assert AuditEntry.objects.get().actor == support.user


def test_support_sends_a_receipt_again_and_the_act_is_audited(support, paying):
    payment = paying.pay()
    support.post(LIST, {"action": "send_again", "_selected_action": [payment.pk]})
    assert kinds_sent(payment) == ["paid", "paid"]
    page = support.get(reverse("admin:payments_payment_change", args=[payment.pk])).content.decode()
    assert "receipt sent again" in page
    assert '<input type="submit" value="Send the receipt again">' in page
    assert AuditEntry.objects.filter(action="receipt sent again", actor=support.user).exists()


def test_no_receipt_goes_out_for_what_is_not_paid(support, paying):
    payment = paying.pay(method="bank")
    support.post(LIST, {"action": "send_again", "_selected_action": [payment.pk]})
    assert not OutgoingMessage.objects.filter(kind="payment_paid").exists()


@pytest.mark.parametrize("is_superuser", [False, True])
def test_nobody_changes_money_by_hand(client, paying, is_superuser):
    payment = paying.pay()
    staff = factories.user(is_staff=True, is_superuser=is_superuser)
    staff.groups.add(Group.objects.get(name="support"))
    client.force_login(staff)
    address = reverse("admin:payments_payment_change", args=[payment.pk])
    assert client.post(address, {"amount_cents": "1", "status": "failed"}).status_code == 403
    assert client.post(reverse("admin:payments_payment_delete", args=[payment.pk]), {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:payments_payment_add")).status_code == 403
    payment.refresh_from_db()
    assert (payment.amount_cents, payment.status) == (2400, "paid")


def test_what_waits_for_a_person_can_be_marked_resolved(support, paying):
    item = AttentionItem.objects.create(key="k", kind="card dispute", detail="du_1")
    support.post(
        reverse("admin:payments_attentionitem_changelist"),
        {"action": "mark_resolved", "_selected_action": [item.pk]},
    )
    item.refresh_from_db()
    assert item.resolved_by == support.user


def test_from_a_person_support_gets_to_the_bills_and_payments(support, paying):
    payment = paying.pay()
    other = factories.bill(household=factories.household())
    person = support.get(reverse("admin:accounts_user_change", args=[paying.user.pk])).content.decode()
    bills, payments = (f"{reverse(name)}?household={paying.household.pk}" for name in (BILLS, PAYMENTS))
    assert bills in person
    assert payments in person
    assert paying.bill.number in support.get(bills).content.decode()
    assert other.number not in support.get(bills).content.decode()
    assert spaced(payment.reference) in support.get(payments).content.decode()

"""Refunds, approvals and cancels as staff do them in Django admin: who may, what is shown, what is written down."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from payments import services
from payments.models import Refund
from portal.shared.models import AuditEntry
from tests import factories
from tests.payments.money_back import ask, cents, hint
from tests.payments.steps import kinds_sent

LIST = reverse("admin:payments_payment_changelist")
WAITING = reverse("admin:payments_refund_changelist") + "?status__exact=requested"


def person(group):
    made = factories.user(is_staff=True)
    made.groups.add(Group.objects.get(name=group))
    return made


@pytest.fixture
def support(client, db):
    client.user = person("support")
    client.force_login(client.user)
    return client


def page_of(payment, what="change"):
    return reverse(f"admin:payments_payment_{what}", args=[payment.pk])


def decide(refund):
    return reverse("admin:payments_refund_decide", args=[refund.pk])


def hidden(page):
    return dict(re.findall(r'<input type="hidden" name="(uuid|seen|amount|reason)" value="([^"]*)"', page))


def typed(client, payment, amount="10.00", reason="Paid twice"):
    """Fill in the first page and return what the second would send."""
    first = client.get(page_of(payment, "refund")).content.decode()
    page = client.post(page_of(payment, "refund"), hidden(first) | {"amount": amount, "reason": reason, "check": "1"})
    return page.content.decode()


def refunded(client, payment, amount="10.00", **kwargs):
    sent = hidden(typed(client, payment, amount)) | {"confirm": "1"}
    return client.post(page_of(payment, "refund"), sent, follow=True, **kwargs).content.decode()


def test_the_action_leads_to_the_page_of_one_payment(support, paid, paying):
    sent = support.post(LIST, {"action": "refund", "_selected_action": [paid.pk]})
    assert sent["Location"] == page_of(paid, "refund")


def test_the_page_shows_what_will_happen_before_anything_does(support, paid):
    page = typed(support, paid)
    assert "$10.00 of payment" in page
    assert "Visa ending in 4242" in page
    assert "It is sent at once" in page
    assert "open again by that much" in page
    assert not Refund.objects.exists()


def test_confirmed_it_is_sent_and_written_down(support, paid):
    page = refunded(support, paid)
    assert "The refund was sent back." in page
    refund = Refund.objects.get()
    assert (refund.status, refund.amount_cents, refund.requested_by) == ("succeeded", 1000, support.user)
    assert cents(paid) == {"settled": 1400, "reversed": 1000}
    entry = AuditEntry.objects.get(action="refund requested")
    assert (entry.actor, entry.reason, entry.address) == (support.user, "Paid twice", "127.0.0.1")
    assert "succeeded" in support.get(page_of(paid)).content.decode()


def test_the_confirm_button_pressed_twice_is_one_refund(paying, support, paid):
    sent = hidden(typed(support, paid)) | {"confirm": "1"}
    for _ in range(2):
        support.post(page_of(paid, "refund"), sent)
    assert len(paying.fake.refunds_in(paid.intent_id)) == Refund.objects.count() == 1


def test_two_admins_on_the_same_page_refund_once_and_the_second_is_told(paying, support, paid):
    mine, theirs = typed(support, paid), typed(support, paid)
    support.post(page_of(paid, "refund"), hidden(mine) | {"confirm": "1"})
    answer = support.post(page_of(paid, "refund"), hidden(theirs) | {"confirm": "1"})
    assert answer.status_code == 409
    assert "Somebody refunded" in answer.content.decode()
    assert len(paying.fake.refunds_in(paid.intent_id)) == 1


@pytest.mark.parametrize(
    ("amount", "said"),
    [("", "Type an amount"), ("ten", "Type dollars and cents"), ("-1", "Type dollars"), ("1.234", "Type dollars")],
)
def test_an_amount_that_is_none_is_asked_for_again(support, paid, amount, said):
    assert said in typed(support, paid, amount)
    assert not Refund.objects.exists()


@pytest.mark.parametrize("amount", ["24.01", "0", "99999999999"])
def test_more_than_was_paid_is_refused(support, paid, amount):
    assert "So much is not left" in refunded(support, paid, amount)
    assert not Refund.objects.exists()


@pytest.mark.parametrize("facts", [{}, {"uuid": "x", "seen": "y", "amount": "1", "reason": "r", "confirm": "1"}])
def test_a_forged_form_is_refused_without_a_crash(support, paid, facts):
    assert support.post(page_of(paid, "refund"), facts).status_code == 200
    assert not Refund.objects.exists()


def test_a_debit_on_its_way_is_not_refunded_but_a_cancel_is_offered(support, paying):
    payment = paying.pay(method="bank", behaviour="bank_stuck")
    assert "Cancel it, if it is not too late" in refunded(support, payment)
    assert page_of(payment, "cancel") in support.get(page_of(payment)).content.decode()
    page = support.post(page_of(payment, "cancel"), follow=True).content.decode()
    assert "The payment was canceled." in page
    assert AuditEntry.objects.filter(action="payment cancel", actor=support.user).exists()
    assert kinds_sent(payment) == ["processing", "canceled"]


def test_what_the_gateway_will_not_stop_is_said(support, paying):
    payment = paying.pay(method="bank")
    assert "too late" in support.post(page_of(payment, "cancel"), follow=True).content.decode()
    payment.refresh_from_db()
    assert payment.status == "processing"


# --- a second person -----------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(settings, support, paid):
    settings.REFUND_APPROVAL_CENTS = 999
    assert "a second person must approve it" in typed(support, paid)
    refunded(support, paid)
    return Refund.objects.get()


@pytest.fixture
def finance(client, db):
    return person("finance")


def test_above_the_limit_it_waits_in_the_list_of_finance(client, support, paid, waiting, finance):
    assert waiting.status == "requested"
    client.force_login(finance)
    page = client.get(WAITING).content.decode()
    assert decide(waiting) in page
    assert decide(waiting) in client.get(page_of(paid)).content.decode()


def test_finance_approves_and_it_is_sent(client, paid, waiting, finance):
    client.force_login(finance)
    page = client.post(decide(waiting), {"approve": "1"}, follow=True).content.decode()
    assert "The refund was sent back." in page
    waiting.refresh_from_db()
    assert (waiting.status, waiting.approved_by) == ("succeeded", finance)
    assert client.post(decide(waiting), {"approve": "1"}).status_code == 409


def test_finance_declines_with_a_reason(client, paid, waiting, finance):
    client.force_login(finance)
    assert "A reason is needed" in client.post(decide(waiting), {"decline": "1", "reason": ""}).content.decode()
    client.post(decide(waiting), {"decline": "1", "reason": "Not a mistake"})
    waiting.refresh_from_db()
    assert waiting.status == "declined"
    assert AuditEntry.objects.get(action="refund declined").reason == "Not a mistake"
    assert cents(paid) == {"settled": 2400}


def test_nobody_approves_their_own(client, settings, paid, finance):
    settings.REFUND_APPROVAL_CENTS = 0
    refund = ask(paid, finance)
    client.force_login(finance)
    answer = client.post(decide(refund), {"approve": "1"})
    assert answer.status_code == 409
    assert "Another person has to approve it" in answer.content.decode()
    assert cents(paid) == {"settled": 2400}


def test_support_may_ask_but_not_decide(support, waiting):
    assert support.post(decide(waiting), {"approve": "1"}).status_code == 403
    waiting.refresh_from_db()
    assert waiting.status == "requested"


@pytest.mark.parametrize("what", ["refund", "cancel"])
def test_without_the_right_nothing_can_be_asked(client, paid, what):
    client.force_login(factories.user(is_staff=True))
    assert client.post(page_of(paid, what), {"confirm": "1"}).status_code == 403
    client.force_login(factories.user())
    assert client.post(page_of(paid, what), {"confirm": "1"}).status_code == 302


def test_refunds_and_disputes_are_read_only_and_shown_on_their_payment(client, paying, support, debit):
    refund = ask(debit, support.user)
    hint(paying.fake.return_debit(debit.intent_id))
    paying.fake.pay_out()
    services.reconcile(["payouts"])
    page = support.get(page_of(debit)).content.decode()
    assert page.count("$15.00") == 2, "the gateway's fee, at the dispute and in the payout"
    for shown in ("pending", "insufficient_funds", "Paid twice", refund.gateway_id, "po_"):
        assert shown in page
    root = factories.user(is_staff=True, is_superuser=True)
    client.force_login(root)
    address = reverse("admin:payments_refund_change", args=[refund.pk])
    assert client.post(address, {"amount_cents": "1", "status": "failed"}).status_code == 403
    assert client.get(reverse("admin:payments_refund_add")).status_code == 403
    for name in ("refund", "dispute"):
        assert client.get(reverse(f"admin:payments_{name}_changelist")).status_code == 200

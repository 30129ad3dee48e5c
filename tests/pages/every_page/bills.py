"""What is owed: the overview and one bill, in every standing."""

from django.urls import reverse

from payments import services
from tests import factories
from tests.pages.every_page.registry import Ask, Desk, page
from tests.payments.money_back import hint


def bill_page(number: str) -> str:
    return reverse("billing:bill", args=[number])


@page("billing:overview", "no bill yet")
def _(desk: Desk) -> str:
    assert desk.user
    return reverse("billing:overview")


@page("billing:overview", "no household")
def _(desk: Desk) -> str:
    member = factories.member(responsible=False)
    desk.client.force_login(factories.user(member=member, language=desk.language))
    return reverse("billing:overview")


@page("billing:overview", "due and late")
def _(desk: Desk) -> str:
    desk.bill(), desk.bill(due_in_days=-5)
    return reverse("billing:overview")


@page("billing:overview", "paid, with a credit")
def _(desk: Desk) -> str:
    bill = desk.bill()
    factories.pay(bill.household, "P-000001", 3000)
    return reverse("billing:overview")


for _behaviour, _state in (("bank", "on its way"), ("bank_by_hand", "waits for the member")):

    @page("billing:overview", _state)
    def _(desk: Desk, behaviour: str = _behaviour) -> str:
        desk.paying.pay(method="bank", behaviour=behaviour)
        return reverse("billing:overview")

    @page("billing:bill", _state)
    def _(desk: Desk, behaviour: str = _behaviour) -> str:
        desk.paying.pay(method="bank", behaviour=behaviour)
        return bill_page(desk.paying.bill.reference)


@page("billing:overview", "disputed")
def _(desk: Desk) -> str:
    hint(desk.fake.open_dispute(desk.paying.pay().intent_id))
    return reverse("billing:overview")


@page("billing:bill", "due, after a dearer month")
def _(desk: Desk) -> str:
    desk.bill(due_in_days=-20, lines=[("Monthly premium", 3000), ("Late entry", -100)])
    return bill_page(desk.bill().reference)


@page("billing:bill", "late")
def _(desk: Desk) -> str:
    return bill_page(desk.bill(due_in_days=-5).reference)


@page("billing:bill", "paid")
def _(desk: Desk) -> str:
    desk.paying.pay()
    return bill_page(desk.paying.bill.reference)


@page("billing:bill", "paid in part and given back")
def _(desk: Desk) -> str:
    payment = desk.paying.pay(cents=1000)
    clerk = factories.user(is_staff=True)
    services.request_refund(payment=payment, amount_cents=500, reason="Paid twice", actor=clerk)
    return bill_page(desk.paying.bill.reference)


@page("billing:bill", "someone else's")
def _(desk: Desk) -> Ask:
    other = factories.bill(household=factories.household())
    assert desk.user
    return Ask(bill_page(other.reference), status=404)


@page("billing:cannot_pay")
def _(desk: Desk) -> str:
    assert desk.user
    return reverse("billing:cannot_pay")


@page("billing:statements", "none yet")
def _(desk: Desk) -> str:
    assert desk.user
    return reverse("billing:statements")


@page("billing:statements")
def _(desk: Desk) -> str:
    desk.bill(), desk.bill(due_in_days=-300)
    return reverse("billing:statements")


@page("billing:year")
def _(desk: Desk) -> str:
    return reverse("billing:year", args=[desk.bill().issued_on.year])

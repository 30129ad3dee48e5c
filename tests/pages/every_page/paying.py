"""The steps of a payment, and the page that follows it, in every state."""

from django.urls import reverse

from payments import services
from payments.gateway import port
from payments.models import Payment
from payments.services.outage import REFUSED, begin_outage
from tests import factories
from tests.pages.every_page.registry import Ask, Desk, page
from tests.payments.money_back import hint

LOST = port.OutcomeUnknown("no answer")


def at(name: str, payment: Payment) -> str:
    return reverse(f"payments:{name}", args=[payment.reference])


def begun(desk: Desk, method: str = "card", cents: int = 2400) -> Payment:
    """A payment without details."""
    household = desk.paying.household
    return services.start(user=desk.user, household=household, amount_cents=cents, method=method)


@page("payments:new")
def _(desk: Desk) -> str:
    desk.bill(), desk.bill(due_in_days=-5)
    return reverse("payments:new")


@page("payments:new", "empty")
def _(desk: Desk) -> Ask:
    desk.bill()
    return Ask(reverse("payments:new"), {"choice": ""})


@page("payments:new", "too much")
def _(desk: Desk) -> Ask:
    desk.bill()
    return Ask(reverse("payments:new"), {"choice": "other", "amount": "9999999", "method": "card"})


@page("payments:new", "no amount")
def _(desk: Desk) -> Ask:
    desk.bill()
    return Ask(reverse("payments:new"), {"choice": "other", "amount": "much", "method": "cash"})


@page("payments:new", "one bill of two")
def _(desk: Desk) -> str:
    desk.bill(due_in_days=40)
    return f"{reverse('payments:new')}?bill={desk.bill().reference}"


@page("payments:new", "pay ahead")
def _(desk: Desk) -> str:
    desk.paying.pay()
    return reverse("payments:new")


@page("payments:new", "a part is on its way")
def _(desk: Desk) -> str:
    desk.paying.pay(1000, "bank")
    return reverse("payments:new")


@page("payments:new", "all is on its way")
def _(desk: Desk) -> str:
    desk.paying.pay(method="bank")
    return reverse("payments:new")


@page("payments:new", "all waits for the member")
def _(desk: Desk) -> str:
    desk.paying.pay(method="bank", behaviour="bank_by_hand")
    return reverse("payments:new")


@page("payments:new", "outage")
def _(desk: Desk) -> Ask:
    desk.bill()
    begin_outage(REFUSED, call="create")
    return Ask(reverse("payments:new"), status=503)


for _method in ("card", "bank"):

    @page("payments:details", _method)
    def _(desk: Desk, method: str = _method) -> str:
        return at("details", begun(desk, method))

    @page("payments:review", _method)
    def _(desk: Desk, method: str = _method) -> str:
        return at("review", desk.paying.start(method=method))


@page("payments:details", "after too much time")
def _(desk: Desk) -> str:
    return at("details", begun(desk)) + "?again=expired"


@page("payments:details", "without scripting")
def _(desk: Desk) -> Ask:
    return Ask(at("details", begun(desk)), {"token": ""})


@page("payments:review", "money ahead")
def _(desk: Desk) -> str:
    desk.paying.pay()
    return at("review", desk.paying.start())


@page("payments:review", "out of date")
def _(desk: Desk) -> Ask:
    return Ask(at("review", desk.paying.start(method="bank")), {"shown": "x"}, 409)


for _method, _behaviour in (
    ("card", "card"),
    ("card", "card_declined"),
    ("card", "card_3ds"),
    ("bank", "bank"),
    ("bank", "bank_by_hand"),
    ("bank", "bank_by_hand_code"),
    ("bank", "bank_stuck"),
):

    @page("payments:status", _behaviour)
    def _(desk: Desk, method: str = _method, behaviour: str = _behaviour) -> str:
        return at("status", desk.paying.pay(method=method, behaviour=behaviour))


@page("payments:status", "no answer yet")
def _(desk: Desk) -> str:
    payment = desk.paying.start()
    desk.fake.fail_next("confirm", LOST, after_effect=True)
    desk.fake.fail_next("intent", LOST)
    return at("status", desk.paying.submit(payment))


@page("payments:status", "bank debit paid")
def _(desk: Desk) -> str:
    payment = desk.paying.pay(method="bank")
    desk.fake.settle(payment.intent_id)
    return at("status", services.resolve(payment))


@page("payments:status", "returned")
def _(desk: Desk) -> str:
    payment = desk.paying.pay(method="bank")
    desk.fake.settle(payment.intent_id)
    services.resolve(payment)
    hint(desk.fake.return_debit(payment.intent_id))
    return at("status", payment)


@page("payments:status", "canceled")
def _(desk: Desk) -> str:
    payment = desk.paying.pay(behaviour="card_3ds")
    desk.client.post(at("cancel", payment))
    return at("status", payment)


@page("payments:status", "refunded")
def _(desk: Desk) -> str:
    payment = desk.paying.pay()
    clerk = factories.user(is_staff=True)
    services.request_refund(payment=payment, amount_cents=2400, reason="Paid twice", actor=clerk)
    return at("status", payment)


@page("payments:status", "refunded in part, to a bank")
def _(desk: Desk) -> str:
    payment = desk.paying.pay(method="bank")
    desk.fake.settle(payment.intent_id)
    services.resolve(payment)
    clerk = factories.user(is_staff=True)
    services.request_refund(payment=payment, amount_cents=500, reason="Paid twice", actor=clerk)
    return at("status", payment)


@page("payments:status", "disputed")
def _(desk: Desk) -> str:
    payment = desk.paying.pay()
    hint(desk.fake.open_dispute(payment.intent_id))
    return at("status", payment)


for _behaviour in ("bank_by_hand", "bank_by_hand_code"):

    @page("payments:verify", _behaviour)
    def _(desk: Desk, behaviour: str = _behaviour) -> str:
        return at("verify", desk.paying.pay(method="bank", behaviour=behaviour))

    @page("payments:verify", f"{_behaviour}, empty")
    def _(desk: Desk, behaviour: str = _behaviour) -> Ask:
        return Ask(at("verify", desk.paying.pay(method="bank", behaviour=behaviour)), {})

    @page("payments:verify", f"{_behaviour}, wrong")
    def _(desk: Desk, behaviour: str = _behaviour) -> Ask:
        typed = {"first": "11", "second": "22", "code": "SM99ZZ"}
        return Ask(at("verify", desk.paying.pay(method="bank", behaviour=behaviour)), typed)


@page("payments:authorization")
def _(desk: Desk) -> str:
    return at("authorization", desk.paying.pay(method="bank"))


for _behaviour in ("card_3ds", "bank_stuck"):

    @page("payments:cancel", _behaviour)
    def _(desk: Desk, behaviour: str = _behaviour) -> str:
        return at("cancel", desk.paying.pay(method=behaviour.partition("_")[0], behaviour=behaviour))


def proof_code(desk: Desk) -> str:
    """The code that a member made for a payment."""
    return services.make_proof_code(desk.paying.pay(), actor=desk.user, address="192.0.2.7")


@page("payments:status", "with a code to prove it")
def _(desk: Desk) -> str:
    proof_code(desk)
    return at("status", Payment.objects.get())


@page("proof:type")
def _(desk: Desk) -> str:
    return reverse("proof:type")


@page("proof:type", "empty")
def _(desk: Desk) -> Ask:
    return Ask(reverse("proof:type"), {})


@page("proof:show")
def _(desk: Desk) -> str:
    return reverse("proof:show", args=[proof_code(desk)])


@page("proof:show", "no such code")
def _(desk: Desk) -> Ask:
    return Ask(reverse("proof:show", args=["ABCD-EFGH"]), status=404)

"""The list of payments, what is saved, and autopay."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from payments import services
from payments.models import AutopayDraw, SavedMethod
from portal.shared.business_days import add_business_days
from tests import factories
from tests.pages.every_page.registry import Ask, Desk, page


def saved(desk: Desk, behaviour: str = "card") -> SavedMethod:
    """Pay the first bill and save what it was paid with."""
    method = "bank" if behaviour.startswith("bank") else "card"
    payment = services.start(user=desk.user, household=desk.paying.household, amount_cents=2400, method=method)
    services.attach_token(payment=payment, token_id=desk.fake.new_token(behaviour), saves=True)
    payment = desk.paying.submit(payment)
    if payment.status != "paid":
        desk.fake.settle(payment.intent_id)
        services.refresh(payment, via="webhook")
    return SavedMethod.objects.latest("pk")


def enrolled(desk: Desk, limit: int | None = 6000):
    """Turn autopay on."""
    consented = services.Consented("I allow it.", "test", desk.language, "192.0.2.7", "a test")
    wish = services.Wish(saved(desk), 3, limit)
    return services.enroll(user=desk.user, household=desk.paying.household, wish=wish, consented=consented)


def draw(desk: Desk) -> AutopayDraw:
    """A draw that was announced."""
    enrolled(desk)
    due = add_business_days(timezone.localdate() + timedelta(days=30), 0)
    desk.bill(due_on=due, issued_on=timezone.localdate())
    services.run_autopay(timezone.localdate() + timedelta(days=18))
    return AutopayDraw.objects.get()


@page("payments:history", "none yet")
def _(desk: Desk) -> str:
    assert desk.user
    return reverse("payments:history")


@page("payments:history", "several")
def _(desk: Desk) -> str:
    desk.paying.pay(behaviour="card_declined")
    desk.paying.pay(1000)
    desk.paying.pay(1000, behaviour="card_3ds")
    return reverse("payments:history")


@page("payments:history", "none match")
def _(desk: Desk) -> str:
    desk.paying.pay()
    return reverse("payments:history") + "?state=returned&since=2020-01-01&until=2020-02-01"


@page("payments:history", "wrong dates")
def _(desk: Desk) -> str:
    desk.paying.pay()
    return reverse("payments:history") + "?state=x&since=x&until=x"


@page("payments:history", "dates the wrong way round")
def _(desk: Desk) -> str:
    assert desk.user
    return reverse("payments:history") + "?since=2026-02-01&until=2026-01-01"


@page("payments:methods", "nothing saved")
def _(desk: Desk) -> str:
    assert desk.user
    return reverse("payments:methods")


@page("payments:methods", "one with autopay, one that cannot be used")
def _(desk: Desk) -> str:
    enrolled(desk)
    desk.bill()
    SavedMethod.objects.filter(pk=saved(desk, "bank").pk).update(status="flagged", problem="returned")
    return reverse("payments:methods")


@page("payments:new", "with something saved")
def _(desk: Desk) -> str:
    saved(desk)
    desk.bill()
    return reverse("payments:new")


@page("payments:remove_method")
def _(desk: Desk) -> str:
    return reverse("payments:remove_method", args=[saved(desk).reference])


@page("payments:remove_method", "with autopay")
def _(desk: Desk) -> str:
    return reverse("payments:remove_method", args=[enrolled(desk).saved_method.reference])


@page("payments:autopay", "nothing saved")
def _(desk: Desk) -> str:
    assert desk.user
    return reverse("payments:autopay")


@page("payments:autopay", "off")
def _(desk: Desk) -> str:
    saved(desk)
    return reverse("payments:autopay")


@page("payments:autopay", "on, without a draw")
def _(desk: Desk) -> str:
    enrolled(desk, limit=None)
    return reverse("payments:autopay")


@page("payments:autopay", "on, with a draw")
def _(desk: Desk) -> str:
    draw(desk)
    return reverse("payments:autopay")


@page("payments:autopay", "ended before")
def _(desk: Desk) -> str:
    services.stop_autopay(enrolled(desk), "member")
    return reverse("payments:autopay")


@page("payments:autopay", "someone else's")
def _(desk: Desk) -> str:
    household = enrolled(desk).household
    other = factories.user(member=factories.member(household=household), language=desk.language)
    desk.client.force_login(other)
    return reverse("payments:autopay")


@page("payments:enroll")
def _(desk: Desk) -> str:
    saved(desk)
    return reverse("payments:enroll")


@page("payments:enroll", "empty")
def _(desk: Desk) -> Ask:
    saved(desk)
    return Ask(reverse("payments:enroll"), {"limit": "much"})


@page("payments:enroll", "check and agree")
def _(desk: Desk) -> Ask:
    reference = saved(desk).reference
    return Ask(reverse("payments:enroll"), {"method": reference, "saved": reference, "when": "3", "limit": "60"})


@page("payments:draw")
def _(desk: Desk) -> str:
    return reverse("payments:draw", args=[draw(desk).reference])


@page("payments:draw", "a day that is none")
def _(desk: Desk) -> Ask:
    return Ask(reverse("payments:draw", args=[draw(desk).reference]), {"do": "move", "day": "x"})


@page("payments:draw", "a day too late")
def _(desk: Desk) -> Ask:
    return Ask(reverse("payments:draw", args=[draw(desk).reference]), {"do": "move", "day": "2099-01-02"})


@page("payments:draw", "skipped")
def _(desk: Desk) -> str:
    one = draw(desk)
    services.skip(one)
    return reverse("payments:draw", args=[one.reference])

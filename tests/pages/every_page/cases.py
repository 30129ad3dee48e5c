"""Cases: reporting a problem, asking for help to pay, and what was said."""

from django.urls import reverse

from billing import services
from billing.models import Case
from tests import factories
from tests.pages.every_page.registry import Ask, Desk, page


def opened(desk: Desk, **facts: object) -> Case:
    """A case of the member."""
    desk.bill()
    return services.open_case(desk.user, **({"kind": "other", "text": "1234"} | facts))


@page("cases:list", "none yet")
def _(desk: Desk) -> str:
    assert desk.user
    return reverse("cases:list")


@page("cases:list")
def _(desk: Desk) -> str:
    opened(desk), opened(desk, kind="charge")
    return reverse("cases:list")


@page("cases:new")
def _(desk: Desk) -> str:
    assert desk.user
    return reverse("cases:new")


for _kind in ("charge", "person", "other"):

    @page("cases:report", _kind)
    def _(desk: Desk, kind: str = _kind) -> str:
        desk.bill()
        return reverse("cases:report", args=[kind])


@page("cases:report", "empty")
def _(desk: Desk) -> Ask:
    desk.bill()
    return Ask(reverse("cases:report", args=["charge"]), {})


@page("cases:case", "open")
def _(desk: Desk) -> str:
    return reverse("cases:case", args=[opened(desk).number])


@page("cases:case", "empty answer")
def _(desk: Desk) -> Ask:
    return Ask(reverse("cases:case", args=[opened(desk).number]), {})


for _status in ("answered", "closed"):

    @page("cases:case", _status)
    def _(desk: Desk, status: str = _status) -> str:
        case = opened(desk)
        services.reply_to_case(factories.user(is_staff=True), case, text="5678", status=status)
        return reverse("cases:case", args=[case.number])


for _name in ("ask_waiver", "ask_plan"):

    @page(f"billing:{_name}")
    def _(desk: Desk, name: str = _name) -> str:
        desk.bill()
        return reverse(f"billing:{name}")

    @page(f"billing:{_name}", "empty")
    def _(desk: Desk, name: str = _name) -> Ask:
        desk.bill()
        return Ask(reverse(f"billing:{name}"), {})


@page("billing:ask_plan", "nothing owed")
def _(desk: Desk) -> str:
    assert desk.user
    return reverse("billing:ask_plan")


@page("payments:missing")
def _(desk: Desk) -> str:
    desk.paying.pay(method="bank")
    return reverse("payments:missing")


@page("payments:missing", "empty")
def _(desk: Desk) -> Ask:
    desk.paying.pay(method="bank")
    return Ask(reverse("payments:missing"), {})

"""Two-step log-in, and the household's account entry by entry."""

from django.urls import reverse

from tests import factories
from tests.accounts.conftest import log_in, turn_on
from tests.pages.every_page.registry import Ask, Desk, page


@page("accounts:two_step_on")
def _(desk: Desk) -> str:
    assert desk.user
    return reverse("accounts:two_step_on")


@page("accounts:two_step_on", "empty")
def _(desk: Desk) -> Ask:
    assert desk.user
    return Ask(reverse("accounts:two_step_on"), {})


def between(desk: Desk) -> str:
    """Log in with the password of an account in two steps; return the address of the second."""
    assert desk.user
    turn_on(desk.client)
    desk.client.post(reverse("accounts:logout"))
    log_in(desk.client, desk.user.username, factories.PASSWORD)
    return reverse("accounts:login_code")


def turned_on(desk: Desk, name: str) -> str:
    """Turn two-step log-in on; return the address of a page of it."""
    assert desk.user
    turn_on(desk.client)
    return reverse(f"accounts:{name}")


for _name in ("two_step_off", "two_step_codes"):
    page(f"accounts:{_name}")(lambda desk, name=_name: turned_on(desk, name))
    page(f"accounts:{_name}", "empty")(lambda desk, name=_name: Ask(turned_on(desk, name), {}))


@page("accounts:login_code")
def _(desk: Desk) -> str:
    return between(desk)


@page("accounts:login_code", "empty")
def _(desk: Desk) -> Ask:
    return Ask(between(desk), {})


@page("payments:account")
def _(desk: Desk) -> str:
    desk.paying.pay()
    return reverse("payments:account")


@page("payments:account", "none match")
def _(desk: Desk) -> str:
    assert desk.user
    return reverse("payments:account") + "?year=1999&kind=x"


@page("payments:find")
def _(desk: Desk) -> str:
    assert desk.user
    return reverse("payments:find")


@page("payments:find", "no number")
def _(desk: Desk) -> str:
    assert desk.user
    return reverse("payments:find") + "?number=x"

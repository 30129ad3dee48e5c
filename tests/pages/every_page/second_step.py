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


@page("accounts:two_step_off")
def _(desk: Desk) -> str:
    assert desk.user
    turn_on(desk.client)
    return reverse("accounts:two_step_off")


@page("accounts:two_step_codes")
def _(desk: Desk) -> str:
    assert desk.user
    turn_on(desk.client)
    return reverse("accounts:two_step_codes")


@page("accounts:login_code")
def _(desk: Desk) -> str:
    assert desk.user
    turn_on(desk.client)
    desk.client.post(reverse("accounts:logout"))
    log_in(desk.client, desk.user.username, factories.PASSWORD)
    return reverse("accounts:login_code")


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

"""Registration, log-in and recovery."""

from datetime import date

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.tokens import confirmation_token
from portal.shared.throttle import LIMITS
from tests import factories
from tests.accounts.conftest import CONTACT, FACTS, LOGIN
from tests.pages.every_page.registry import Ask, Desk, page, plain

for _name in (
    *("register", "login", "password_forgot", "username_forgot", "email_resend"),
    "email_confirm_press",
):
    plain(f"accounts:{_name}")


def registrant() -> None:
    """Someone who can register with FACTS."""
    born = date(1970, 4, 27)
    factories.member(first_name="Testa", last_name="Beispiel", date_of_birth=born, masshealth_id="123400000042")


def step(desk: Desk, number: int) -> str:
    """Go through registration up to this step; return its address."""
    registrant()
    names = ["accounts:register", "accounts:register_contact", "accounts:register_login", "accounts:register_done"]
    for name, typed in zip(names[: number - 1], (FACTS, CONTACT, LOGIN), strict=False):
        desk.client.post(reverse(name), typed)
    return reverse(names[number - 1])


@page("accounts:register", "empty")
def _(desk: Desk) -> Ask:
    return Ask(reverse("accounts:register"), {})


@page("accounts:register", "not on the roster")
def _(desk: Desk) -> Ask:
    return Ask(reverse("accounts:register"), FACTS)


@page("accounts:register", "other digits in the date and the number")
def _(desk: Desk) -> Ask:
    return Ask(reverse("accounts:register"), FACTS | {"date_of_birth": "1870", "masshealth_id": "12"})


@page("accounts:register", "number of a Health Connector bill")
def _(desk: Desk) -> Ask:
    return Ask(reverse("accounts:register"), FACTS | {"masshealth_id": "712345678"})


@page("accounts:register", "too many tries")
def _(desk: Desk) -> Ask:
    for _ in range(LIMITS["register-id"].count):
        desk.client.post(reverse("accounts:register"), FACTS)
    return Ask(reverse("accounts:register"), FACTS, 429)


@page("accounts:register_contact")
def _(desk: Desk) -> str:
    return step(desk, 2)


@page("accounts:register_contact", "empty")
def _(desk: Desk) -> Ask:
    return Ask(step(desk, 2), {"state": ""})


@page("accounts:register_contact", "wrong")
def _(desk: Desk) -> Ask:
    return Ask(step(desk, 2), {"email": "x", "phone": "1", "zip_code": "1", "state": "MA", "city": "x" * 70})


@page("accounts:register_login")
def _(desk: Desk) -> str:
    return step(desk, 3)


@page("accounts:register_login", "empty")
def _(desk: Desk) -> Ask:
    return Ask(step(desk, 3), {})


@page("accounts:register_login", "taken name, guessed password")
def _(desk: Desk) -> Ask:
    factories.user(username="testab")
    return Ask(step(desk, 3), {"username": "TestaB", "password": "testabeispiel1970"})


@page("accounts:register_login", "short name and password")
def _(desk: Desk) -> Ask:
    return Ask(step(desk, 3), {"username": "x y", "password": "short"})


@page("accounts:register_done")
def _(desk: Desk) -> str:
    return step(desk, 4)


@page("accounts:email_confirm_press", "with a link that counts")
def _(desk: Desk) -> str:
    token = confirmation_token(factories.user(confirmed=False))
    desk.client.get(reverse("accounts:email_confirm", args=[token]))
    return reverse("accounts:email_confirm_press")


@page("accounts:login", "empty")
def _(desk: Desk) -> Ask:
    return Ask(reverse("accounts:login"), {})


@page("accounts:login", "session over")
def _(desk: Desk) -> str:
    return reverse("accounts:login") + "?ended=1&next=/bills/"


@page("accounts:login", "wrong password")
def _(desk: Desk) -> Ask:
    return Ask(reverse("accounts:login"), {"username": factories.user().username, "password": "something else"})


@page("accounts:login", "not confirmed")
def _(desk: Desk) -> Ask:
    name = factories.user(confirmed=False).username
    return Ask(reverse("accounts:login"), {"username": name, "password": factories.PASSWORD})


@page("accounts:login", "too many tries")
def _(desk: Desk) -> Ask:
    typed = {"username": "nobody", "password": "x"}
    for _ in range(LIMITS["login-unknown"].count + 1):
        desk.client.post(reverse("accounts:login"), typed)
    return Ask(reverse("accounts:login"), typed)


for _name, _typed in (
    ("password_forgot", {"username": "someone"}),
    ("username_forgot", {"email": "a@example.test"}),
    ("email_resend", {"email": "a@example.test"}),
):
    page(f"accounts:{_name}", "empty")(lambda desk, name=_name: Ask(reverse(f"accounts:{name}"), {}))
    page(f"accounts:{_name}", "sent")(lambda desk, name=_name, typed=_typed: Ask(reverse(f"accounts:{name}"), typed))


@page("accounts:password_forgot", "too many tries")
def _(desk: Desk) -> Ask:
    for number in range(LIMITS["recovery-address"].count):
        desk.client.post(reverse("accounts:password_forgot"), {"username": f"someone{number}"})
    return Ask(reverse("accounts:password_forgot"), {"username": "someone"}, 429)


def reset_link(desk: Desk) -> str:
    """Open the link of a forgotten password; return the address of its form."""
    user = factories.user()
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return desk.client.get(reverse("accounts:password_reset", args=[uid, token]))["Location"]


@page("accounts:password_reset")
def _(desk: Desk) -> str:
    return reset_link(desk)


@page("accounts:password_reset", "short password")
def _(desk: Desk) -> Ask:
    return Ask(reset_link(desk), {"password": "short"})


@page("accounts:password_reset", "old link")
def _(desk: Desk) -> str:
    return reverse("accounts:password_reset", args=["x", "y"])


@page("accounts:security")
def _(desk: Desk) -> str:
    assert desk.user
    return reverse("accounts:security")


@page("accounts:password_change")
def _(desk: Desk) -> str:
    assert desk.user
    return reverse("accounts:password_change")


@page("accounts:password_change", "wrong and short")
def _(desk: Desk) -> Ask:
    assert desk.user
    return Ask(reverse("accounts:password_change"), {"current_password": "something else", "password": "short"})


@page("accounts:password_change", "empty")
def _(desk: Desk) -> Ask:
    assert desk.user
    return Ask(reverse("accounts:password_change"), {})

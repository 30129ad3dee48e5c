"""A member's own details, and the ways to change them."""

from django.urls import reverse

from accounts import services
from accounts.models import ContactKind
from accounts.tokens import unsubscribe_token
from portal.shared.throttle import LIMITS
from tests import factories
from tests.pages.every_page.registry import Ask, Desk, page, plain

for _name in ("profile", "change_address", "change_reading", "change_email", "change_phone"):

    @page(f"accounts:{_name}")
    def _(desk: Desk, name: str = _name) -> str:
        assert desk.user
        return reverse(f"accounts:{name}")


for _name in ("change_address", "change_reading", "change_email", "change_phone"):

    @page(f"accounts:{_name}", "empty")
    def _(desk: Desk, name: str = _name) -> Ask:
        assert desk.user
        return Ask(reverse(f"accounts:{name}"), {"language": "xx"})


@page("accounts:change_email", "wrong password")
def _(desk: Desk) -> Ask:
    assert desk.user
    return Ask(reverse("accounts:change_email"), {"email": "new@example.test", "password": "something else"})


@page("accounts:profile", "a change waits")
def _(desk: Desk) -> str:
    services.ask_for_contact(user=desk.user, kind=ContactKind.EMAIL, value="new@example.test")
    return reverse("accounts:profile")


@page("accounts:prove_phone")
def _(desk: Desk) -> str:
    services.ask_for_contact(user=desk.user, kind=ContactKind.PHONE, value="+16175550123", is_mobile=True)
    return reverse("accounts:prove_phone")


@page("accounts:prove_phone", "wrong code")
def _(desk: Desk) -> Ask:
    services.ask_for_contact(user=desk.user, kind=ContactKind.PHONE, value="+16175550123", is_mobile=True)
    return Ask(reverse("accounts:prove_phone"), {"code": "000000"})


@page("accounts:contact_email_press", "old link")
def _(desk: Desk) -> str:
    desk.client.get(reverse("accounts:contact_email_confirm", args=["x"]))
    return reverse("accounts:contact_email_press")


@page("coverage")
def _(desk: Desk) -> str:
    assert desk.user
    return reverse("coverage")


@page("coverage", "too many numbers looked at")
def _(desk: Desk) -> Ask:
    person = desk.user.member.pk
    for _ in range(LIMITS["id-shown"].count):
        desk.client.post(reverse("coverage"), {"person": person})
    return Ask(reverse("coverage"), {"person": person}, 429)


for _name in ("password_by_text", "username_by_text"):
    plain(f"accounts:{_name}")
    page(f"accounts:{_name}", "empty")(lambda desk, name=_name: Ask(reverse(f"accounts:{name}"), {}))


def texted(desk: Desk) -> str:
    """Ask for a code by text; return the address where it is typed."""
    desk.client.post(reverse("accounts:password_by_text"), {"username": "someone", "phone": "617-555-0123"})
    return reverse("accounts:recovery_code")


@page("accounts:recovery_code")
def _(desk: Desk) -> str:
    return texted(desk)


@page("accounts:recovery_code", "empty")
def _(desk: Desk) -> Ask:
    return Ask(texted(desk), {})


@page("accounts:notifications")
def _(desk: Desk) -> str:
    assert desk.user
    return reverse("accounts:notifications")


@page("accounts:unsubscribe")
def _(desk: Desk) -> str:
    return reverse("accounts:unsubscribe", args=[unsubscribe_token(factories.user().pk)])


@page("accounts:unsubscribe", "done")
def _(desk: Desk) -> Ask:
    return Ask(reverse("accounts:unsubscribe", args=[unsubscribe_token(factories.user().pk)]), {})

"""The list to which each page adds its states, and what a state may use to come about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from billing.models import Bill
from payments.gateway import _made, gateway
from payments.gateway.fake import FakeGateway
from tests import factories
from tests.payments.steps import Paying


@dataclass(frozen=True)
class Ask:
    """What is asked for. With `data`, a form is sent to `path`; without, the page is opened."""

    path: str
    data: dict[str, str] | None = None
    status: int = 200


class Desk:
    """Where a state is prepared: a client whose cookies a browser can take over, and who sits in front of it."""

    def __init__(self, client: Client, language: str = "en") -> None:
        self.client = client
        self.client.raise_request_exception = False
        self.speaks(language)
        _made.cache_clear()

    def speaks(self, language: str) -> None:
        """Change to this language: the browser, and every account that there is."""
        self.language = language
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        User.objects.update(language=language)

    @property
    def fake(self) -> FakeGateway:
        """The gateway in memory, which the pages ask too."""
        return gateway()

    @cached_property
    def user(self) -> User:
        """A responsible member, logged in."""
        user = factories.user(language=self.language)
        self.client.force_login(user)
        return user

    def bill(self, *, due_in_days: int = 10, **fields: Any) -> Bill:
        """A bill of $24.00 for the member."""
        due = timezone.localdate() + timedelta(days=due_in_days)
        fields = {"due_on": due, "period": date(due.year, due.month, 1), "issued_on": due - timedelta(days=30)} | fields
        return factories.bill(household=self.user.member.household, **fields)

    @cached_property
    def paying(self) -> Paying:
        """The steps to pay a bill of $24.00."""
        return Paying(user=self.user, bill=self.bill(), fake=self.fake)


@dataclass(frozen=True)
class Page:
    """One page in one state. `prepare` makes the state and returns what is to be asked for."""

    url_name: str
    state: str
    prepare: Callable[[Desk], Ask | str]

    def __str__(self) -> str:
        return f"{self.url_name}: {self.state}" if self.state else self.url_name

    def ask(self, desk: Desk) -> Ask:
        """Make the state and return what is to be asked for."""
        asked = self.prepare(desk)
        return Ask(asked) if isinstance(asked, str) else asked


PAGES: list[Page] = []


def page(url_name: str, state: str = "") -> Callable[[Callable[[Desk], Ask | str]], Callable[[Desk], Ask | str]]:
    """Add a state of the page with this URL name; the function prepares it and returns its path, or an Ask."""

    def add(prepare: Callable[[Desk], Ask | str]) -> Callable[[Desk], Ask | str]:
        PAGES.append(Page(url_name, state, prepare))
        return prepare

    return add


def plain(url_name: str, state: str = "") -> None:
    """Add a page that anyone may open and that needs nothing."""
    page(url_name, state)(lambda desk: reverse(url_name))

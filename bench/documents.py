"""What a PDF costs: a statement of 20 lines and of 500, each beside its own bill page without PDF, in the same run."""

import statistics
import time
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from portal.shared.pdf import Document, compiled
from tests import factories
from tests.shared.test_pdf import letter

LINES = (20, 500)
ROUNDS = 25
MOST = {20: 1.0, 500: 6.0}  # times the bill page with as many lines, which is made of the same facts


def measure() -> int:
    """Print the figures; return how many limits were passed."""
    user = factories.user(username="benchdocuments")
    client = Client()
    client.force_login(user)
    print(f"\n{'document, warm':<28}{'bill page, ms':>16}{'setting, ms':>14}{'of page':>10}")
    wrong = 0
    for count in LINES:
        bill = factories.bill(household=user.member.household, lines=[(f"Premium {n}", 2400) for n in range(count)])
        document = letter(names=[f"Testa Beispiel {n}" for n in range(count)])
        page, setting = _milliseconds(
            lambda bill=bill: client.get(reverse("billing:bill", args=[bill.reference])),
            lambda document=document: _set_anew(document),
        )
        is_wrong = setting / page > MOST[count]
        wrong += is_wrong
        mark = " !" if is_wrong else ""
        name = f"statement of {count} lines"
        print(f"{name:<28}{page:>16.1f}{setting:>14.1f}{setting / page:>10.2f}{mark}")
    print(f"limit: setting takes at most {MOST[20]:g} and {MOST[500]:g} times the bill page.")
    return wrong


def _set_anew(document: Document) -> None:
    """Set it with another first line, so that nothing is kept from the last time but what is always the same."""
    lead = [f"Made at {time.perf_counter_ns()}"]
    compiled(Document(document.name, document.template, {**document.data, "lead": lead}))


def _milliseconds(*acts: Callable[[], object]) -> list[float]:
    """Return the median of each, taken in turn so that a busy moment falls on all of them."""
    times: list[list[float]] = [[] for _ in acts]
    for turn in range(ROUNDS + 1):
        for act, own in zip(acts, times, strict=True):
            start = time.perf_counter()
            act()
            if turn:  # the first is not warm
                own.append((time.perf_counter() - start) * 1000)
    return [statistics.median(own) for own in times]

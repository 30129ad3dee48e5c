"""Queries, bytes and time of each page, for members with 1, 12 and 120 bills."""

import gzip
import re
import statistics
import time
from datetime import date
from pathlib import Path

from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.payments import pay_by_card
from billing.models import Bill
from payments import services
from payments.models import Payment
from tests import factories

BILLS = (1, 12, 120)
MOST_QUERIES = 12
ROUNDS = 15


def measure() -> int:
    """Print a line a page; return how many pages pass a limit."""
    members = {count: _member_with(count) for count in BILLS}
    print(f"\n{'page':<28}{'queries at 1/12/120 bills':>28}{'bytes at 120':>14}{'gzip':>8}{'ms':>8}")
    wrong = 0
    for name in _pages(members[1]):
        queries = [_queries(client, _pages((client, user))[name]) for client, user in members.values()]
        client, user = members[BILLS[-1]]
        address = _pages((client, user))[name]
        body = client.get(address).content
        is_wrong = max(queries) > MOST_QUERIES or len(set(queries)) > 1
        wrong += is_wrong
        counts = " / ".join(map(str, queries)) + (" !" if is_wrong else "")
        print(f"{name:<28}{counts:>28}{len(body):>14,}{_packed(body):>8,}{_milliseconds(client, address):>8.1f}")
    _print_static(members[1][0])
    print(f"limit: {MOST_QUERIES} queries, the same at every count. Bytes travel as gzip.")
    return wrong


def _member_with(bills: int) -> tuple[Client, object]:
    user = factories.user(username=f"bench{bills}")
    household = user.member.household
    for back in range(bills):
        first = date(2026 - back // 12, 12 - back % 12, 1)
        factories.bill(household=household, period=first, issued_on=first, due_on=first.replace(day=28))
    for _ in range(bills):
        services.start(user=user, household=household, amount_cents=100, method="card")
    pay_by_card(user)  # the newest payment has its receipt
    client = Client()
    client.force_login(user)
    return client, user


def _pages(member: tuple[Client, object]) -> dict[str, str]:
    household = member[1].member.household
    bill = Bill.objects.filter(household=household).latest("due_on")
    payment = Payment.objects.filter(household=household).latest("pk")
    return {
        "overview": reverse("billing:overview"),
        "one bill": reverse("billing:bill", args=[bill.reference]),
        "I cannot pay this": reverse("billing:cannot_pay"),
        "what to pay": reverse("payments:new"),
        "status of a payment": reverse("payments:status", args=[payment.reference]),
        "history": reverse("payments:history"),
        "help": reverse("help"),
    }


def _queries(client: Client, address: str) -> int:
    client.get(address)  # what is loaded once a process is not the page's
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(address, follow=True)
    assert answer.status_code == 200, (address, answer.status_code)
    return len(seen)


def _milliseconds(client: Client, address: str) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def _packed(body: bytes) -> int:
    return len(gzip.compress(body, 6))


def _print_static(client: Client) -> None:
    """Print what the browser loads once beside the overview: its own style and scripts."""
    body = client.get(reverse("billing:overview")).content.decode()
    for address in sorted(set(re.findall(r'(?:href|src)="/static/([^"]+)"', body))):
        found = finders.find(address)
        if found:
            data = Path(found).read_bytes()
            print(f"  once: {address:<50}{len(data):>14,}{_packed(data):>8,}")

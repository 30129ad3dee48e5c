"""Queries, bytes and time of each page, for members with 2, 12 and 120 bills and as many payments."""

import statistics
import time
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from accounts.models import User
from bench import weight
from billing.models import Bill
from payments import services
from payments.gateway import gateway
from payments.models import Payment, SavedMethod
from portal.shared.models import TryCount
from tests import factories
from tests.payments.steps import Paying

BILLS = (2, 12, 120)
MOST_QUERIES = 12
ROUNDS = 15
NOT_PAGES = {"payments:returned", "payments:export", "payments:account_export", "payments:cancel_autopay"}
NOT_PAGES |= {"billing:statement", "billing:summary", "billing:archive"}
NOT_PAGES |= {"payments:receipt_pdf", "payments:authorization_pdf", "payments:agreement_pdf", "payments:prove"}
"""Files (bench/documents.py measures PDF), an address that only leads on, a button."""
WITH_AUTOPAY = {"payments:draw"}
"""Shown only to who has autopay, whom `payments:enroll` is not shown: not measured, and said so."""


@dataclass
class Member:
    """Someone with so many bills, so many paid payments, and a payment at every step that has a page."""

    user: User
    client: Client
    bill: Bill
    paid: Payment
    started: Payment
    by_bank: Payment
    waiting: Payment
    saved: SavedMethod

    @classmethod
    def with_bills(cls, count: int) -> "Member":
        user = factories.user(username=f"bench{count}")
        bills = [_bill(user, back) for back in range(count)]
        paying = Paying(user=user, bill=bills[0], fake=gateway())
        paid = [_paid_long_ago(paying) for _ in range(count)]
        by_bank = paying.pay(cents=100, method="bank")
        paying.fake.settle(by_bank.intent_id)
        services.resolve(by_bank)
        saving = services.start(user=user, household=paying.household, amount_cents=100, method="card")
        services.attach_token(payment=saving, token_id=paying.fake.new_token("card"), saves=True)
        paying.submit(saving)
        client = Client()
        client.force_login(user)
        return cls(
            user=user,
            client=client,
            bill=bills[0],
            paid=paid[-1],
            by_bank=by_bank,
            saved=SavedMethod.objects.get(user=user),
            started=paying.start(cents=100),
            waiting=paying.pay(cents=100, method="bank", behaviour="bank_by_hand"),
        )

    def pages(self) -> dict[str, str]:
        """Return the address of each page of a member, by the name that the URLs give it."""
        references = {
            "payments:details": self.started,
            "payments:review": self.started,
            "payments:status": self.paid,
            "payments:authorization": self.by_bank,
            "payments:verify": self.waiting,
            "payments:cancel": self.waiting,
        }
        plain = ("billing:overview", "billing:cannot_pay", "payments:new", "payments:history", "help")
        plain += (
            "payments:account",
            "payments:find",
            "billing:ask_waiver",
            "billing:ask_plan",
            "payments:missing",
            "billing:statements",
            "payments:methods",
            "payments:autopay",
            "payments:enroll",
        )
        return {
            **{name: reverse(name) for name in plain},
            "billing:bill": reverse("billing:bill", args=[self.bill.reference]),
            "billing:year": reverse("billing:year", args=[self.bill.period.year]),
            "payments:remove_method": reverse("payments:remove_method", args=[self.saved.reference]),
            **{name: reverse(name, args=[payment.reference]) for name, payment in references.items()},
        }


def measure() -> int:
    """Print a line a page; return how many pages pass a limit or are not measured."""
    members = {count: Member.with_bills(count) for count in BILLS}
    print(f"\n{'page':<28}{'queries at 2/12/120 bills':>28}{'bytes at 120':>14}{'wire':>8}{'ms':>8}")
    last = members[BILLS[-1]]
    wrong = 0
    for name, address in last.pages().items():
        queries = [queries_of(member.client, member.pages()[name]) for member in members.values()]
        body = last.client.get(address).content
        wire = weight.of_page(last.client, address)
        is_wrong = max(queries) > MOST_QUERIES or len(set(queries)) > 1 or wire > weight.LATER
        wrong += is_wrong
        counts = " / ".join(map(str, queries)) + (" !" if is_wrong else "")
        milliseconds = _milliseconds(last.client, address)
        print(f"{name:<28}{counts:>28}{len(body):>14,}{wire:>8,}{milliseconds:>8.1f}")
    wrong += _print_first_visit()
    print(f"limit: {MOST_QUERIES} queries, the same at every count. On the wire at most {weight.LATER:,} bytes.")
    print(f"not measured, of members with autopay: {', '.join(sorted(WITH_AUTOPAY))}")
    left_out = not_measured(last)
    for name in left_out:
        print(f"not measured: {name} !")
    return wrong + len(left_out)


def not_measured(member: Member) -> list[str]:
    """Return the pages of bills and payments that the URLs name and nobody measures."""
    resolvers = get_resolver().namespace_dict
    names = {f"{room}:{name}" for room in ("billing", "payments") for name in resolvers[room][1].reverse_dict}
    return sorted(name for name in names - set(member.pages()) - NOT_PAGES - WITH_AUTOPAY if " at 0x" not in name)


def queries_of(client: Client, address: str) -> int:
    """Return how many queries a page makes; it must be shown, not lead on to another.

    The fewest of three times: what is loaded once a process, and the note of activity now and then, are not its own.
    """
    counts = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        counts.append(len(seen))
    return min(counts)


def _paid_long_ago(paying: Paying) -> Payment:
    payment = paying.pay(cents=100)
    TryCount.objects.all().delete()  # the limits of an hour are not of years of payments
    return payment


def _bill(user: User, back: int) -> Bill:
    first = date(2026 - back // 12, 12 - back % 12, 1)
    return factories.bill(household=user.member.household, period=first, issued_on=first, due_on=first.replace(day=28))


def _milliseconds(client: Client, address: str) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def _print_first_visit() -> bool:
    """Print what home weighs for a browser that was never here, in each language; return whether one is too much."""
    visits = {code: weight.first_visit(_speaking(code), reverse("home")) for code, _name in settings.LANGUAGES}
    for name, size in visits["en"].items():
        print(f"  first visit: {name:<50}{size:>8,}")
    totals = {code: sum(parts.values()) for code, parts in visits.items()}
    for code, total in totals.items():
        whole = f"in all, in {code}"
        print(f"  first visit: {whole:<50}{total:>8,} of {weight.FIRST:,}" + (" !" if total > weight.FIRST else ""))
    return max(totals.values()) > weight.FIRST


def _speaking(language: str) -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client

"""A member with sixty of everything, and one with five hundred: each page asks as little and shows as much of both."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.models import ContactChange, LoginRecord, Member, SessionRecord, User
from bench.pages import Member as Someone
from bench.pages import queries_of
from billing import services as billing
from billing.models import Bill, BillLine, BillRevision, Case, CaseMessage, Credit
from payments.models import AutopayAgreement, AutopayDraw, AutopayEnrollment, Payment, PaymentEvent, SavedMethod
from tests import factories
from tests.pages.test_every_page import names

pytestmark = pytest.mark.django_db
FEW, MANY = 60, 500
WHOLE = {"billing:bill"}  # a bill shows all its lines, as on paper


@dataclass
class Having:
    """Someone who has so many of everything."""

    someone: Someone
    case: Case
    draw: AutopayDraw

    @property
    def client(self) -> Client:
        return self.someone.client

    def pages(self) -> dict[str, str]:
        """Return each page that this browser is shown, those of one bill, payment, case and draw among them."""
        found = self.someone.pages() | {"cases:case": reverse("cases:case", args=[self.case.number])}
        found |= plain_pages(self.client)
        del found["payments:enroll"]  # not shown to who has autopay: tests/payments/test_many_saved_methods.py
        found["payments:draw"] = reverse("payments:draw", args=[self.draw.reference])
        return found


def plain_pages(client: Client) -> dict[str, str]:
    """Return each page that this browser is shown whose address has no number in it."""
    found = {}
    for name in sorted(set(names(get_resolver().url_patterns))):
        try:
            answer = client.get(reverse(name))
        except NoReverseMatch:
            continue
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            found[name] = reverse(name)
    return found


def having(count: int) -> Having:
    """Return someone who has so many of everything, draws of autopay that are to come among them."""
    someone = Someone.with_bills(2)
    User.objects.filter(pk=someone.user.pk).update(username=f"has{count}")
    bills = _bills(someone, count)
    _payments(someone, bills)
    _people_and_devices(someone, count)
    cards = SavedMethod.objects.bulk_create(
        SavedMethod(user=someone.user, gateway_id=f"pm_{someone.user.pk}_{n}", method="card", last4=f"{n:04}")
        for n in range(count)
    )
    return Having(someone, _cases(someone, bills), _drawn(someone, cards[0], bills))


def _bills(someone: Someone, count: int) -> list[Bill]:
    """Make bills of one year, each with a line, and give the first one that there is as many lines."""
    household, today = someone.user.member.household, timezone.localdate()
    bills = Bill.objects.bulk_create(
        Bill(
            household=household,
            number=f"M{household.pk}-{n}",
            period=date(2026, 1 + n % 12, 1),
            issued_on=today - timedelta(days=40),
            due_on=today + timedelta(days=n % 30),
            total_cents=2400,
        )
        for n in range(count)
    )
    facts = {"number": 1, "issued_on": today, "due_on": today, "total_cents": 2400}
    revisions = BillRevision.objects.bulk_create(BillRevision(bill=bill, period=bill.period, **facts) for bill in bills)
    line = {"description": "Premium", "amount_cents": 2400, "member": someone.user.member}
    BillLine.objects.bulk_create(BillLine(revision=one, position=1, **line) for one in revisions)
    long = someone.bill.revisions.get()
    BillLine.objects.bulk_create(BillLine(revision=long, position=n, **line) for n in range(2, count))
    return bills


def _payments(someone: Someone, bills: list[Bill]) -> None:
    """Make a payment that was canceled for each bill, and put money on every second one."""
    user, household, now = someone.user, someone.user.member.household, timezone.now()
    facts = {"household": household, "payer": user, "amount_cents": 100, "method": "card", "status": "canceled"}
    payments = Payment.objects.bulk_create(Payment(submitted_at=now, ended_at=now, **facts) for _ in bills)
    for before, after in (("", "started"), ("started", "canceled")):
        PaymentEvent.objects.bulk_create(
            PaymentEvent(payment=payment, from_status=before, to_status=after, via="sweep") for payment in payments
        )
    facts = {"household": household, "amount_cents": 100, "status": "settled"}
    Credit.objects.bulk_create(Credit(source=f"S{bill.pk}", bill=bill, **facts) for bill in bills[: len(bills) // 2])


def _people_and_devices(someone: Someone, count: int) -> None:
    user, household, base = someone.user, someone.user.member.household, 700_000_000_000 + someone.user.pk * 1000
    facts = {"first_name": "Testa", "last_name": "Beispiel", "search_name": "testa beispiel", "responsible": False}
    facts |= {"household": household, "date_of_birth": date(1970, 1, 2)}
    Member.objects.bulk_create(Member(masshealth_id=f"{base + n}", **facts) for n in range(count))
    LoginRecord.objects.bulk_create(LoginRecord(user=user, succeeded=False) for _ in range(count))
    SessionRecord.objects.bulk_create(SessionRecord(user=user, key_hash=f"{base + n}") for n in range(count))
    change = {"kind": "language", "old": {"language": "en"}, "new": {"language": "es"}, "asked_at": timezone.now()}
    ContactChange.objects.bulk_create(ContactChange(user=user, **change) for _ in range(count))


def _cases(someone: Someone, bills: list[Bill]) -> Case:
    """Make as many cases as bills, and return one that is about them all and in which as much was said."""
    user, household = someone.user, someone.user.member.household
    case = billing.open_case(user, kind="charge", text="Hello", about=billing.About(bills=bills))
    Case.objects.bulk_create(Case(household=household, opened_by=user, kind="other") for _ in bills)
    said = {"case": case, "author": user, "is_staff": False, "text": "More"}
    CaseMessage.objects.bulk_create(CaseMessage(**said) for _ in bills)
    return case


def _drawn(someone: Someone, card: SavedMethod, bills: list[Bill]) -> AutopayDraw:
    """Turn autopay on, with a draw that is to come for each bill."""
    enrollment = AutopayEnrollment.objects.create(
        user=someone.user, household=someone.user.member.household, saved_method=card
    )
    AutopayAgreement.objects.create(
        enrollment=enrollment, text="I agree.", version="test", language="en", accepted_at=timezone.now()
    )
    day = timezone.localdate() + timedelta(days=5)
    draws = AutopayDraw.objects.bulk_create(
        AutopayDraw(enrollment=enrollment, bill=bill, amount_cents=2400, draw_on=day) for bill in bills
    )
    return draws[0]


def test_no_page_asks_or_shows_more_of_five_hundred_than_of_sixty():
    few = having(FEW)
    sizes = {name: len(few.client.get(address).content) for name, address in few.pages().items()}
    many = having(MANY)
    queries, grown = {}, {}
    for name, address in many.pages().items():
        queries[name] = queries_of(many.client, address)
        size = len(many.client.get(address).content)
        if name not in WHOLE and size > sizes[name] * 1.1:
            grown[name] = (sizes[name], size)
    assert grown == {}
    assert {name: count for name, count in queries.items() if count > 12} == {}
    assert len(queries) > 40
    assert _references_on_all_pages(many.client) == sorted(
        AutopayDraw.objects.filter(enrollment__user=many.someone.user).values_list("reference", flat=True)
    )


def _references_on_all_pages(client: Client) -> list[str]:
    """Return the number of every coming draw, as often as a page names it."""
    seen, query = [], "?after="
    while query:
        page = client.get(reverse("payments:autopay") + query)
        seen += [draw.reference for draw in page.context["draws"]]
        query = page.context["later_url"]
    return sorted(seen)


def test_a_case_about_many_bills_names_the_first_and_says_how_many_more():
    some = having(FEW)
    page = " ".join(
        strip_tags(some.client.get(reverse("cases:case", args=[some.case.number])).content.decode()).split()
    )
    assert "Bills48 more" in page


def test_staff_see_a_case_of_five_hundred_messages_in_few_queries(client):
    user = factories.user()
    case = billing.open_case(user, kind="charge", text="Hello")
    CaseMessage.objects.bulk_create(
        CaseMessage(case=case, author=user, is_staff=False, text="More") for _ in range(MANY)
    )
    client.force_login(factories.user(is_staff=True, is_superuser=True))
    assert queries_of(client, f"/admin/billing/case/{case.pk}/change/") <= 12

"""The account, entry by entry: it ends, to the cent, at what the overview says is owed."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import Household
from billing import selectors as bills
from billing.models import Bill, BillRevision
from billing.services import import_adjustments, take_up
from billing.services.adjustments import HEADER
from payments import services, statements
from payments.models import Posting
from tests import factories
from tests.payments.money_back import ask, hint
from tests.payments.steps import pay, text_of

ACCOUNT, EXPORT, FIND = "/payments/account/", "/payments/account/export.csv", "/payments/find/"


def adjust(folder: Path, bill: Bill, *rows: str) -> None:
    """Take in adjustments of one bill: each 'kind,reason,amount'."""
    lines = [",".join(HEADER)]
    for kind, reason, amount in (row.split(",") for row in rows):
        lines.append(f"A-{kind}-{amount},{bill.number},,{kind},{reason},{amount},2026-11-05")
    path = folder / "adjustments.csv"
    path.write_text("\n".join(lines) + "\n")
    report = import_adjustments(path=path)
    assert report.refused == []


def told(household: Household) -> list[tuple[str, int, int]]:
    """Return the entries, oldest first: kind, cents, balance; and see that the last balance is what is owed."""
    entries = statements.entries_for(household)[::-1]
    money, aside = bills.account_for(household), bills.aside_cents_for(household)
    should = money.owed_cents + aside.held_cents + aside.disputed_cents - money.unplaced_cents
    assert (entries[-1].balance_cents if entries else 0) == sum(statements.years_for(household).values()) == should
    return [(entry.kind, entry.cents, entry.balance_cents) for entry in entries]


EARLY = "2000-01-01T00:00:00+00:00"
BILL = ("bill", 2400, 2400)
PAYMENT = ("payment", -2400, 0)


def test_a_bill_and_its_payment(paying, paid):
    assert told(paying.household) == [BILL, PAYMENT]


def test_money_on_its_way_changes_no_balance_before_it_is_paid(paying):
    payment = paying.pay(method="bank")
    assert told(paying.household) == [BILL]
    assert bills.account_for(paying.household).owed_cents == 0
    assert bills.aside_cents_for(paying.household).held_cents == 2400
    paying.fake.settle(payment.intent_id)
    services.resolve(payment)
    assert told(paying.household) == [BILL, PAYMENT]


def test_a_declined_payment_is_no_entry(paying):
    paying.pay(behaviour="card_declined")
    assert told(paying.household) == [BILL]


def test_a_return_is_charged_again(paying, debit):
    hint(paying.fake.return_debit(debit.intent_id), "charge.dispute.created")
    assert told(paying.household)[-1] == ("return", 2400, 2400)


def test_a_refund_is_charged_again_and_one_that_failed_is_not(paying, paid, clerk):
    refund = ask(paid, clerk, cents=1000)
    assert told(paying.household) == [BILL, PAYMENT, ("refund", 1000, 1000)]
    paying.fake.fail_refund(refund.gateway_id)
    hint(refund.gateway_id)
    assert told(paying.household)[-1] == ("refund", -1000, 0)


def test_a_dispute_is_neither_paid_nor_to_be_paid_until_it_is_decided(paying, paid):
    dispute = paying.fake.open_dispute(paid.intent_id)
    hint(dispute)
    assert told(paying.household) == [BILL, PAYMENT, ("dispute", 2400, 2400)]
    assert bills.account_for(paying.household).owed_cents == 0
    paying.fake.close_dispute(dispute, won=True)
    hint(dispute)
    assert told(paying.household)[-1] == ("dispute", -2400, 0)


def test_a_dispute_that_is_lost_adds_nothing_more(paying, paid):
    dispute = paying.fake.open_dispute(paid.intent_id)
    hint(dispute)
    paying.fake.close_dispute(dispute, won=False)
    hint(dispute)
    assert told(paying.household) == [BILL, PAYMENT, ("dispute", 2400, 2400)]
    assert bills.account_for(paying.household).owed_cents == 2400


def test_credit_that_the_next_bill_takes_up_moves_no_balance_by_itself(paying):
    paying.pay(cents=3000)
    assert told(paying.household) == [BILL, ("payment", -3000, -600)]
    bill = factories.bill(
        household=paying.household, issued_on=timezone.localdate() + timedelta(1), due_on=date(2027, 1, 1)
    )
    take_up(household=paying.household)
    assert told(paying.household)[-1] == ("bill", 2400, 1800)
    assert bills.bill_for(paying.household, bill.number).payable_cents == 1800


def test_adjustments_are_entries_of_their_own_and_the_revision_counts_nothing_twice(paying, paid, tmp_path):
    adjust(tmp_path, paying.bill, "waiver,Hardship,-5.00", "correction,Left out,3.00", "write_off,Old,-1.00")
    adjusted = [("waiver", -500, 1900), ("correction", 300, 2200), ("write_off", -100, 2100)]
    assert told(paying.household) == [BILL, *adjusted, ("payment", -2400, -300)]  # the test is one transaction


def test_a_bill_that_the_agency_changed_is_an_entry_of_the_difference(paying):
    bill = paying.bill
    Bill.objects.filter(pk=bill.pk).update(total_cents=2000, revision=2)
    facts = {"period": bill.period, "issued_on": bill.issued_on, "due_on": bill.due_on}
    BillRevision.objects.create(bill=bill, number=2, total_cents=2000, **facts)
    BillRevision.objects.create(bill=bill, number=3, total_cents=2000, **facts)
    assert told(paying.household) == [BILL, ("change", -400, 2000)]


def test_another_households_entries_are_not_ours(paying, paid):
    assert told(factories.household()) == []


def test_each_entry_is_on_its_day(paying, paid):
    bill, payment = statements.entries_for(paying.household)[::-1]
    assert bill.day_on == date(2026, 11, 1)
    assert payment.day_on == Posting.objects.get().day_on


# --- the page ---------------------------------------------------------------------------------------------------------
def paid_by_member(client):
    payment, _page = pay(client)
    payment.refresh_from_db()
    return payment


def test_the_page_tells_entries_and_what_the_balance_is_made_of(at_pay):
    payment = paid_by_member(at_pay)
    factories.bill(household=at_pay.user.member.household, period=date(2026, 12, 1), due_on=date(2027, 1, 1))
    text = text_of(at_pay.get(ACCOUNT))
    assert "Left to pay $24.00" in text
    assert "Balance today $24.00" in text
    assert "Bill for November 2026 $24.00" in text
    assert f"Payment {payment.reference[:4]}-{payment.reference[4:8]}-{payment.reference[8:]} -$24.00 $" in text


def test_money_on_its_way_is_shown_as_such(paying, client):
    client.force_login(paying.user)
    paying.pay(method="bank")
    text = text_of(client.get(ACCOUNT))
    assert "Left to pay $0.00 On its way to your bills $24.00 Balance today $24.00" in text


def test_an_empty_account_says_so(member_client):
    text = text_of(member_client.get(ACCOUNT))
    assert "No entries yet" in text
    assert "Balance today $0.00" in text


def test_year_and_kind_narrow_the_list_and_change_no_balance(at_pay):
    paid_by_member(at_pay)
    household = at_pay.user.member.household
    factories.bill(household=household, period=date(2025, 3, 1), issued_on=date(2025, 3, 1), due_on=date(2025, 4, 1))
    text = text_of(at_pay.get(ACCOUNT, {"year": "2025", "kind": "charges"}))
    assert "Bill for March 2025 $24.00 $24.00" in text
    assert "November 2026" not in text
    assert "No entries match" in text_of(at_pay.get(ACCOUNT, {"year": "2025", "kind": "payments"}))
    assert "Bill for November 2026 $24.00 $48.00" in text_of(at_pay.get(ACCOUNT, {"kind": "charges"}))


@pytest.mark.parametrize(
    ("query", "said"), [({"year": "1999"}, "Choose a year from the list."), ({"kind": "x"}, "Choose a kind")]
)
def test_a_choice_that_is_none_is_said_so_and_shows_all(at_pay, query, said):
    text = text_of(at_pay.get(ACCOUNT, query))
    assert said in text
    assert "Bill for November 2026" in text


def change(bill, times):
    """Raise a bill by one cent so many times, twice at each moment."""
    begin = datetime(2026, 11, 2, tzinfo=UTC)
    facts = {"bill": bill, "period": bill.period, "issued_on": bill.issued_on, "due_on": bill.due_on}
    BillRevision.objects.bulk_create(
        BillRevision(number=n + 1, total_cents=2400 + n, imported_at=begin + timedelta(minutes=n // 2), **facts)
        for n in range(1, times + 1)
    )
    Bill.objects.filter(pk=bill.pk).update(total_cents=2400 + times, revision=times + 1)


def test_five_hundred_entries_have_pages_that_lose_nothing_in_few_queries(at_pay, django_assert_max_num_queries):
    change(at_pay.bill, 500)
    balances, query = [], ""
    with django_assert_max_num_queries(9):
        at_pay.get(ACCOUNT)
    while True:
        response = at_pay.get(ACCOUNT + query)
        balances += [row["balance"] for row in response.context["rows"]]
        query = response.context["older_url"]
        if not query:
            break
    assert len(balances) == len(set(balances)) == 501
    assert (balances[-1], balances[0]) == ("$24.00", "$29.00")


@pytest.mark.parametrize(
    "before",
    ["x", "~~", "2026-01-01~1~1", "2026-01-01T00:00:00+00:00~9~1", "\x00", "2026-01-01T00:00:00+00:00~1~" + "9" * 30],
)
def test_an_odd_page_address_begins_at_the_newest(at_pay, before):
    assert "Bill for November 2026" in text_of(at_pay.get(ACCOUNT, {"before": before}))


def test_the_file_has_every_entry_and_runs_nothing(at_pay, tmp_path):
    payment = paid_by_member(at_pay)
    bill = at_pay.bill
    Bill.objects.filter(pk=bill.pk).update(number="=1+1")
    bill.refresh_from_db()
    adjust(tmp_path, bill, "waiver,=HYPERLINK(0),-5.00")
    response = at_pay.get(EXPORT)
    assert response["Content-Disposition"].startswith('attachment; filename="account-')
    header, *rows = csv.reader(io.StringIO(response.content.decode()))
    assert header == ["Date", "What", "Number", "Amount in dollars", "Balance in dollars"]
    assert [row[2:] for row in rows] == [
        [f"{payment.reference[:4]}-{payment.reference[4:8]}-{payment.reference[8:]}", "-24.00", "-5.00"],
        ["'=1+1", "-5.00", "19.00"],
        ["'=1+1", "24.00", "24.00"],
    ]
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_the_file_is_narrowed_like_the_list(at_pay):
    paid_by_member(at_pay)
    rows = list(csv.reader(io.StringIO(at_pay.get(EXPORT, {"kind": "charges"}).content.decode())))
    assert len(rows) == 2


# --- one payment by its number ----------------------------------------------------------------------------------------
def test_a_payment_is_found_by_its_confirmation_number_however_it_is_typed(at_pay):
    payment = paid_by_member(at_pay)
    typed = f" {payment.reference[:4].lower()} {payment.reference[4:]} "
    assert at_pay.get(FIND, {"number": typed})["Location"] == f"/payments/{payment.reference}/"


def test_somebody_elses_number_is_not_found(at_pay, paying, paid):
    page = at_pay.get(FIND, {"number": paid.reference})
    assert page.status_code == 200
    assert "We found no payment of your household with this number." in text_of(page)
    assert f'value="{paid.reference}"' in page.content.decode()


@pytest.mark.parametrize("typed", ["ABCD", "A" * 41, "<b>", "\x00"])
def test_what_is_no_number_is_said_so_and_stays(at_pay, typed):
    page = at_pay.get(FIND, {"number": typed})
    assert page.status_code == 200
    assert "There is a problem" in text_of(page)


def test_the_payments_page_leads_here_and_staff_find_nothing(at_pay, client, clerk):
    page = at_pay.get("/payments/").content.decode()
    assert f'href="{ACCOUNT}"' in page
    assert f'href="{FIND}"' in page
    client.force_login(clerk)
    for path in (ACCOUNT, EXPORT, FIND):
        assert "Bill for" not in client.get(path).content.decode()


def test_a_bill_issued_at_night_counts_on_its_day_in_massachusetts(paying):
    (entry,) = statements.entries_for(paying.household)
    assert entry.at == datetime(2026, 11, 1, 4, tzinfo=UTC)
